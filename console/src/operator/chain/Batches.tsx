import { Transaction } from "../../chain/Transaction";
import { Facts } from "../../design/Facts";
import { Panel } from "../../design/Panel";
import { showCount } from "../../format/number";
import { useLanguage, useMessages } from "../../i18n/language";
import { chainSideTexts } from "./messages";

interface BatchesProps {
  readonly of: readonly { readonly transaction: string | null; readonly status: string }[];
}

/** The transactions that withdrawals share and that are not final. */
export function Batches({ of }: BatchesProps) {
  const t = useMessages(chainSideTexts);
  const { locale } = useLanguage();
  const counts = new Map<string, number>();
  for (const { transaction, status } of of) {
    if (transaction !== null && status === "sent") counts.set(transaction, (counts.get(transaction) ?? 0) + 1);
  }
  return (
    <Panel title={t.batches}>
      {counts.size === 0 ? (
        <p className="muted">{t.noBatches}</p>
      ) : (
        <Facts
          of={[...counts].map(([transaction, count]) => [
            t.inBatch(showCount(count, locale)),
            <Transaction key={transaction} of={transaction} />,
          ])}
        />
      )}
    </Panel>
  );
}
