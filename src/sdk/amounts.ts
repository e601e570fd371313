import { fail } from "../errors";
import { UINT128_MAX } from "../protocol";

const DECIMAL = /^(0|[1-9]\d{0,38})(?:\.(\d+))?$/;

/**
 * The base units of an amount written in whole tokens, exactly: `12.50` with 2 decimals is 1250.
 * @throws invalid_decimal if it is not written so, has more digits than the asset, is zero or beyond 128 bits
 */
export function parseAmount(text: string, decimals: number): bigint {
  const [, whole, fraction = ""] = DECIMAL.exec(text) ?? [];
  if (whole === undefined || fraction.length > decimals) return fail("invalid_decimal", { got: text, decimals });
  const amount = BigInt(whole + fraction.padEnd(decimals, "0"));
  if (amount === 0n || amount > UINT128_MAX) fail("invalid_decimal", { got: text, decimals });
  return amount;
}

/** Base units written in whole tokens, exactly, without needless zeros. */
export function formatAmount(amount: bigint, decimals: number): string {
  const sign = amount < 0n ? "-" : "";
  const digits = `${amount < 0n ? -amount : amount}`.padStart(decimals + 1, "0");
  const [whole, fraction] = [digits.slice(0, digits.length - decimals), digits.slice(digits.length - decimals)];
  const significant = fraction.replace(/0+$/, "");
  return `${sign}${whole}${significant === "" ? "" : "."}${significant}`;
}
