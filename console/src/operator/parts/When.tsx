import { showTime } from "../../format/time";
import { useLanguage } from "../../i18n/language";

/** A moment, in Unix milliseconds or as RFC 3339 says it. */
export function When({ at }: { readonly at: number | string }) {
  const { locale } = useLanguage();
  const time = typeof at === "string" ? Date.parse(at) : at;
  return (
    <time className="muted" dateTime={new Date(time).toISOString()}>
      {showTime(time, locale)}
    </time>
  );
}
