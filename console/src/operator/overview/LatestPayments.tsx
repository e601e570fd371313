import type { NamedAsset } from "../../data/chain";
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
  const { latest, volume } = usePicture();
  const moved = [...volume].flatMap(([token, amount]) => {
    const asset = assetOf(token);
    return asset === undefined ? [] : [{ token, amount, asset }];
  });
  return (
    <Panel title={t.latest} aside={moved.length > 0 && <Volume of={moved} />}>
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

/** What was paid since one looks, asset by asset. */
function Volume({ of }: { readonly of: readonly { token: string; amount: bigint; asset: NamedAsset }[] }) {
  const t = useMessages(overviewTexts);
  return (
    <span className="small muted">
      {t.measures.volume}{" "}
      {of.map(({ token, amount, asset }, index) => (
        <span key={token}>
          {index > 0 && " · "}
          <Money amount={amount} of={asset} short />
        </span>
      ))}
    </span>
  );
}

function short(address: string): string {
  return `${address.slice(0, 6)}…${address.slice(-4)}`;
}
