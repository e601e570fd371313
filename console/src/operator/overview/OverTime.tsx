import { useCallback, useState } from "react";

import { Problem } from "../../app/Problem";
import { useAsked } from "../../data/useAsked";
import { Chart, type Point } from "../../design/Chart";
import { Panel } from "../../design/Panel";
import { Segments } from "../../design/Segments";
import { showCompact } from "../../format/number";
import { showClock, showMoment } from "../../format/time";
import { useLanguage, useMessages } from "../../i18n/language";
import { usePicture } from "../live/Feed";
import { useOperator } from "../session/Operator";
import { overviewTexts } from "./messages";
import "./overTime.css";

const LIVE = 300;
const HOUR = 3_600;

/** Seconds per period, and how many periods. */
const RANGES = { day: [HOUR, 24], week: [6 * HOUR, 28], month: [24 * HOUR, 30] } as const;
const MEASURES = ["payments", "volume", "issued", "deposited", "withdrawn", "fees"] as const;

type Range = "live" | keyof typeof RANGES;
type Measure = (typeof MEASURES)[number];

/** What happened in the last minutes, as it happens, or in the last days. */
export function OverTime() {
  const t = useMessages(overviewTexts);
  const { may, assets } = useOperator();
  const isLive = may("followEvents");
  const hasPast = may("seeActivity") && assets.length > 0;
  const [range, setRange] = useState<Range>(isLive ? "live" : "day");
  if (!isLive && !hasPast) return null;
  const ranges = [...(isLive ? ["live" as const] : []), ...(hasPast ? (["day", "week", "month"] as const) : [])];
  return (
    <Panel
      title={range === "live" ? t.paymentsPerSecond : t.overTime}
      aside={
        <Segments label={t.range} value={range} of={ranges.map((one) => [one, t.ranges[one]])} onChange={setRange} />
      }
    >
      {range === "live" ? <Now /> : <Past range={range} />}
    </Panel>
  );
}

function Now() {
  const t = useMessages(overviewTexts);
  const { locale } = useLanguage();
  const { counts, second } = usePicture();
  // The second that is not over is left out.
  const shown = counts.slice(-1 - LIVE, -1);
  const points = shown.map((value, i) => ({ value, time: 1_000 * (second - shown.length + i) }));
  const most = showCompact(Math.max(...shown), locale);
  return (
    <Chart
      kind="line"
      label={t.chartOf(t.paymentsPerSecond, most, showCompact(shown.at(-1) ?? 0, locale))}
      points={points}
      showValue={(value) => showCompact(value, locale)}
      showTime={(time) => showClock(time, locale)}
    />
  );
}

function Past({ range }: { readonly range: keyof typeof RANGES }) {
  const t = useMessages(overviewTexts);
  const { locale } = useLanguage();
  const { admin, system, assets } = useOperator();
  const [measure, setMeasure] = useState<Measure>("payments");
  const [chosen, setChosen] = useState(assets[0]!.token);
  const asset = assets.find(({ token }) => token === chosen) ?? assets[0]!;
  const [step, count] = RANGES[range];
  const { token, decimals } = asset;
  const { address } = system;
  const ask = useCallback(async () => {
    const length = 1_000 * step;
    const to = (Math.floor(Date.now() / length) + 1) * length;
    const from = to - count * length;
    const { periods } = await admin.activity(token, { from, to, step, system: address });
    return { from, periods: new Map(periods.map((one) => [one.time, one])) };
  }, [admin, token, address, step, count]);
  const { value, error } = useAsked(ask, 30_000);
  const points: Point[] = Array.from({ length: count }, (_, i) => {
    const time = (value?.from ?? 0) + 1_000 * step * i;
    const period = value?.periods.get(time);
    const amount = period?.[measure] ?? 0;
    return { time, value: typeof amount === "bigint" ? Number(amount) / 10 ** decimals : amount };
  });
  const show = (amount: number) => showCompact(amount, locale);
  const most = Math.max(...points.map((one) => one.value));
  return (
    <>
      <div className="over-time">
        <label>
          <span className="unseen">{t.measure}</span>
          <select value={measure} onChange={({ target }) => setMeasure(target.value as Measure)}>
            {MEASURES.map((one) => (
              <option key={one} value={one}>
                {t.measures[one]}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span className="unseen">{t.backing}</span>
          <select value={token} onChange={({ target }) => setChosen(target.value as typeof token)}>
            {assets.map((one) => (
              <option key={one.token} value={one.token}>
                {one.symbol}
              </option>
            ))}
          </select>
        </label>
        <span className="small muted">{value !== undefined && most === 0 ? t.nothingThen : ""}</span>
      </div>
      {error !== undefined && <Problem of={error} />}
      <Chart
        kind="bars"
        label={t.chartOf(t.measures[measure], show(most), show(points.at(-1)!.value))}
        points={points}
        showValue={show}
        showTime={(time) => (time === 0 ? "" : showMoment(time, locale, step === 24 * HOUR))}
      />
    </>
  );
}
