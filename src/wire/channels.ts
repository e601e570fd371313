import * as z from "zod";

import { channelStatus } from "./accounts";
import { feeSchedule } from "./fees";
import { heldNote, lock, lockOutcome, state, stateOperation, systemSignature, withdrawal } from "./messages";
import { address, channelId, decimals, int128, list, signature, uint128, uint64, unsigned } from "./values";

export const completeState = z.object({ state, userSignature: signature, systemSignature });

export const signedWithdrawal = z.object({ withdrawal, userSignature: signature, systemSignature: signature });

const common = {
  id: channelId,
  key: z.object({ system: address, user: address, token: address, epoch: unsigned }),
  decimals,
  status: channelStatus,
  funds: z.object({ deposited: uint128, withdrawn: uint128, reclaimed: uint128, collateral: uint128 }),
  balance: int128,
  available: int128,
};

export const channelSummary = z.object({
  ...common,
  version: uint64.meta({ description: "Of the latest complete state; 0 before the first." }),
  seq: uint64.meta({ description: "Of the latest note; 0 before the first." }),
});

export const channel = z.object({
  ...common,
  state: completeState.nullable().meta({ description: "The latest complete state; null before the first." }),
  note: heldNote.nullable().meta({ description: "The latest note; null before the first." }),
  outgoing: list(lock).meta({ description: "The locks pending in the state." }),
  outcomes: list(lockOutcome).meta({ description: "How outgoing locks have ended; the next state may say so." }),
  lostUntil: uint64.nullable().meta({
    description:
      "The system has lost data: nothing is signed before both sides begin anew, which they can from this time on (Unix seconds, final on chain); else null.",
  }),
  withdrawal: signedWithdrawal.nullable().meta({ description: "Signed, not on the final chain yet." }),
  fees: feeSchedule.meta({ description: "What the account's payments cost." }),
});

/** A state with what shows how it came about, and that both signed it. */
export const receipt = z.object({
  commit: unsigned,
  channel: z.object({ system: address, user: address, token: address, epoch: unsigned }),
  decimals,
  ...completeState.shape,
  operations: list(stateOperation)
    .nullable()
    .meta({ description: "What the state's memo is the hash of; null in very old records." }),
});

/** Payments that one state may make. */
export const BATCH = 5_000;
/** As many operations of a state as those with their fees, and what is folded besides. */
export const OPERATIONS = 2 * BATCH + 1_024;

export const stateSubmission = z.strictObject({
  proposal: state,
  operations: list(stateOperation, OPERATIONS),
  signature,
});

export const stateReceipt = z.object({ commit: unsigned, systemSignature });

export type StateReceipt = z.output<typeof stateReceipt>;

/** What `z.encode` makes of a receipt, without looking at every hash of its proof again: nothing is answered more often. */
export function encodeStateReceipt({ commit, systemSignature }: StateReceipt): z.input<typeof stateReceipt> {
  const { signature, proof } = systemSignature;
  return { commit: commit.toString(), systemSignature: { signature, proof } };
}
