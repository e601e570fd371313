import { anyone } from "../data/service";
import { useAsked } from "../data/useAsked";
import { Tag } from "../design/Tag";
import { useMessages } from "../i18n/language";
import { serviceTexts } from "./messages";

const isReady = (): Promise<boolean> =>
  anyone.ready().then(
    () => true,
    () => false,
  );

/** Whether the service takes requests now. */
export function Readiness() {
  const t = useMessages(serviceTexts);
  const { value } = useAsked(isReady, 15_000);
  if (value === undefined) return null;
  return <Tag tone={value ? "good" : "bad"}>{value ? t.ready : t.notReady}</Tag>;
}
