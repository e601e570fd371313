import { formatAmount } from "../../../src/sdk/amounts";

/**
 * Base units in whole tokens as a reader of the language writes them, exactly: grouped, with all decimals that are not zero,
 * two at least where there are any.
 */
export function showAmount(amount: bigint, decimals: number, locale: string): string {
  const [whole = "0", fraction = ""] = formatAmount(amount, decimals).split(".");
  const isNegative = whole.startsWith("-");
  const digits = new Intl.NumberFormat(locale).format(BigInt(isNegative ? whole.slice(1) : whole));
  const shown = fraction.length === 1 ? `${fraction}0` : fraction;
  return `${isNegative ? "−" : ""}${digits}${shown === "" ? "" : `${separatorOf(locale)}${shown}`}`;
}

/** The decimals that a table can do without: cut, never rounded up. */
export function showShort(amount: bigint, decimals: number, locale: string, digits = 4): string {
  if (decimals <= digits) return showAmount(amount, decimals, locale);
  const unit = 10n ** BigInt(decimals - digits);
  const cut = amount / unit;
  if (cut === 0n && amount !== 0n) return `<${showAmount(1n, digits, locale)}`;
  return showAmount(cut, digits, locale);
}

function separatorOf(locale: string): string {
  return new Intl.NumberFormat(locale).formatToParts(1.5).find(({ type }) => type === "decimal")!.value;
}
