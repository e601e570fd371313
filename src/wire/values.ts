import * as z from "zod";

import type { ErrorCode } from "../errors";
import {
  INT128_MAX,
  INT128_MIN,
  toAddress,
  toHash,
  UINT128_MAX,
  UINT64_MAX,
  type Address,
  type ChannelId,
  type Hash,
  type Signature,
} from "../protocol";

// The values of the protocol as JSON. Numbers are decimal strings, for a JSON number loses digits; hexadecimal may come in
// either case. What is malformed is refused with the error code that is the message of its check.

export const WHOLE = /^(0|[1-9][0-9]{0,38})$/;
export const SIGNED = /^(0|-?[1-9][0-9]{0,38})$/;

export const address = hexadecimal<Address>(20, toAddress).meta({
  examples: ["0x143ae2ddb71203573e485ce7a5e4ec919b24ed17"],
});
export const hash = hexadecimal<Hash>(32, toHash).meta({
  examples: ["0x9b1ee72f1dff30fde7872c8fab94156cb2b686ea3b99c170b9b527a594bc7146"],
});
export const channelId = hexadecimal<ChannelId>(32, (text) => toHash(text) as string as ChannelId).meta({
  description: "keccak256 of the channel's system, user, token and epoch.",
  examples: ["0x1d58ce8ea5b23c49399f47154c7b6eb9397e72faf003f02b7213fb04b7e52b61"],
});
export const signature = hexadecimal<Signature>(
  65,
  (text) => text.toLowerCase() as Signature,
  "invalid_signature",
).meta({
  description: "r, s, v: with a low s, v 27 or 28.",
  examples: [`0x${"5a".repeat(64)}1b`],
});

/** Base units that move: positive, 128 bits. */
export const amount = integer(WHOLE, 1n, UINT128_MAX, "invalid_amount").meta({
  description: "Base units of the asset, greater than zero and below 2^128.",
  examples: ["2500000000000000000"],
});
export const uint128 = integer(WHOLE, 0n, UINT128_MAX).meta({ examples: ["10000000000000000000"] });
export const int128 = integer(SIGNED, INT128_MIN, INT128_MAX).meta({ examples: ["7500000000000000000"] });
export const uint64 = integer(WHOLE, 0n, UINT64_MAX).meta({ examples: ["1"] });
/** A number that only the service writes. */
export const unsigned = integer(/^[0-9]+$/, 0n, 2n ** 256n - 1n).meta({ examples: ["42"] });
export const decimals = z
  .int()
  .min(0)
  .max(255)
  .meta({
    description: "Base units per whole unit, as a power of ten.",
    examples: [18],
  });

/** An event of a system's log. */
export interface LogId {
  readonly system: Address;
  readonly number: bigint;
}

/** Where it is told in the log; only to be given back. */
export const systemLogId = z
  .codec(z.string().regex(/^[0-9a-f]{41,56}$/, { error: "invalid_hex", abort: true }), z.custom<LogId>(), {
    decode: (text) => ({ system: toAddress(`0x${text.slice(0, 40)}`), number: BigInt(`0x${text.slice(40)}`) }),
    encode: ({ system, number }) => system.slice(2) + number.toString(16),
  })
  .meta({ description: "Opaque.", examples: ["f39fd6e51aad88f6f4ce6ab8827279cfffb922666"] });

/** An array that nobody changes. */
export function list<T extends z.ZodType>(item: T, longest?: number, shortest = 0) {
  const items = shortest === 0 ? z.array(item) : z.array(item).min(shortest);
  return (longest === undefined ? items : items.max(longest)).readonly();
}

function hexadecimal<T extends string>(bytes: number, decode: (text: string) => T, error: ErrorCode = "invalid_hex") {
  const text = z.string({ error }).regex(new RegExp(`^0x[0-9a-fA-F]{${2 * bytes}}$`), { error, abort: true });
  return z.codec(text, z.custom<T>(), { decode, encode: (value) => value });
}

function integer(pattern: RegExp, min: bigint, max: bigint, error: ErrorCode = "out_of_range") {
  const text = z.string({ error }).regex(pattern, { error, abort: true });
  const number = z.bigint().min(min, { error }).max(max, { error });
  return z.codec(text, number, { decode: BigInt, encode: String });
}
