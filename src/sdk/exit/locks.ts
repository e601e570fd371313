import { claimsOf, NO_CLAIMS, type Claims } from "../../protocol";
import type { DisputeHub } from "../chain/disputes";
import type { Evidence } from "./evidence";

/**
 * What of the user's incoming locks can be claimed.
 * @param cap close time + lock limit, once a close is pending
 */
export async function claimableLocks(
  hub: DisputeHub,
  { held, preimages }: Evidence,
  now: bigint,
  cap: bigint | undefined,
): Promise<Claims> {
  if (held === undefined || held.locks.length === 0) return NO_CLAIMS;
  const { locks } = held;
  const registeredAt = await Promise.all(locks.map(({ hash }) => hub.revealedAt(hash)));
  return claimsOf({ tree: held.note, locks, preimages, registeredAt, now, cap });
}
