import { fail } from "../errors";
import type { AssetSettings } from "./asset";
import { balance } from "./balance";
import { checkLocks, holdsLock } from "./lockRules";
import { maximum } from "./primitives";
import { checkDeadline } from "./systemRules";
import type { Funds, Hash, Lock, Note, State, Withdrawal } from "./types";

/** What U knows of its channel when it is asked to believe or sign. */
export interface UserView {
  /** Of the final block. */
  readonly funds: Funds;
  /** The latest complete state. */
  readonly state: State;
  /** The best note that U believes. */
  readonly note: Note;
  /** The locks of that note. */
  readonly incoming: readonly Lock[];
  /** Hashes whose locks U gave up. */
  readonly released: ReadonlySet<Hash>;
  /** Hashes whose preimage the final chain shows registered before the lock's expiry. */
  readonly registered: ReadonlySet<Hash>;
  /** Unix seconds of the final block. */
  readonly finalTime: bigint;
  /** `R*`: the largest `reclaimed` of any withdrawal that U signed and whose deadline is not final. */
  readonly signedReclaimed: bigint;
  /** A close is pending, or the epoch is not the current one. */
  readonly closing: boolean;
}

/** Seconds by which U's clock may be behind the chain's. */
const BEHIND = 120n;

/**
 * U5, U6: whether U believes a note with these locks that S signed: what left it unreleased and unexpired must have become
 * credit.
 * @throws channel_frozen, not_yet where S may have seen a later block, stale_note, locks_mismatch, bad_expiry, not_covered
 */
export function checkNote(view: UserView, note: Note, locks: readonly Lock[], asset: AssetSettings, now: bigint): void {
  if (view.closing || note.channelId !== view.state.channelId) fail("channel_frozen", { channel: note.channelId });
  const settled = view.incoming.filter((lock) => !holdsLock(locks, lock) && !mayLeaveUnpaid(view, lock));
  const folded = maximum(view.note.seq, view.state.noteSeq);
  const floor = maximum(view.note.credited, view.state.noteCredited) + sumOf(settled);
  if (note.seq <= folded || note.credited < floor) {
    const ending = settled.filter(({ hash, expiry }) => expiry < now + BEHIND && !view.registered.has(hash));
    const until = ending.reduce((latest, { expiry }) => maximum(latest, expiry), 0n);
    if (note.seq > folded && note.credited + sumOf(ending) >= floor)
      fail("not_yet", { finalTime: view.finalTime, until });
    fail("stale_note", { seq: note.seq, credited: note.credited, heldSeq: folded, heldCredited: floor });
  }
  checkLocks(note, locks);
  const limit = now + asset.lockLimit;
  const far = locks.find((lock) => lock.expiry > limit && !holdsLock(view.incoming, lock));
  if (far !== undefined) fail("bad_expiry", { got: far.expiry, now, limit });
  requireCover(view, balance(view.funds, view.state, note) + note.locked, view.signedReclaimed, asset);
}

/**
 * U5 and U6: whether U signs a withdrawal that S may send.
 * @throws channel_frozen, bad_deadline, bad_withdrawal, not_covered
 */
export function checkOwnWithdrawal(view: UserView, withdrawal: Withdrawal, asset: AssetSettings, now: bigint): void {
  if (view.closing) fail("channel_frozen", { channel: withdrawal.channelId });
  checkDeadline(withdrawal.deadline, asset, now);
  if (withdrawal.withdrawn < view.funds.withdrawn || withdrawal.reclaimed < view.funds.reclaimed) {
    fail("bad_withdrawal", { withdrawn: view.funds.withdrawn, reclaimed: view.funds.reclaimed });
  }
  const reclaimed = maximum(view.signedReclaimed, withdrawal.reclaimed);
  requireCover(view, balance(view.funds, view.state, view.note) + view.note.locked, reclaimed, asset);
}

function sumOf(locks: readonly Lock[]): bigint {
  return locks.reduce((sum, { amount }) => sum + amount, 0n);
}

/** A lock that U gave up, or whose expiry is final without a registration in time (S3). */
function mayLeaveUnpaid(view: UserView, lock: Lock): boolean {
  return view.released.has(lock.hash) || (view.finalTime > lock.expiry && !view.registered.has(lock.hash));
}

/** In a `collateral` asset U believes only what stays covered even if all it signed away is taken. */
function requireCover(view: UserView, due: bigint, signedReclaimed: bigint, asset: AssetSettings): void {
  if (asset.backing !== "collateral") return;
  const { collateral, reclaimed } = view.funds;
  const left = collateral - (maximum(signedReclaimed, reclaimed) - reclaimed);
  if (left < due) fail("not_covered", { due, collateral: left });
}
