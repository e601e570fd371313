import type { Situation } from "../../../../src/sdk/browser";
import type { NamedAsset } from "../../data/chain";
import { Facts } from "../../design/Facts";
import { Money } from "../../design/Money";
import { showTime } from "../../format/time";
import { useLanguage, useMessages } from "../../i18n/language";
import { serviceTexts } from "../../public/messages";
import { leaveTexts } from "./messages";

/** What the chain says of a channel that somebody leaves. */
export function SituationFacts({ of, asset }: { readonly of: Situation; readonly asset: NamedAsset }) {
  const t = useMessages(leaveTexts);
  const { backings } = useMessages(serviceTexts);
  const { locale } = useLanguage();
  const { dispute, due } = of;
  const at = (seconds: bigint) => showTime(Number(seconds) * 1_000, locale);
  const facts: (readonly [string, React.ReactNode])[] = [
    [t.due, <Money key="due" amount={due} of={asset} />],
    [t.backing, backings[of.asset.settings.backing][0]],
    [t.closing, dispute === undefined ? t.no : dispute.close.judged.bySystem ? t.bySystem : t.byYou],
  ];
  if (dispute !== undefined) {
    facts.push([t.answersUntil, at(dispute.close.judged.challengeEnd)]);
    facts.push([t.settledFrom, at(dispute.settleableFrom)]);
  }
  return <Facts of={facts} />;
}
