import { useCallback } from "react";

import { Loading } from "../app/Loading";
import { Problem } from "../app/Problem";
import { Explorer } from "../chain/explorer";
import { Transaction } from "../chain/Transaction";
import { anyone } from "../data/service";
import { useAsked } from "../data/useAsked";
import type { Service } from "../data/useService";
import { Money } from "../design/Money";
import { Panel } from "../design/Panel";
import { Table } from "../design/Table";
import { showTime } from "../format/time";
import { common } from "../i18n/common";
import { useLanguage, useMessages } from "../i18n/language";
import { serviceTexts } from "./messages";

/** What was published last of what is owed, asset by asset, and where all of it is; looked at again with what it is of. */
export function LatestProofs({ of: { assets, explorer } }: { readonly of: Service }) {
  const t = useMessages(serviceTexts);
  const c = useMessages(common);
  const { locale } = useLanguage();
  const ask = useCallback(async () => {
    const rows = assets.map(async (asset) => {
      const { system, token } = asset;
      const [latest] = (await anyone.publications({ system, token })).data;
      return latest === undefined ? [] : [{ asset, ...latest }];
    });
    return (await Promise.all(rows)).flat();
  }, [assets]);
  const { value, error, askAgain } = useAsked(ask);
  return (
    <Panel title={t.proofs} aside={<a href="/proofs">{t.allProofs}</a>}>
      <p className="muted">{t.proofsHint}</p>
      {error !== undefined && <Problem of={error} onRetry={askAgain} />}
      {value === undefined && error === undefined && <Loading />}
      {value !== undefined && (
        <Explorer value={explorer}>
          <Table
            label={t.proofs}
            rows={value}
            keyOf={({ asset }) => `${asset.system}${asset.token}`}
            empty={t.noProofs}
            columns={[
              { title: c.asset, cell: ({ asset }) => <strong>{asset.symbol}</strong> },
              { title: c.time, cell: ({ time }) => <span className="muted">{showTime(time, locale)}</span> },
              {
                title: t.owed,
                isNumber: true,
                cell: ({ asset, statement }) => <Money amount={statement.total} of={asset} short />,
              },
              {
                title: t.anchored,
                cell: ({ transactions: { anchored } }) =>
                  anchored === null ? t.onItsWay : <Transaction of={anchored} short />,
              },
            ]}
          />
        </Explorer>
      )}
    </Panel>
  );
}
