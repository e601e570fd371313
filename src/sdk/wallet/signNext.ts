import { fail } from "../../errors";
import { advanceState, available, checkExpiry, type StateOperation, type Withdrawal } from "../../protocol";
import type { Proposal } from "../store";
import type { Core } from "./core";

/**
 * Signs the next state: folds the best note and what has ended of its locks, then carries out `operations`; undefined where
 * there is nothing to do. It is to be stored before it is sent (U2).
 * @param pending what is signed to the chain meanwhile
 * @throws insufficient_balance, channel_frozen, invalid_amount, bad_expiry
 */
export async function signNext(
  core: Core,
  operations: readonly StateOperation[],
  pending: Withdrawal | null,
): Promise<Proposal | undefined> {
  const { memory, options } = core;
  core.requireOpen();
  const { state, note, funds, locks } = memory;
  const fold = { type: "fold", seq: note.seq, credited: note.credited } as const;
  const all = [...(note.seq > state.noteSeq ? [fold] : []), ...locks.outcomes, ...operations];
  if (all.length === 0) return undefined;
  const next = advanceState(state, locks.outgoing, all);
  for (const lock of next.locks) {
    if (!locks.outgoing.includes(lock)) checkExpiry(lock.expiry, options.asset, core.now());
  }
  const left = available(funds, next.state, note, pending);
  if (left < 0n) fail("insufficient_balance", { short: -left });
  const signature = await core.sign({ type: "State", value: next.state });
  // A close that was begun meanwhile is of the state before: a second one on top would make it a cheat (S6).
  core.requireOpen();
  return { ...next, operations: all, signature };
}
