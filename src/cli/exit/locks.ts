import type { HubClient, LockEvidence } from "../../chain";
import { hashOfPreimage, lockLeaf, merkleTree, minimum, type Hash } from "../../protocol";
import type { Evidence } from "../../sdk/exit/evidence";

/** What of the user's incoming locks can be claimed. */
export interface ClaimableLocks {
  readonly locks: readonly LockEvidence[];
  readonly total: bigint;
  /** Preimages that are known, in time, and not public yet. */
  readonly unregistered: readonly Hash[];
}

/**
 * The locks whose preimage is known and in time, or was registered in time.
 * @param cap close time + lock limit, once a close is pending
 */
export async function claimableLocks(
  hub: HubClient,
  { held, preimages }: Evidence,
  now: bigint,
  cap: bigint | undefined,
): Promise<ClaimableLocks> {
  const locks = held?.locks ?? [];
  if (held === undefined || locks.length === 0) return { locks: [], total: 0n, unregistered: [] };
  const known = new Map(preimages.map((preimage) => [hashOfPreimage(preimage), preimage]));
  const tree = merkleTree(locks.map(lockLeaf));
  const last = cap === undefined ? held.note.locksExpiry : minimum(held.note.locksExpiry, cap);
  const registry = await hub.registry();
  const times = await Promise.all(locks.map(({ hash }) => registry.registeredAt(hash, "latest")));
  const claimable: LockEvidence[] = [];
  const unregistered: Hash[] = [];
  for (const [i, lock] of locks.entries()) {
    const until = minimum(lock.expiry, last);
    const revealedAt = times[i];
    const preimage = known.get(lock.hash);
    const isRegistered = revealedAt !== undefined && revealedAt < until;
    // The next block is later than the latest: at its time plus one the lock must still be alive.
    const canShow = preimage !== undefined && now + 1n < until;
    if (isRegistered) claimable.push({ lock, proof: tree.proof(i), preimage: undefined });
    else if (canShow) {
      claimable.push({ lock, proof: tree.proof(i), preimage });
      if (revealedAt === undefined) unregistered.push(preimage);
    }
  }
  const total = claimable.reduce((sum, { lock }) => sum + lock.amount, 0n);
  return { locks: claimable, total, unregistered };
}
