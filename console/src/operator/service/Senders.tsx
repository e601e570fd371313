import { Copyable } from "../../design/Copyable";
import { Money } from "../../design/Money";
import { Panel } from "../../design/Panel";
import { Table } from "../../design/Table";
import { Tag } from "../../design/Tag";
import { showCount } from "../../format/number";
import { useLanguage, useMessages } from "../../i18n/language";
import type { Progress } from "../live/health";
import { serviceSideTexts } from "./messages";

const COIN = { decimals: 18, symbol: "ETH" };

/** The accounts that send to the chain, and what waits there. */
export function Senders({ of }: { readonly of: NonNullable<Progress["chain"]>["senders"] }) {
  const t = useMessages(serviceSideTexts);
  const { locale } = useLanguage();
  return (
    <Panel title={t.senders}>
      <Table
        label={t.senders}
        rows={of}
        keyOf={({ sender }) => sender}
        empty={t.noSenders}
        columns={[
          { title: t.sender, cell: ({ sender }) => <Copyable text={sender} /> },
          {
            title: t.balance,
            isNumber: true,
            cell: ({ balance, isLow }) => (
              <span className="row">
                {isLow && <Tag tone="bad">{t.low}</Tag>}
                {balance === null ? "–" : <Money amount={balance} of={COIN} short />}
              </span>
            ),
          },
          { title: t.waiting, isNumber: true, cell: ({ waiting }) => showCount(waiting, locale) },
          { title: t.sent, isNumber: true, cell: ({ sent }) => showCount(sent, locale) },
        ]}
      />
    </Panel>
  );
}
