import fc from "fast-check";

import type { Address, ChannelId, Hash, Hex, Note, State } from "../../src/protocol";

const bytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((value) => `0x${Buffer.from(value).toString("hex")}`);

export const address = bytes(20) as fc.Arbitrary<Address>;
export const hash = bytes(32) as fc.Arbitrary<Hash>;
export const id = bytes(32) as fc.Arbitrary<ChannelId>;
export const privateKey = fc.bigInt(1n, 2n ** 255n).map((value): Hex => `0x${value.toString(16).padStart(64, "0")}`);

/** Unsigned integers of `bits`, their ends included more often than chance would have them. */
export const uint = (bits: bigint): fc.Arbitrary<bigint> => {
  const max = 2n ** bits - 1n;
  return fc.oneof(fc.constantFrom(0n, 1n, max), fc.bigInt(0n, max));
};

export const int128 = fc.oneof(
  fc.constantFrom(-(2n ** 127n), -1n, 0n, 2n ** 127n - 1n),
  fc.bigInt(-(2n ** 127n), 2n ** 127n - 1n),
);

export const state: fc.Arbitrary<State> = fc.record({
  channelId: id,
  version: uint(64n),
  net: int128,
  noteSeq: uint(64n),
  noteCredited: uint(128n),
  locked: uint(128n),
  locksExpiry: uint(64n),
  locksRoot: hash,
  memo: hash,
});

export const note: fc.Arbitrary<Note> = fc.record({
  channelId: id,
  seq: uint(64n),
  credited: uint(128n),
  locked: uint(128n),
  locksExpiry: uint(64n),
  locksRoot: hash,
  memo: hash,
});
