import type { FeeSchedule } from "../../../src/protocol";
import { showAmount } from "./amount";

/** What one kind of operation costs in short: `0.1 + 0.25 %`; undefined where it is free. */
export function showRate(
  rate: FeeSchedule["transfer"],
  { decimals, symbol }: { readonly decimals: number; readonly symbol: string },
  locale: string,
): string | undefined {
  if (rate === undefined) return undefined;
  const { flat, basisPoints, min } = rate;
  const least = flat === 0n && basisPoints > 0n && min > 0n ? `≥ ${showAmount(min, decimals, locale)} ${symbol}` : "";
  const parts = [
    flat > 0n ? `${showAmount(flat, decimals, locale)} ${symbol}` : "",
    basisPoints > 0n ? `${new Intl.NumberFormat(locale).format(Number(basisPoints) / 100)} %` : "",
  ].filter((part) => part !== "");
  const sum = parts.join(" + ");
  return sum === "" ? undefined : least === "" ? sum : `${sum}, ${least}`;
}
