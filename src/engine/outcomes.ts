import { minimum, registerFrom, type ChannelId, type Hash, type LockOutcome, type LockPolicy } from "../protocol";
import type { Channel } from "./records";
import { isFree } from "./steps/htlc";
import { isLost, isOpen, type LedgerView } from "./view";

/**
 * How the locks that U pays by have ended, as operations for its next state (section 7, steps 5 and 6). Nothing before the channel
 * has begun anew after a loss of data: U may have others at their places (S7).
 */
export function lockOutcomes(view: LedgerView, channel: Channel): LockOutcome[] {
  if (isLost(channel)) return [];
  const ended = [...view.endedHtlcs(channel.id)].sort((a, b) => (a.outgoing.index < b.outgoing.index ? -1 : 1));
  return ended.flatMap((htlc): LockOutcome[] => {
    const { index, hash } = htlc.outgoing;
    const known = view.preimage(hash);
    if (htlc.status === "settled" && known !== undefined) {
      return [{ type: "foldLock", index, preimage: known.preimage }];
    }
    return isFree(view, htlc) ? [{ type: "dropLock", index }] : [];
  });
}

/** A preimage that must be public before `until`, in Unix seconds. */
export interface DuePreimage {
  readonly preimage: Hash;
  readonly until: bigint;
}

/**
 * The open channels whose payers owe, by locks whose preimages became public before `since` (Unix seconds), what they have not
 * folded: only a close brings S its due. One whose withdrawal or closing is under way waits for that.
 */
export function abandonedBefore(view: LedgerView, since: bigint): ChannelId[] {
  const abandoned = new Set<ChannelId>();
  for (const { payer, outgoing, status } of view.openHtlcs()) {
    const channel = view.channel(payer);
    if (status !== "settled" || !isOpen(channel) || channel.pending !== null) continue;
    const publicSince = view.preimage(outgoing.hash)?.registeredAt ?? null;
    if (publicSince !== null && publicSince < since && publicSince < outgoing.expiry) abandoned.add(payer);
  }
  return [...abandoned];
}

/**
 * The preimages that S must register now to be paid itself: it has paid a payee, and the payer has not folded in time or
 * can no longer fold (section 7, step 5).
 */
export function preimagesToRegister(view: LedgerView, { margin }: LockPolicy, now: bigint): DuePreimage[] {
  const due = new Map<Hash, bigint>();
  for (const { payer, outgoing, status } of view.openHtlcs()) {
    const known = view.preimage(outgoing.hash);
    if (status !== "settled" || known === undefined || known.registeredAt !== null) continue;
    const isLate = now >= registerFrom(outgoing.expiry, margin) || !isOpen(view.channel(payer));
    if (!isLate || now >= outgoing.expiry) continue;
    due.set(known.preimage, minimum(outgoing.expiry, due.get(known.preimage) ?? outgoing.expiry));
  }
  return [...due].map(([preimage, until]) => ({ preimage, until }));
}
