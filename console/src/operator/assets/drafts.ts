import { formatAmount, parseAmount } from "../../../../src/sdk/amounts";

/** An amount in whole tokens as it was written: base units, 0 for nothing; null if it is none. */
export function readAmount(text: string, decimals: number): bigint | null {
  const written = text.trim();
  if (/^0*(\.0*)?$/.test(written)) return 0n;
  try {
    return parseAmount(written, decimals);
  } catch {
    return null;
  }
}

/** A percentage with two decimals, in hundredths of a percent; null if it is none up to 100. */
export function readPercent(text: string): bigint | null {
  const basisPoints = readAmount(text, 2);
  return basisPoints === null || basisPoints > 10_000n ? null : basisPoints;
}

/** What there is to change; nothing where there is nothing. */
export function written(amount: bigint | null | undefined, decimals: number): string {
  return amount == null || amount === 0n ? "" : formatAmount(amount, decimals);
}
