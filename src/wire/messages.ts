import * as z from "zod";

import { address, amount, channelId, hash, int128, list, signature, uint128, uint64 } from "./values";

// What users and systems sign, as JSON: the same fields as in section 3 of the protocol.

const lockSummary = { locked: uint128, locksExpiry: uint64, locksRoot: hash };

export const state = z.strictObject({
  channelId,
  version: uint64,
  net: int128,
  noteSeq: uint64,
  noteCredited: uint128,
  ...lockSummary,
  memo: hash,
});

export const note = z.strictObject({ channelId, seq: uint64, credited: uint128, ...lockSummary, memo: hash });

export const lock = z.strictObject({ index: uint64, hash, amount: uint128, expiry: uint64 });

export const withdrawal = z.strictObject({
  channelId,
  withdrawn: uint128,
  reclaimed: uint128,
  recipient: address,
  deadline: uint64,
});

export const systemSignature = z
  .strictObject({ signature, proof: list(hash, 64) })
  .meta({ description: "On the struct itself, or, with a proof, on the root of the batch that it is a leaf of." });

export const heldNote = z.strictObject({ note, locks: list(lock), signed: systemSignature });

const foldLock = z.strictObject({ type: z.literal("foldLock"), index: uint64, preimage: hash });
const dropLock = z.strictObject({ type: z.literal("dropLock"), index: uint64 });

export const lockOutcome = z.discriminatedUnion("type", [foldLock, dropLock]);

export const stateOperation = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("pay"), to: address, amount, reference: hash }),
  z.strictObject({ type: z.literal("redeem"), amount, reference: hash }),
  z.strictObject({ type: z.literal("refund"), to: address, amount, payment: hash, reference: hash }),
  z.strictObject({ type: z.literal("fee"), amount, reference: hash }),
  z.strictObject({ type: z.literal("fold"), seq: uint64, credited: uint128 }),
  z.strictObject({
    type: z.literal("lock"),
    to: address,
    amount,
    fee: uint128,
    hash,
    expiry: uint64,
    reference: hash,
  }),
  foldLock,
  dropLock,
  z.strictObject({ type: z.literal("releaseLock"), hash }),
]);
