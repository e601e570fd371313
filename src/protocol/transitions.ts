import { fail } from "../errors";
import { addLock, amountFor, lockAt, withoutLock } from "./locks";
import { lockSummary } from "./lockTree";
import { memoOf, type NoteOperation, type StateOperation } from "./operations";
import { INT128_MAX, INT128_MIN, positiveAmount, UINT128_MAX, UINT64_MAX, within } from "./primitives";
import type { Lock, LockSummary, Note, State } from "./types";

/**
 * The state that follows `state` by `operations`, and the locks pending in it: the only way from one version to the next
 * (S2).
 * @param locks the locks pending in `state`
 * @throws stale_note, unknown_lock, wrong_preimage, invalid_amount, invalid_hex, out_of_range
 */
export function advanceState(
  state: State,
  locks: readonly Lock[],
  operations: readonly StateOperation[],
): { readonly state: State; readonly locks: readonly Lock[] } {
  let { net, noteSeq, noteCredited } = state;
  let pending = locks;
  for (const operation of operations) {
    switch (operation.type) {
      case "pay":
      case "redeem":
      case "refund":
      case "fee":
        net -= positiveAmount(operation.amount);
        break;
      case "fold":
        if (operation.seq < noteSeq || operation.credited < noteCredited) {
          fail("stale_note", { seq: operation.seq, credited: operation.credited, folded: noteSeq });
        }
        net += operation.credited - noteCredited;
        noteSeq = operation.seq;
        noteCredited = operation.credited;
        break;
      case "lock": {
        const { hash, expiry, fee } = operation;
        const amount = positiveAmount(operation.amount) + within(fee, 0n, UINT128_MAX, "fee");
        pending = addLock(pending, { hash, amount: positiveAmount(amount), expiry });
        break;
      }
      case "foldLock":
        net -= amountFor(lockAt(pending, operation.index), operation.preimage);
        pending = withoutLock(pending, operation.index);
        break;
      case "dropLock":
        pending = withoutLock(pending, lockAt(pending, operation.index).index);
        break;
      case "releaseLock":
        // What U releases is a lock of its note: S answers with a note without it.
        break;
    }
  }
  const { locked, locksExpiry, locksRoot } = pending === locks ? state : summaryOf(pending);
  const next = {
    channelId: state.channelId,
    version: within(state.version + 1n, 1n, UINT64_MAX, "version"),
    net: within(net, INT128_MIN, INT128_MAX, "net"),
    noteSeq: within(noteSeq, 0n, UINT64_MAX, "noteSeq"),
    noteCredited: within(noteCredited, 0n, UINT128_MAX, "noteCredited"),
    locked,
    locksExpiry,
    locksRoot,
    memo: memoOf(operations),
  };
  return { state: next, locks: pending };
}

/** As {@link advanceState}, of a state without locks, or by operations that concern none: it keeps those it has. */
export function nextState(state: State, operations: readonly StateOperation[]): State {
  return advanceState(state, [], operations).state;
}

/**
 * The note that follows `note` by `operations`, and the locks pending in it.
 * @param locks the locks pending in `note`
 * @throws unknown_lock, wrong_preimage, invalid_amount, invalid_hex, out_of_range
 */
export function advanceNote(
  note: Note,
  locks: readonly Lock[],
  operations: readonly NoteOperation[],
): { readonly note: Note; readonly locks: readonly Lock[] } {
  let { credited } = note;
  let pending = locks;
  for (const operation of operations) {
    switch (operation.type) {
      case "issue":
      case "receive":
        credited += positiveAmount(operation.amount);
        break;
      case "receiveLock": {
        const { hash, expiry } = operation;
        pending = addLock(pending, { hash, amount: positiveAmount(operation.amount), expiry });
        break;
      }
      case "settleLock":
        credited += amountFor(lockAt(pending, operation.index), operation.preimage);
        pending = withoutLock(pending, operation.index);
        break;
      case "lapseLock":
      case "returnLock":
        pending = withoutLock(pending, lockAt(pending, operation.index).index);
        break;
    }
  }
  const { locked, locksExpiry, locksRoot } = pending === locks ? note : summaryOf(pending);
  const next = {
    channelId: note.channelId,
    seq: within(note.seq + 1n, 1n, UINT64_MAX, "seq"),
    credited: within(credited, 0n, UINT128_MAX, "credited"),
    locked,
    locksExpiry,
    locksRoot,
    memo: memoOf(operations),
  };
  return { note: next, locks: pending };
}

/** As {@link advanceNote}, of a note without locks, or by operations that concern none: it keeps those it has. */
export function nextNote(note: Note, operations: readonly NoteOperation[]): Note {
  return advanceNote(note, [], operations).note;
}

function summaryOf(locks: readonly Lock[]): LockSummary {
  const summary = lockSummary(locks);
  within(summary.locked, 0n, UINT128_MAX, "locked");
  return summary;
}
