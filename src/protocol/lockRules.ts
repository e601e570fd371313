import { fail } from "../errors";
import type { AssetSettings } from "./asset";
import { lockSummary } from "./lockTree";
import { maximum } from "./primitives";
import type { Address, Lock, LockSummary } from "./types";

/** What S takes on in conditional transfers: time to pass a preimage on, and limits against jamming (case 30). */
export interface LockPolicy {
  /** Seconds by which the payee's lock ends before the payer's. */
  readonly margin: bigint;
  /** Locks pending in one channel at most, each way. */
  readonly maxCount: number;
  /** Money pending in one channel at most, each way, in base units per token; for a token not named, its allotment. */
  readonly maxValue: Readonly<Record<Address, bigint>>;
}

/** An hour of margin; as many locks as the hub proves in one storage slot. */
export const DEFAULT_LOCK_POLICY: LockPolicy = { margin: 3_600n, maxCount: 128, maxValue: {} };

/**
 * U6 and S2: a lock ends in the future, and no further away than the lock limit.
 * @throws bad_expiry
 */
export function checkExpiry(expiry: bigint, asset: AssetSettings, now: bigint): void {
  const limit = now + asset.lockLimit;
  if (expiry <= now || expiry > limit) fail("bad_expiry", { got: expiry, now, limit });
}

/**
 * When the payee's lock ends if the payer's ends at `expiry`: a margin earlier, and a margin from now at the soonest, so
 * that the payee has time to reveal, and S to collect.
 * @throws bad_expiry
 */
export function payeeExpiry(expiry: bigint, asset: AssetSettings, { margin }: LockPolicy, now: bigint): bigint {
  checkExpiry(expiry, asset, now);
  if (expiry - margin < now + margin) fail("bad_expiry", { got: expiry, now, soonest: now + 2n * margin });
  return expiry - margin;
}

/**
 * When the payer's lock ends that pays an invoice of `expiry`: a margin after the invoice, and late enough for the payee to
 * claim what is paid at the last moment; half a margin is for the way.
 * @throws invoice_closed from `expiry` on
 */
export function payerExpiry(expiry: bigint, margin: bigint, now: bigint): bigint {
  if (now >= expiry) fail("invoice_closed", { expiry, now });
  return maximum(expiry, now + margin + margin / 2n) + margin;
}

/** From when on what has not been settled between the parties is settled by registering the preimage (U4, section 7). */
export function registerFrom(expiry: bigint, margin: bigint): bigint {
  return expiry - margin / 2n;
}

/**
 * Whether one channel may hold these locks (case 30).
 * @throws too_many_locks
 */
export function checkLockLimit(summary: LockSummary, locks: readonly Lock[], maxCount: number, maxValue: bigint): void {
  if (locks.length > maxCount || summary.locked > maxValue) {
    fail("too_many_locks", { locks: locks.length, maxCount, locked: summary.locked, maxValue });
  }
}

/**
 * U5: sum, latest expiry and root of a state or note are those of `locks`, and their indices rise: the hub counts an index once, and
 * lists are searched by halves. One root stands for lists in several orders, since pairs in a tree are sorted.
 * @throws locks_mismatch
 */
export function checkLocks(summary: LockSummary, locks: readonly Lock[]): void {
  const { locked, locksExpiry, locksRoot } = lockSummary(locks);
  if (summary.locked !== locked || summary.locksExpiry !== locksExpiry || summary.locksRoot !== locksRoot) {
    fail("locks_mismatch", { got: summary.locksRoot, want: locksRoot, locked });
  }
  if (locks.some(({ index }, i) => i > 0 && index <= locks[i - 1]!.index)) {
    fail("locks_mismatch", { locks: locks.length, reason: "an index is not above the one before" });
  }
}

/** Whether a lock is in the list as it is: index, hash, amount and expiry. */
export function holdsLock(locks: readonly Lock[], lock: Lock): boolean {
  return locks.some(
    ({ index, hash, amount, expiry }) =>
      index === lock.index && hash === lock.hash && amount === lock.amount && expiry === lock.expiry,
  );
}
