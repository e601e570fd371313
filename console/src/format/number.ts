/** A whole number, grouped. */
export function showCount(count: number | bigint, locale: string): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }).format(count);
}

/** A number of any size in at most five characters or so. */
export function showCompact(value: number, locale: string): string {
  const digits = value < 10 ? 1 : 0;
  const isLarge = value >= 10_000;
  return new Intl.NumberFormat(locale, {
    ...(isLarge && { notation: "compact" as const }),
    maximumFractionDigits: isLarge ? 1 : digits,
  }).format(value);
}

/** Milliseconds, in the unit that suits them. */
export function showMilliseconds(value: number, locale: string): string {
  const [amount, unit] = value < 1_000 ? [value, "millisecond"] : [value / 1_000, "second"];
  const maximumFractionDigits = amount < 10 ? 1 : 0;
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short", maximumFractionDigits }).format(
    amount,
  );
}
