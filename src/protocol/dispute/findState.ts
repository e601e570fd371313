import { hashState } from "../hashing";
import { fromHex, toHash, toHex } from "../primitives";
import type { ChannelId, Hash, Hex, State } from "../types";

const WORD = 32;
/** A state without its channel's id, as the hub takes it: eight words. */
const SIZE = 8 * WORD;

/** What is known of a state that the hub has published only by its hash. */
export interface KnownOfState {
  readonly channelId: ChannelId;
  readonly version: bigint;
  readonly hash: Hash;
}

/**
 * The state that stands somewhere in the input of a transaction: whoever sent it, directly or through whatever contracts that
 * were given it, the hash shows that it is the one. Undefined where it does not stand there in one piece.
 */
export function findState(input: Hex, { channelId, version, hash }: KnownOfState): State | undefined {
  const bytes = fromHex(input);
  const first = Buffer.from(version.toString(16).padStart(2 * WORD, "0"), "hex");
  for (let at = bytes.indexOf(first); at >= 0 && at + SIZE <= bytes.length; at = bytes.indexOf(first, at + 1)) {
    const state = readState(bytes.subarray(at, at + SIZE), channelId);
    if (state !== undefined && hashState(state) === hash) return state;
  }
  return undefined;
}

/** Undefined for words that are too large for their fields. */
function readState(bytes: Buffer, channelId: ChannelId): State | undefined {
  const word = (i: number): Hex => toHex(bytes.subarray(i * WORD, (i + 1) * WORD));
  const number = (i: number): bigint => BigInt(word(i));
  const net = BigInt.asIntN(256, number(1));
  const [noteSeq, noteCredited, locked, locksExpiry] = [number(2), number(3), number(4), number(5)];
  const fits =
    BigInt.asIntN(128, net) === net &&
    [noteSeq, locksExpiry].every((one) => one < 1n << 64n) &&
    [noteCredited, locked].every((one) => one < 1n << 128n);
  if (!fits) return undefined;
  const rest = { locksRoot: toHash(word(6)), memo: toHash(word(7)) };
  return { channelId, version: number(0), net, noteSeq, noteCredited, locked, locksExpiry, ...rest };
}
