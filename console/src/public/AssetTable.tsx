import type { NamedAsset } from "../data/chain";
import { Hex } from "../design/Copyable";
import { Money } from "../design/Money";
import { Table } from "../design/Table";
import { showRate } from "../format/rate";
import { showSpan } from "../format/time";
import { useLanguage, useMessages } from "../i18n/language";
import { common } from "../i18n/common";
import { serviceTexts } from "./messages";

/** The assets with what is owed in them and what it is backed by. */
export function AssetTable({ assets }: { readonly assets: readonly NamedAsset[] }) {
  const t = useMessages(serviceTexts);
  const { asset } = useMessages(common);
  const { locale } = useLanguage();
  return (
    <Table
      label={t.assets}
      rows={assets}
      keyOf={({ system, token }) => `${system}${token}`}
      empty={t.noAssets}
      columns={[
        {
          title: asset,
          cell: ({ symbol, token }) => (
            <span className="row">
              <strong>{symbol}</strong>
              <Hex of={token} />
            </span>
          ),
        },
        {
          title: t.backing,
          cell: ({ settings: { backing } }) => <span title={t.backings[backing][1]}>{t.backings[backing][0]}</span>,
        },
        { title: t.owed, isNumber: true, cell: (one) => <Money amount={one.liabilities} of={one} short /> },
        { title: t.limit, isNumber: true, cell: (one) => <Money amount={one.limit} of={one} short /> },
        { title: t.fees, isNumber: true, cell: (one) => showRate(one.fees.transfer, one, locale) ?? t.free },
        {
          title: t.period,
          isNumber: true,
          cell: ({ settings }) => showSpan(Number(settings.challengePeriod), locale),
        },
      ]}
    />
  );
}
