import { formatAmount } from "../../../../src/sdk/amounts";
import { Hex } from "../../design/Copyable";
import { Facts } from "../../design/Facts";
import { Panel } from "../../design/Panel";
import { Tag } from "../../design/Tag";
import { showCount } from "../../format/number";
import { showShort } from "../../format/amount";
import { useLanguage, useMessages } from "../../i18n/language";
import type { Progress } from "../live/health";
import { overviewTexts } from "./messages";

/** How the system keeps up with its chain. */
export function ChainPanel({ of: { head, final, senders } }: { readonly of: NonNullable<Progress["chain"]> }) {
  const t = useMessages(overviewTexts);
  const { locale } = useLanguage();
  const sum = (part: "waiting" | "sent") => senders.reduce((all, one) => all + one[part], 0);
  return (
    <Panel title={t.chain}>
      <Facts
        of={[
          [t.block, head === null ? "–" : showCount(head, locale)],
          [t.final, showCount(final, locale)],
          [t.waiting, showCount(sum("waiting"), locale)],
          [t.sent, showCount(sum("sent"), locale)],
          [
            t.gasAccount,
            <ul key="senders" className="stack">
              {senders.map(({ sender, balance, isLow }) => (
                <li key={sender} className="row">
                  <Hex of={sender} />
                  <span title={balance === null ? undefined : `${formatAmount(balance, 18)} ETH`}>
                    {balance === null ? "–" : `${showShort(balance, 18, locale)} ETH`}
                  </span>
                  {isLow && <Tag tone="bad">{t.low}</Tag>}
                </li>
              ))}
            </ul>,
          ],
        ]}
      />
    </Panel>
  );
}
