import { useState } from "react";

import type { Address } from "../../../../src/protocol";
import { Button } from "../../design/Button";
import { Money } from "../../design/Money";
import { Panel } from "../../design/Panel";
import { Table } from "../../design/Table";
import { Tag } from "../../design/Tag";
import { showRate } from "../../format/rate";
import { common } from "../../i18n/common";
import { useLanguage, useMessages } from "../../i18n/language";
import { serviceTexts } from "../../public/messages";
import { useOperator } from "../session/Operator";
import { AddAsset } from "./AddAsset";
import { ManageAsset } from "./ManageAsset";
import { assetsTexts } from "./messages";

/** What accounts are kept in, and on what terms. */
export function Assets() {
  const t = useMessages(assetsTexts);
  const { backings } = useMessages(serviceTexts);
  const { asset } = useMessages(common);
  const { locale } = useLanguage();
  const { assets, may } = useOperator();
  const [chosen, setChosen] = useState<Address>();
  const managed = assets.find(({ token }) => token === chosen);
  return (
    <>
      <div>
        <h1>{t.title}</h1>
        <p className="muted">{t.lead}</p>
      </div>
      <Panel>
        <Table
          label={t.title}
          rows={assets}
          keyOf={({ token }) => token}
          empty={t.none}
          columns={[
            { title: asset, cell: ({ symbol }) => <strong>{symbol}</strong> },
            { title: t.backing, cell: ({ settings }) => backings[settings.backing][0] },
            { title: t.owed, isNumber: true, cell: (one) => <Money amount={one.liabilities} of={one} short /> },
            {
              title: t.limit,
              isNumber: true,
              cell: (one) =>
                one.settings.backing === "collateral" ? "–" : <Money amount={one.limit} of={one} short />,
            },
            { title: t.transferFee, cell: (one) => showRate(one.fees.transfer, one, locale) ?? t.free },
            {
              title: t.crediting,
              cell: ({ paused }) => (
                <Tag tone={paused === null ? "good" : "warn"}>{paused === null ? t.goesOn : t.paused[paused]}</Tag>
              ),
            },
            {
              title: t.manage,
              isNumber: true,
              cell: ({ token }) => (
                <Button kind="quiet" onClick={() => setChosen(token)}>
                  {t.manage}
                </Button>
              ),
            },
          ]}
        />
      </Panel>
      {managed !== undefined && <ManageAsset key={managed.token} asset={managed} />}
      {may("addAsset") && <AddAsset />}
    </>
  );
}
