import type { TowerTerms, WatchtowerOptions } from "../../../../src/sdk/browser";
import { Problem } from "../../app/Problem";
import { useAct } from "../../data/useAct";
import { Facts } from "../../design/Facts";
import { Form } from "../../design/Form";
import { SubmitOrBack } from "../../design/SubmitOrBack";
import { showCount } from "../../format/number";
import { useLanguage, useMessages } from "../../i18n/language";
import { useSession } from "../session/Session";
import { towerTexts } from "./messages";

interface AgreeProps {
  readonly url: string;
  readonly terms: TowerTerms;
  readonly connected: readonly WatchtowerOptions[];
  readonly onBack: () => void;
}

/** What a watchtower asks for, to be agreed to. */
export function Agree({ url, terms: { leastShareBps, channels }, connected, onBack }: AgreeProps) {
  const t = useMessages(towerTexts);
  const { locale } = useLanguage();
  const { handOverTo } = useSession();
  const { start, isUnderWay, error } = useAct(() => handOverTo([...connected, { url, maxShareBps: leastShareBps }]));
  const share = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 2 }).format(
    leastShareBps / 10_000,
  );
  return (
    <Form onSubmit={start}>
      <Facts
        of={[
          [t.tower, url],
          [t.share, leastShareBps === 0 ? t.nothing : t.ofForfeit(share)],
          [t.channels, showCount(channels, locale)],
        ]}
      />
      <p className="small muted">{t.told}</p>
      {error !== undefined && <Problem of={error} />}
      <SubmitOrBack {...{ isUnderWay, onBack }} label={t.handOver} disabled={false} back={t.back} />
    </Form>
  );
}
