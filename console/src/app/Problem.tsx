import { StarledgerError } from "../../../src/errors";
import { Button } from "../design/Button";
import { Notice } from "../design/Notice";
import { common } from "../i18n/common";
import { errorsIn } from "../i18n/errors";
import { useLanguage, useMessages } from "../i18n/language";

/** What went wrong, and what to do about it. */
export function Problem({ of, onRetry }: { readonly of: unknown; readonly onRetry?: () => void }) {
  const t = useMessages(common);
  const { language } = useLanguage();
  const { title, detail, hint } = told(of, language, t.failed);
  return (
    <Notice tone="bad" title={title}>
      {detail !== "" && <p className="small">{detail}</p>}
      {hint !== "" && (
        <p>
          {t.whatToDo} {hint}
        </p>
      )}
      {onRetry !== undefined && (
        <Button kind="quiet" onClick={onRetry}>
          {t.again}
        </Button>
      )}
    </Notice>
  );
}

function told(problem: unknown, language: "en" | "zh", failed: string) {
  if (!(problem instanceof StarledgerError)) return { title: failed, detail: String(problem), hint: "" };
  const { code, details } = problem;
  const { message, hint } = errorsIn(language, code);
  const detail = Object.entries(details)
    .map(([name, value]) => `${name}: ${value}`)
    .join(", ");
  return { title: message, detail: `${code}${detail === "" ? "" : ` (${detail})`}`, hint };
}
