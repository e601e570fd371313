import { Money } from "../../design/Money";
import { Panel } from "../../design/Panel";
import { showClock } from "../../format/time";
import { useLanguage, useMessages } from "../../i18n/language";
import { usePicture } from "../live/Feed";
import { useOperator } from "../session/Operator";
import { overviewTexts } from "./messages";
import "./latestPayments.css";

/** The payments that came last, in a place that does not grow. */
export function LatestPayments() {
  const t = useMessages(overviewTexts);
  const { locale } = useLanguage();
  const { assetOf } = useOperator();
  const { latest } = usePicture();
  return (
    <Panel title={t.latest}>
      <ol className="latest">
        {latest.length === 0 && <li className="muted">{t.noneYet}</li>}
        {latest.map(({ number, time, from, to, token, amount, isConditional }) => {
          const asset = assetOf(token);
          return (
            <li key={String(number)}>
              <span className="muted">{showClock(time, locale)}</span>
              <code>
                {short(from)} → {short(to)}
              </code>
              <span className="number" title={isConditional ? t.conditional : undefined}>
                {asset === undefined ? String(amount) : <Money amount={amount} of={asset} short />}
              </span>
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}

function short(address: string): string {
  return `${address.slice(0, 6)}…${address.slice(-4)}`;
}
