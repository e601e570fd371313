import { Figure, Figures } from "../../design/Figure";
import { showCompact, showCount, showMilliseconds } from "../../format/number";
import { useLanguage, useMessages } from "../../i18n/language";
import { useFeed, usePicture } from "../live/Feed";
import type { Progress } from "../live/health";
import { sumOf } from "../live/metricsText";
import { useOperator } from "../session/Operator";
import { overviewTexts } from "./messages";

/** The numbers that an operator looks at first. */
export function KeyFigures({ progress }: { readonly progress: Progress | undefined }) {
  const t = useMessages(overviewTexts);
  const { locale } = useLanguage();
  const { may, system } = useOperator();
  const { metrics, latency } = useFeed();
  const count = (value: number | bigint | null | undefined) => (value == null ? "–" : showCount(value, locale));
  const measured = (name: string) => metrics && (sumOf(metrics, name, { system: system.address }) ?? 0);
  return (
    <Figures>
      {may("followEvents") && <Rate />}
      {may("seeMetrics") && (
        <Figure
          name={t.latency}
          value={latency === undefined ? "–" : showMilliseconds(latency.median, locale)}
          note={latency === undefined ? t.noLatency : t.latencyNote(showMilliseconds(latency.slow, locale))}
        />
      )}
      <Figure
        name={t.accounts}
        value={count(progress?.accounts)}
        note={progress?.waiting == null ? undefined : t.inQueue(showCompact(progress.waiting, locale))}
      />
      <Figure name={t.commits} value={count(progress?.lastCommit)} note={t.commitsNote} />
      {may("seeMetrics") && (
        <>
          <Figure name={t.pending} value={count(measured("starledger_outbox_calls"))} note={t.pendingNote} />
          <Figure name={t.disputes} value={count(measured("starledger_disputes"))} note={t.disputesNote} />
        </>
      )}
    </Figures>
  );
}

function Rate() {
  const t = useMessages(overviewTexts);
  const { locale } = useLanguage();
  const { isConnected, perSecond, payments } = usePicture();
  return (
    <Figure
      name={t.rate}
      value={<span data-testid="rate">{showCompact(perSecond, locale)}</span>}
      note={isConnected || payments > 0 ? t.sinceHere(showCount(payments, locale)) : t.connecting}
    />
  );
}
