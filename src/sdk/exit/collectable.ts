import { ZERO_ADDRESS, type Address } from "../../protocol";
import type { DisputeHub } from "../chain/disputes";
import type { AssetOnChain, Parties } from "../chain/hub";

/** Money that waits outside the channel; `readyAt` undefined: nobody can tell when. */
export type Collectable =
  | { readonly kind: "owed"; readonly token: Address; readonly amount: bigint; readonly readyAt: bigint }
  | { readonly kind: "claim"; readonly index: bigint; readonly amount: bigint; readonly readyAt: bigint | undefined }
  | { readonly kind: "award"; readonly index: bigint; readonly amount: bigint; readonly readyAt: bigint };

/** What waits for the user: blocked payouts, claims on the reserve, awards of the bond (section 2). */
export async function findCollectable(
  hub: DisputeHub,
  { system, token, user }: Parties,
  { claims, awards }: AssetOnChain,
  now: bigint,
): Promise<Collectable[]> {
  const found: Collectable[] = [];
  for (const kept of new Set([token, ZERO_ADDRESS])) {
    const amount = await hub.owed(kept, user);
    if (amount > 0n) found.push({ kind: "owed", token: kept, amount, readyAt: now });
  }
  for (let index = 0n; index < claims; index++) {
    const { recipient, amount } = await hub.claim(system, token, index);
    if (recipient !== user || amount === 0n) continue;
    const isCovered = await hub.canCollectClaim(system, token, index);
    found.push({ kind: "claim", index, amount, readyAt: isCovered ? now : undefined });
  }
  for (let index = 0n; index < awards; index++) {
    const { recipient, amount, ripeAt } = await hub.award(system, token, index);
    if (recipient === user && amount > 0n) found.push({ kind: "award", index, amount, readyAt: ripeAt });
  }
  return found;
}
