import "./meter.css";

interface MeterProps {
  readonly label: string;
  /** From 0 to 1. */
  readonly share: number;
  readonly text: string;
}

/** How much of what there may be there is. */
export function Meter({ label, share, text }: MeterProps) {
  const percent = Math.round(100 * Math.max(0, Math.min(1, share)));
  const tone = share >= 0.95 ? "bad" : share >= 0.8 ? "warn" : "good";
  return (
    <div className="meter">
      <div
        className="meter-bar"
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        aria-valuetext={text}
      >
        <div className={tone} style={{ width: `${percent}%` }} />
      </div>
      <span className="small muted">{text}</span>
    </div>
  );
}
