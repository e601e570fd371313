import { useCallback, useState } from "react";

import { AskAgain } from "../../app/AskAgain";
import { Loading } from "../../app/Loading";
import { Problem } from "../../app/Problem";
import { Transaction } from "../../chain/Transaction";
import type { NamedAsset } from "../../data/chain";
import { useAsked } from "../../data/useAsked";
import { Button } from "../../design/Button";
import { Money } from "../../design/Money";
import { Panel } from "../../design/Panel";
import { Table } from "../../design/Table";
import { Tag } from "../../design/Tag";
import { showCount } from "../../format/number";
import { common } from "../../i18n/common";
import { useLanguage, useMessages } from "../../i18n/language";
import { operatorTexts } from "../messages";
import { When } from "../parts/When";
import { useOperator } from "../session/Operator";
import { proofsTexts } from "./messages";

const TONES = { sent: "warn", final: "good", failed: "bad" } as const;

/** What was published of one asset, newest first, and the way to publish it now. */
export function PublicationsOf({ asset }: { readonly asset: NamedAsset }) {
  const t = useMessages(proofsTexts);
  const c = useMessages(common);
  const { previous, next } = useMessages(operatorTexts);
  const { locale } = useLanguage();
  const { operator, system, may } = useOperator();
  const { address } = system;
  const { token, symbol } = asset;
  const [before, setBefore] = useState<bigint>();
  const ask = useCallback(
    () => operator.publications({ system: address, token, ...(before !== undefined && { before }) }),
    [operator, address, token, before],
  );
  const { value, error, askAgain } = useAsked(ask, before === undefined ? 3_000 : 0);
  const publish = async (): Promise<void> => {
    await operator.publish({ system: address, token });
    setBefore(undefined);
    askAgain();
  };
  return (
    <Panel
      title={symbol}
      aside={
        may("publish") &&
        value?.anchor != null && <AskAgain label={t.publish} says={t.publishSays(symbol)} kind="plain" act={publish} />
      }
    >
      {error !== undefined && <Problem of={error} onRetry={askAgain} />}
      {value === undefined && error === undefined && <Loading />}
      {value !== undefined && (
        <>
          <Table
            label={`${t.title}: ${symbol}`}
            rows={value.data}
            keyOf={({ statement }) => String(statement.period)}
            empty={value.anchor === null ? t.noAnchor : t.none}
            columns={[
              { title: t.period, cell: ({ statement }) => showCount(statement.period, locale) },
              { title: c.time, cell: ({ time }) => <When at={time} /> },
              { title: t.accounts, isNumber: true, cell: ({ channels }) => showCount(channels, locale) },
              {
                title: t.total,
                isNumber: true,
                cell: ({ statement }) => <Money amount={statement.total} of={asset} short />,
              },
              { title: c.state, cell: ({ status }) => <Tag tone={TONES[status]}>{t.statuses[status]}</Tag> },
              {
                title: t.transactions,
                cell: ({ transactions: { anchored, recorded } }) => (
                  <span className="row">
                    {[...new Set([anchored, recorded])].map(
                      (one) => one !== null && <Transaction key={one} of={one} short />,
                    )}
                  </span>
                ),
              },
            ]}
          />
          {(before !== undefined || value.hasMore) && (
            <div className="row spread">
              <Button disabled={before === undefined} onClick={() => setBefore(undefined)}>
                {previous}
              </Button>
              <Button disabled={!value.hasMore} onClick={() => setBefore(value.data.at(-1)?.statement.period)}>
                {next}
              </Button>
            </div>
          )}
        </>
      )}
    </Panel>
  );
}
