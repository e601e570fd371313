import { claimsOf, NO_CLAIMS, type Claims, type HubClient } from "../../chain";
import type { Evidence } from "../../sdk/exit/evidence";

/**
 * What of the user's incoming locks can be claimed.
 * @param cap close time + lock limit, once a close is pending
 */
export async function claimableLocks(
  hub: HubClient,
  { held, preimages }: Evidence,
  now: bigint,
  cap: bigint | undefined,
): Promise<Claims> {
  if (held === undefined || held.locks.length === 0) return NO_CLAIMS;
  const { locks } = held;
  const registry = await hub.registry();
  const registeredAt = await Promise.all(locks.map(({ hash }) => registry.registeredAt(hash, "latest")));
  return claimsOf({ tree: held.note, locks, preimages, registeredAt, now, cap });
}
