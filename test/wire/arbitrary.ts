import fc from "fast-check";

import { INT128_MAX, INT128_MIN, toHex, UINT128_MAX, UINT64_MAX, type StateOperation } from "../../src/protocol";

// Messages of the stream.

const bytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((array) => toHex(Buffer.from(array)) as never);
const hash = bytes(32);
const [uint64, uint128] = [fc.bigInt(0n, UINT64_MAX), fc.bigInt(0n, UINT128_MAX)];
const mark = (maxLength: number) =>
  fc.stringMatching(/^[\x21-\x7e]+$/, { maxLength }).filter((text) => text.length > 0);

const summary = { locked: uint128, locksExpiry: uint64, locksRoot: hash, memo: hash };
const proposal = fc.record({
  ...{ channelId: hash, version: uint64, net: fc.bigInt(INT128_MIN, INT128_MAX) },
  ...{ noteSeq: uint64, noteCredited: uint128, ...summary },
});
const money = { amount: uint128, reference: hash };
const of = <Type extends StateOperation["type"]>(type: Type) => fc.constant(type);
const operation = fc.oneof(
  fc.record({ type: of("pay"), to: bytes(20), ...money }),
  fc.record({ type: of("redeem"), ...money }),
  fc.record({ type: of("refund"), to: bytes(20), payment: hash, ...money }),
  fc.record({ type: of("fee"), ...money }),
  fc.record({ type: of("fold"), seq: uint64, credited: uint128 }),
  fc.record({ type: of("lock"), to: bytes(20), fee: uint128, hash, expiry: uint64, ...money }),
  fc.record({ type: of("foldLock"), index: uint64, preimage: hash }),
  fc.record({ type: of("dropLock"), index: uint64 }),
  fc.record({ type: of("releaseLock"), hash }),
);
/** A state to complete, of any content. */
export const submission = fc.record({
  type: fc.constant("submitState" as const),
  id: mark(64),
  idempotencyKey: mark(255),
  body: fc.record({ proposal, operations: fc.array(operation, { maxLength: 5 }), signature: bytes(65) }),
});
/** What is answered to it. */
export const answer = fc.record({
  id: mark(64),
  replayed: fc.boolean(),
  result: fc.record({
    commit: uint64,
    systemSignature: fc.record({ signature: bytes(65), proof: fc.array(hash, { maxLength: 64 }) }),
  }),
});
