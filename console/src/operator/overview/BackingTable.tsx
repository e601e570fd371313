import { Meter } from "../../design/Meter";
import { Money } from "../../design/Money";
import { Panel } from "../../design/Panel";
import { Table } from "../../design/Table";
import { common } from "../../i18n/common";
import { useLanguage, useMessages } from "../../i18n/language";
import { serviceTexts } from "../../public/messages";
import { useOperator } from "../session/Operator";
import { overviewTexts } from "./messages";

/** What is owed in each asset, beside what its backing allows. */
export function BackingTable() {
  const t = useMessages(overviewTexts);
  const { backings, backing } = useMessages(serviceTexts);
  const { asset } = useMessages(common);
  const { locale } = useLanguage();
  const { assets } = useOperator();
  return (
    <Panel title={t.backing}>
      <Table
        label={t.backing}
        rows={assets}
        keyOf={({ token }) => token}
        empty={t.noAssets}
        columns={[
          { title: asset, cell: ({ symbol }) => <strong>{symbol}</strong> },
          { title: backing, cell: ({ settings }) => backings[settings.backing][0] },
          { title: t.owed, isNumber: true, cell: (one) => <Money amount={one.liabilities} of={one} short /> },
          {
            title: t.limit,
            isNumber: true,
            cell: (one) => (one.settings.backing === "collateral" ? "–" : <Money amount={one.limit} of={one} short />),
          },
          {
            title: t.used,
            cell: ({ liabilities, limit, symbol, settings }) => {
              if (settings.backing === "collateral") return <span className="small muted">{t.byOwn}</span>;
              const share =
                limit === 0n ? (liabilities > 0n ? 1 : 0) : Number((10_000n * liabilities) / limit) / 10_000;
              const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 }).format(
                share,
              );
              return <Meter label={`${t.used}: ${symbol}`} share={share} text={t.ofLimit(percent)} />;
            },
          },
        ]}
      />
    </Panel>
  );
}
