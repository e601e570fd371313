import { hashOfPreimage } from "../locks";
import { lockTree } from "../lockTree";
import { minimum } from "../primitives";
import type { Hash, Lock, LockSummary } from "../types";
import type { LockEvidence } from "./evidence";

/** What of a tree of locks can be claimed. */
export interface Claims {
  readonly locks: readonly LockEvidence[];
  readonly total: bigint;
  /** Preimages that are known, in time, and not public yet. */
  readonly unregistered: readonly Hash[];
  /** Until when, in Unix seconds, the first of them must be public; undefined where there are none. */
  readonly until: bigint | undefined;
}

export const NO_CLAIMS: Claims = { locks: [], total: 0n, unregistered: [], until: undefined };

/** What decides which locks can be claimed; times in Unix seconds. */
export interface ClaimInput {
  /** Of the state or note whose tree it is. */
  readonly tree: Pick<LockSummary, "locksExpiry">;
  /** Its leaves, in their order. */
  readonly locks: readonly Lock[];
  readonly preimages: readonly Hash[];
  /** When the registry learned the preimage of each lock. */
  readonly registeredAt: readonly (bigint | undefined)[];
  /** The latest block's time. */
  readonly now: bigint;
  /** Close time + lock limit, once a close is pending. */
  readonly cap: bigint | undefined;
}

/** The locks whose preimage was registered in time, or is known and can still be shown in time (section 6). */
export function claimsOf({ tree, locks, preimages, registeredAt, now, cap }: ClaimInput): Claims {
  if (locks.length === 0) return NO_CLAIMS;
  const known = new Map(preimages.map((preimage) => [hashOfPreimage(preimage), preimage]));
  const paths = lockTree(locks);
  const last = cap === undefined ? tree.locksExpiry : minimum(tree.locksExpiry, cap);
  const claimable: LockEvidence[] = [];
  const unregistered = new Map<Hash, bigint>();
  for (const [i, lock] of locks.entries()) {
    const until = minimum(lock.expiry, last);
    const time = registeredAt[i];
    const preimage = known.get(lock.hash);
    // The next block is later than the latest: at its time plus one the lock must still be alive.
    const canShow = preimage !== undefined && now + 1n < until;
    if (time !== undefined && time < until) claimable.push({ lock, proof: paths.proof(i), preimage: undefined });
    else if (canShow) {
      claimable.push({ lock, proof: paths.proof(i), preimage });
      if (time === undefined) unregistered.set(preimage, minimum(until, unregistered.get(preimage) ?? until));
    }
  }
  return {
    locks: claimable,
    total: claimable.reduce((sum, { lock }) => sum + lock.amount, 0n),
    unregistered: [...unregistered.keys()],
    until: unregistered.size === 0 ? undefined : [...unregistered.values()].reduce(minimum),
  };
}
