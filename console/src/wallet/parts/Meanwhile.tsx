import { Problem } from "../../app/Problem";
import { useNow } from "../../data/useNow";
import { ButtonLink } from "../../design/Button";
import { Notice } from "../../design/Notice";
import { showTime } from "../../format/time";
import { useLanguage, useMessages } from "../../i18n/language";
import { walletTexts } from "../messages";
import { useAccount } from "../session/Account";

/** What goes wrong meanwhile, as long as it does, and what it means for whose money it is. */
export function Meanwhile() {
  const t = useMessages(walletTexts);
  const { locale } = useLanguage();
  const { problem } = useAccount();
  const trouble = problem(useNow());
  if (trouble === undefined) return null;
  const { code, details } = trouble;
  if (code !== "unreachable" && code !== "resynchronising") return <Problem of={trouble} />;
  const until = Number(details["until"] ?? 0);
  const { title, says } = t.meanwhile[code];
  return (
    <Notice tone="warn" title={title}>
      <div className="stack">
        {says.map((one) => (
          <p key={one}>{one}</p>
        ))}
        {until > 0 && <p>{t.meanwhile.until(showTime(1_000 * until, locale))}</p>}
        <div className="row">
          <ButtonLink to="/leave">{t.meanwhile.leave}</ButtonLink>
        </div>
      </div>
    </Notice>
  );
}
