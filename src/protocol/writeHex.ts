import { fail } from "../errors";
import type { Hex } from "./types";

/** The value of each hexadecimal digit, by its code: 255 for what is none. */
const DIGITS = Uint8Array.from({ length: 128 }, (_, code) => {
  const value = "0123456789abcdef".indexOf(String.fromCharCode(code));
  return value < 0 ? 255 : value;
});

/**
 * Writes `length` bytes of lowercase hexadecimal into `into` at `at`.
 * @throws invalid_hex
 */
export function writeHex(hex: Hex, length: number, into: Uint8Array, at: number): void {
  if (!isWritten(hex, length, into, at)) fail("invalid_hex", { got: hex, bytes: length });
}

/**
 * Writes as {@link writeHex}, and returns whether it could: false for what is not so many bytes of lowercase hexadecimal. By hand,
 * for it is on the way of every hash.
 */
export function isWritten(hex: Hex, length: number, into: Uint8Array, at: number): boolean {
  let seen = typeof hex === "string" && hex.length === 2 + 2 * length && hex.startsWith("0x") ? 0 : 255;
  for (let i = 0; i < length && seen < 16; i++) {
    const [high, low] = [DIGITS[hex.charCodeAt(2 * i + 2)] ?? 255, DIGITS[hex.charCodeAt(2 * i + 3)] ?? 255];
    into[at + i] = (high << 4) | low;
    seen |= high | low;
  }
  return seen < 16;
}
