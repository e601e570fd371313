import { common } from "../i18n/common";
import { useMessages } from "../i18n/language";

/** While something is on its way. */
export function Loading() {
  return (
    <p className="muted" role="status">
      {useMessages(common).loading}
    </p>
  );
}
