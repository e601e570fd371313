import { Hex } from "../../design/Copyable";
import { Panel } from "../../design/Panel";
import { showCount } from "../../format/number";
import { showSpan } from "../../format/time";
import { useLanguage, useMessages } from "../../i18n/language";
import type { Finding } from "../live/health";
import { overviewTexts } from "./messages";
import "./health.css";

/** What needs the operator, why, and what to do about it. */
export function HealthPanel({ of }: { readonly of: readonly Finding[] }) {
  const t = useMessages(overviewTexts);
  return (
    <Panel title={t.health}>
      {of.length === 0 ? (
        <p className="muted">{t.healthyHint}</p>
      ) : (
        <ul className="findings">
          {of.map((finding, index) => (
            <li key={`${finding.what}-${index}`} className={finding.tone}>
              <strong>{t.findings[finding.what][0]}</strong> <Detail of={finding} />
              <p className="small muted">{t.findings[finding.what][1]}</p>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Detail({ of }: { readonly of: Finding }) {
  const { locale } = useLanguage();
  switch (of.what) {
    case "queue":
      return `${showCount(of.waiting, locale)} / ${showCount(of.limit, locale)}`;
    case "gasLow":
      return <Hex of={of.sender} />;
    case "outboxOld":
      return showSpan(of.seconds, locale);
    case "differences":
      return showCount(of.count, locale);
    case "paused":
    case "short":
      return of.asset.symbol;
    default:
      return null;
  }
}
