import { Buffer } from "buffer";

import { fail } from "../errors";
import { keccakBytes } from "./crypto";
import { hashText } from "./hashText";
import type { Address, Hash, Hex } from "./types";

export const ZERO_ADDRESS = `0x${"00".repeat(20)}` as Address;
export const ZERO_HASH = `0x${"00".repeat(32)}` as Hash;

const LOWERCASE = /^0x[0-9a-f]*$/;

/** keccak256 of `bytes`. */
export function keccak(bytes: Buffer): Hash {
  return hashText(keccakBytes(bytes));
}

export { keccakBytes };

/** keccak256 of text, as Solidity hashes a string literal. */
export function keccakText(text: string): Hash {
  return keccak(Buffer.from(text, "utf8"));
}

export function toHex(bytes: Buffer): Hex {
  return `0x${bytes.toString("hex")}`;
}

/**
 * The bytes of lowercase hexadecimal: exactly `length` of them, if that is given.
 * @throws invalid_hex, which does not repeat what was given: it may be a secret
 */
export function fromHex(hex: Hex, length?: number): Buffer {
  const bytes = Buffer.from(hex.slice(2), "hex");
  if (!LOWERCASE.test(hex) || hex.length !== 2 + 2 * (length ?? bytes.length)) {
    fail("invalid_hex", length === undefined ? {} : { bytes: length });
  }
  return bytes;
}

/**
 * Normalises 20 bytes of hexadecimal, checksummed or not.
 * @throws invalid_hex
 */
export function toAddress(value: string): Address {
  return checkHex(value, 20) as Address;
}

/**
 * Normalises 32 bytes of hexadecimal.
 * @throws invalid_hex
 */
export function toHash(value: string): Hash {
  return checkHex(value, 32) as Hash;
}

export const UINT64_MAX = 2n ** 64n - 1n;
export const UINT256_MAX = 2n ** 256n - 1n;
export const UINT128_MAX = 2n ** 128n - 1n;
export const INT128_MAX = 2n ** 127n - 1n;
export const INT128_MIN = -(2n ** 127n);

/**
 * @returns `value` if it is within `[min, max]`
 * @throws out_of_range
 */
export function within(value: bigint, min: bigint, max: bigint, name: string): bigint {
  if (typeof value !== "bigint" || value < min || value > max) fail("out_of_range", { name, got: value, min, max });
  return value;
}

/**
 * @returns `amount` if it is a positive uint128
 * @throws invalid_amount
 */
export function positiveAmount(amount: bigint): bigint {
  if (typeof amount !== "bigint" || amount <= 0n || amount > UINT128_MAX) fail("invalid_amount", { got: amount });
  return amount;
}

/** The greater of zero and `value`. */
export function positive(value: bigint): bigint {
  return value > 0n ? value : 0n;
}

export function minimum(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

export function maximum(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function checkHex(value: string, bytes: number): Hex {
  if (typeof value !== "string" || value.length !== 2 + 2 * bytes || !/^0x[0-9a-fA-F]*$/.test(value)) {
    fail("invalid_hex", { got: value, bytes });
  }
  return value.toLowerCase() as Hex;
}
