import { useState, type PointerEvent } from "react";

import "./chart.css";

/** What was at a moment (Unix milliseconds). */
export interface Point {
  readonly time: number;
  readonly value: number;
}

interface ChartProps {
  /** What it shows, and the gist of it, for who does not see it. */
  readonly label: string;
  /** In the order of time, evenly apart. */
  readonly points: readonly Point[];
  readonly kind: "line" | "bars";
  readonly showValue: (value: number) => string;
  readonly showTime: (time: number) => string;
}

const [WIDTH, HEIGHT] = [1_000, 100];

/** A quantity over time; pointing at it tells the value there. Its size does not depend on what is in it. */
export function Chart({ label, points, kind, showValue, showTime }: ChartProps) {
  const [at, setAt] = useState<number>();
  const top = ceiling(Math.max(0, ...points.map(({ value }) => value)));
  const step = WIDTH / Math.max(1, points.length);
  const point = at === undefined ? undefined : points[at];
  const look = ({ currentTarget, clientX }: PointerEvent<HTMLDivElement>): void => {
    const { left, width } = currentTarget.getBoundingClientRect();
    const index = Math.floor(((clientX - left) / width) * points.length);
    setAt(Math.max(0, Math.min(points.length - 1, index)));
  };
  return (
    <figure className="chart" role="img" aria-label={label}>
      <div className="chart-values" aria-hidden="true">
        <span>{showValue(top)}</span>
        <span>{showValue(top / 2)}</span>
        <span>{showValue(0)}</span>
      </div>
      <div className="chart-plot" aria-hidden="true" onPointerMove={look} onPointerLeave={() => setAt(undefined)}>
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none">
          {kind === "line" ? (
            <>
              <path className="chart-area" d={`${lineOf(points, top, step)}V${HEIGHT}H${step / 2}Z`} />
              <path className="chart-line" d={lineOf(points, top, step)} />
            </>
          ) : (
            <path className="chart-bars" d={barsOf(points, top, step)} />
          )}
          {at !== undefined && <path className="chart-at" d={`M${(at + 0.5) * step} 0V${HEIGHT}`} />}
        </svg>
        {point !== undefined && (
          <p className={`chart-told ${at! > points.length / 2 ? "left" : "right"}`}>
            <strong>{showValue(point.value)}</strong> <span className="muted">{showTime(point.time)}</span>
          </p>
        )}
      </div>
      <div className="chart-times" aria-hidden="true">
        <span>{points[0] && showTime(points[0].time)}</span>
        <span>{points.at(-1) && showTime(points.at(-1)!.time)}</span>
      </div>
    </figure>
  );
}

function lineOf(points: readonly Point[], top: number, step: number): string {
  return points
    .map(({ value }, i) => `${i === 0 ? "M" : "L"}${round((i + 0.5) * step)} ${heightOf(value, top)}`)
    .join("");
}

function barsOf(points: readonly Point[], top: number, step: number): string {
  const gap = step * 0.15;
  return points
    .map(({ value }, i) => {
      if (value === 0) return "";
      return `M${round(i * step + gap)} ${HEIGHT}V${heightOf(value, top)}H${round((i + 1) * step - gap)}V${HEIGHT}Z`;
    })
    .join("");
}

function heightOf(value: number, top: number): number {
  return round(HEIGHT - (value / top) * (HEIGHT - 2));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** The next of 1, 2, 5, 10, 20, 50, …: so that the scale stays while values change a little. */
function ceiling(value: number): number {
  if (value <= 1) return 1;
  const unit = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].find((times) => times * unit >= value)! * unit;
}
