import { bech32m } from "@scure/base";
import { Buffer } from "buffer";

import { fail } from "../errors";
import type { SignedInvoice } from "./invoice";
import { fromHex, toHex, UINT128_MAX, UINT64_MAX, within } from "./primitives";
import type { Address, Hash, Hex, Signature } from "./types";

const PREFIX = "sl";
/** The only layout so far. */
const LAYOUT = 1;
const FIELDS = { hash: 32, amount: 16, token: 20, expiry: 8, account: 20, memo: 32, signature: 65 };
const LENGTH = 1 + Object.values(FIELDS).reduce((sum, bytes) => sum + bytes, 0);

/**
 * An invoice as one string that a person can send and a QR code can carry (in upper case, in its dense alphanumeric mode):
 * bech32m under the prefix `sl1`, whose checksum finds misspellings.
 * @throws invalid_hex, out_of_range
 */
export function encodeInvoice({ invoice, signature }: SignedInvoice): string {
  const { hash, amount, token, expiry, account, memo } = invoice;
  const bytes = Buffer.concat([
    Buffer.from([LAYOUT]),
    fromHex(hash, FIELDS.hash),
    unsigned(within(amount, 0n, UINT128_MAX, "amount"), FIELDS.amount),
    fromHex(token, FIELDS.token),
    unsigned(within(expiry, 0n, UINT64_MAX, "expiry"), FIELDS.expiry),
    fromHex(account, FIELDS.account),
    fromHex(memo, FIELDS.memo),
    fromHex(signature, FIELDS.signature),
  ]);
  return bech32m.encode(PREFIX, bech32m.toWords(bytes), false);
}

/**
 * The invoice of a text that {@link encodeInvoice} wrote, in upper or lower case; its signature is still to be checked.
 * @throws invalid_invoice
 */
export function decodeInvoice(text: string): SignedInvoice {
  const bytes = bytesOf(text);
  let at = 1;
  const next = (length: number): Hex => toHex(bytes.subarray(at, (at += length)));
  const invoice = {
    hash: next(FIELDS.hash) as Hash,
    amount: BigInt(next(FIELDS.amount)),
    token: next(FIELDS.token) as Address,
    expiry: BigInt(next(FIELDS.expiry)),
    account: next(FIELDS.account) as Address,
    memo: next(FIELDS.memo) as Hash,
  };
  return { invoice, signature: next(FIELDS.signature) as Signature };
}

function bytesOf(text: string): Buffer {
  const decoded = bech32m.decodeUnsafe(text, false);
  const bytes = decoded?.prefix === PREFIX ? bech32m.fromWordsUnsafe(decoded.words) : undefined;
  if (!bytes) return fail("invalid_invoice", { reason: "it is no text under the prefix sl1, or misspelt" });
  if (bytes[0] !== LAYOUT) fail("invalid_invoice", { reason: "its layout is not known", layout: bytes[0] });
  if (bytes.length !== LENGTH) fail("invalid_invoice", { reason: "its length is wrong", bytes: bytes.length });
  return Buffer.from(bytes);
}

function unsigned(value: bigint, bytes: number): Buffer {
  return Buffer.from(value.toString(16).padStart(2 * bytes, "0"), "hex");
}
