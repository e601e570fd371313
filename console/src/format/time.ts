/** A moment in Unix milliseconds, to the second, in the reader's time zone. */
export function showTime(milliseconds: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium" }).format(milliseconds);
}

/** A moment of a day, to the second. */
export function showClock(milliseconds: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: "medium" }).format(milliseconds);
}

/** A moment as a chart needs it: the day, and the hour where periods are shorter than a day. */
export function showMoment(milliseconds: number, locale: string, isDay: boolean): string {
  const day = { day: "numeric", month: "short" } as const;
  const hour = { hour: "2-digit", minute: "2-digit" } as const;
  return new Intl.DateTimeFormat(locale, isDay ? day : { ...day, ...hour }).format(milliseconds);
}

const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;

/** A length of time in seconds, in its largest unit and the next. */
export function showSpan(seconds: number, locale: string): string {
  const whole = Math.max(0, Math.floor(seconds));
  const largest = UNITS.findIndex(([, length]) => whole >= length);
  const from = largest === -1 ? UNITS.length - 1 : largest;
  let left = whole;
  const parts = UNITS.slice(from, from + 2).map(([unit, length]) => {
    const count = Math.floor(left / length);
    left -= count * length;
    return [unit, count] as const;
  });
  return parts
    .filter(([, count], index) => index === 0 || count > 0)
    .map(([unit, count]) => new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short" }).format(count))
    .join(" ");
}
