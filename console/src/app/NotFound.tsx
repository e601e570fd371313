import { ButtonLink } from "../design/Button";
import { common } from "../i18n/common";
import { useMessages } from "../i18n/language";

export function NotFound() {
  const t = useMessages(common);
  return (
    <div className="stack">
      <h1>{t.notFound}</h1>
      <p className="muted">{t.notFoundHint}</p>
      <div className="row">
        <ButtonLink to="~/">{t.toStart}</ButtonLink>
      </div>
    </div>
  );
}
