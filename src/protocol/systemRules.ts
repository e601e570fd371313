import { fail } from "../errors";
import type { AssetSettings } from "./asset";
import { available, balance, netOf } from "./balance";
import { hashState } from "./hashing";
import type { StateOperation } from "./operations";
import { positive } from "./primitives";
import { advanceState } from "./transitions";
import type { Closing, Funds, Lock, Note, State, Withdrawal } from "./types";

/** What S knows of a channel when it is asked to sign. */
export interface SystemView {
  /** Final on chain. */
  readonly funds: Funds;
  /** The latest complete state. */
  readonly state: State;
  /** The latest note that S issued. */
  readonly note: Note;
  /** U's pending locks, those of `state`. */
  readonly outgoing: readonly Lock[];
  readonly pending: Withdrawal | null;
  /** `credited` of an issued note of this seq, if it can still be folded. */
  creditedAt(seq: bigint): bigint | undefined;
}

/**
 * S2: whether S may countersign `proposal` on top of the latest complete state.
 * @returns the locks pending in it
 * @throws stale_version, state_mismatch, unknown_note, insufficient_balance, and what {@link advanceState} throws
 */
export function checkProposal(
  view: SystemView,
  proposal: State,
  operations: readonly StateOperation[],
): readonly Lock[] {
  if (proposal.version !== view.state.version + 1n) {
    fail("stale_version", { got: proposal.version, want: view.state.version + 1n });
  }
  if (operations.length === 0) fail("state_mismatch", { operations: 0 });
  for (const operation of operations) {
    if (operation.type === "fold" && view.creditedAt(operation.seq) !== operation.credited) {
      fail("unknown_note", { seq: operation.seq, credited: operation.credited });
    }
  }
  const { state, locks } = advanceState(view.state, view.outgoing, operations);
  if (!isSameState(state, proposal)) fail("state_mismatch", { got: hashState(proposal), want: hashState(state) });
  const left = available(view.funds, proposal, view.note, view.pending);
  if (left < 0n) fail("insufficient_balance", { short: -left });
  return locks;
}

/** Field by field, which is a hundredth of the time that two hashes take. */
function isSameState(a: State, b: State): boolean {
  return (
    a.channelId === b.channelId &&
    a.version === b.version &&
    a.net === b.net &&
    a.noteSeq === b.noteSeq &&
    a.noteCredited === b.noteCredited &&
    a.locked === b.locked &&
    a.locksExpiry === b.locksExpiry &&
    a.locksRoot === b.locksRoot &&
    a.memo === b.memo
  );
}

/**
 * Section 1 and 2: whether S may promise `amount` more to U, in credit or in a lock, given the allotment and, in a
 * `collateral` asset, what covers this channel.
 * @throws allotment_exceeded, not_covered
 */
export function checkCredit(view: SystemView, amount: bigint, asset: AssetSettings, allotment: bigint): void {
  const owed = promisedTo(view) + amount;
  // What S may take back by a withdrawal that is signed already covers nothing.
  const promised = view.pending === null ? 0n : positive(view.pending.reclaimed - view.funds.reclaimed);
  const collateral = view.funds.collateral - promised;
  const uncovered = owed - collateral;
  if (asset.backing === "collateral" && uncovered > 0n) fail("not_covered", { owed, collateral });
  if (uncovered > allotment) fail("allotment_exceeded", { owed, allotment });
}

/**
 * S8 and section 3: whether S may countersign a withdrawal.
 * @throws withdrawal_pending, bad_withdrawal, bad_deadline, insufficient_balance, not_covered
 */
export function checkWithdrawal(view: SystemView, withdrawal: Withdrawal, asset: AssetSettings, now: bigint): void {
  if (view.pending !== null) fail("withdrawal_pending", { until: view.pending.deadline });
  const toUser = withdrawal.withdrawn - view.funds.withdrawn;
  const toSystem = withdrawal.reclaimed - view.funds.reclaimed;
  if (toUser < 0n || toSystem < 0n || toUser + toSystem === 0n) {
    fail("bad_withdrawal", { withdrawn: view.funds.withdrawn, reclaimed: view.funds.reclaimed });
  }
  checkDeadline(withdrawal.deadline, asset, now);
  const left = available(view.funds, view.state, view.note, withdrawal);
  if (left < 0n) fail("insufficient_balance", { short: -left });
  // All that U was promised stays covered where nothing else backs it (U5); elsewhere U is only paid first (section 3).
  const needed = asset.backing === "collateral" ? promisedTo(view) : toUser;
  const rest = view.funds.collateral - needed;
  if (toSystem > 0n && toSystem > rest) fail("not_covered", { reclaimed: toSystem, collateral: rest });
}

/** What S owes U if all of U's incoming locks are claimed. */
function promisedTo({ funds, state, note }: SystemView): bigint {
  return balance(funds, state, note) + note.locked;
}

/**
 * S8: whether a cooperative closing is what the channel stands at, with no locks and nothing else pending.
 * @throws withdrawal_pending, state_mismatch, bad_deadline
 */
export function checkClosing(view: SystemView, closing: Closing, asset: AssetSettings, now: bigint): void {
  if (view.pending !== null) fail("withdrawal_pending", { until: view.pending.deadline });
  const net = netOf(view.state, view.note);
  const locked = view.state.locked + view.note.locked;
  if (closing.net !== net || locked !== 0n) fail("state_mismatch", { got: closing.net, want: net, locked });
  checkDeadline(closing.deadline, asset, now);
}

/**
 * No deadline is further away than one challenge period (section 3, U6).
 * @throws bad_deadline
 */
export function checkDeadline(deadline: bigint, asset: AssetSettings, now: bigint): void {
  if (deadline <= now || deadline > now + asset.challengePeriod) {
    fail("bad_deadline", { got: deadline, now, limit: now + asset.challengePeriod });
  }
}
