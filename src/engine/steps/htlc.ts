import { fail } from "../../errors";
import type { Hash, StateOperationOf } from "../../protocol";
import { fact, type Entry } from "../events";
import type { Channel, Htlc, InvoiceStatus } from "../records";
import { isOpen, type LedgerView } from "../view";
import type { Draft } from "./draft";
import { signedIn } from "./pay";

// The payee's leg of a conditional transfer ends first; then the payer's may (S3, property 6).

/** Pays the payee: in a note, or, while its channel is being closed, by what the hub does with the lock. */
export function settle(draft: Draft, htlc: Htlc, preimage: Hash): void {
  const { outgoing, incoming } = htlc;
  const { hash } = outgoing;
  const payer = draft.channel(htlc.payer);
  const payee = draft.channel(htlc.payee);
  const asset = draft.asset(payer);
  const isPaidHere: boolean = isOpen(payee);
  if (isPaidHere) {
    if (htlc.status === "pending") draft.note(payee, { type: "settleLock", index: incoming.index, preimage });
    // Its lock had been returned already, but an older note of the payee still shows it.
    else draft.note(payee, { type: "receive", from: payer.key.user, amount: incoming.amount, reference: hash });
  }
  const paid = { from: "locked", reference: hash, party: payer.key.user } as const;
  draft.move("payment.settled", asset, { to: payee.key.user, amount: incoming.amount, ...paid }, { preimage });
  if (!isPaidHere) {
    const left = { from: payee.key.user, to: "settled", amount: incoming.amount, reference: hash } as const;
    draft.move("payment.leftToChain", asset, left, { channelId: payee.id });
    draft.owe(asset, -incoming.amount);
  }
  const fee = outgoing.amount - incoming.amount;
  draft.move("fee.charged", asset, { to: "fees", amount: fee, ...paid }, {});
  draft.owe(asset, -fee);
  draft.decide({ ...htlc, status: "settled" });
  closeInvoice(draft, payee, hash, "settled");
}

/**
 * Ends the payee's leg unpaid, as its expiry is final without a registration in time: no note that shows the lock, not one
 * before a release either, is worth anything by it any more.
 */
export function lapse(draft: Draft, htlc: Htlc): void {
  if (htlc.status === "settled" || isFree(draft.view, htlc)) return;
  if (htlc.status === "pending") {
    const payee = draft.channel(htlc.payee);
    if (isOpen(payee)) draft.note(payee, { type: "lapseLock", index: htlc.incoming.index });
    closeInvoice(draft, payee, htlc.outgoing.hash, "expired");
  }
  if (htlc.status === "pending") reportFailure(draft, htlc, "expired");
  draft.decide({ ...htlc, status: "failed", returnedIn: 0n });
}

/** The payer's leg is paid. */
export function foldLock(draft: Draft, payer: Channel, { index, preimage }: StateOperationOf<"foldLock">): void {
  const htlc = htlcOf(draft.view, payer, index);
  if (htlc.status === "failed") fail("wrong_outcome", { index, status: htlc.status });
  if (htlc.status === "pending") {
    // While the payee's channel is being closed only the chain decides.
    if (!isOpen(draft.channel(htlc.payee))) fail("lock_pending", { index });
    settle(draft, htlc, preimage);
    learn(draft, { hash: htlc.outgoing.hash, preimage });
  }
  draft.decide({ ...htlc, status: "settled", over: true });
}

/** The payer's lock comes back. */
export function dropLock(draft: Draft, payer: Channel, { index }: StateOperationOf<"dropLock">): void {
  const htlc = htlcOf(draft.view, payer, index);
  if (htlc.status === "settled") fail("wrong_outcome", { index, status: htlc.status });
  if (!isFree(draft.view, htlc)) fail("lock_pending", { index });
  draft.move("payment.returned", draft.asset(payer), returnOf(draft.view, payer, htlc), signedIn(payer));
  draft.decide({ ...htlc, over: true });
}

/** The payee gives up its lock: a note without it, which the payee must fold before the payer's is free (S3). */
export function releaseLock(draft: Draft, payee: Channel, { hash }: StateOperationOf<"releaseLock">): void {
  const htlc = [...draft.view.htlcsUnder(hash)].find((one) => one.payee === payee.id && one.status === "pending");
  if (htlc === undefined) return fail("unknown_lock", { hash });
  draft.note(payee, { type: "returnLock", index: htlc.incoming.index });
  reportFailure(draft, htlc, "released");
  draft.decide({ ...htlc, status: "failed", returnedIn: payee.note.seq + 1n });
  closeInvoice(draft, payee, hash, "cancelled");
}

/** Whether the payer's lock may go back: nothing that the payee could show on chain still pays it (S3). */
export function isFree(view: LedgerView, { status, payee, returnedIn }: Htlc): boolean {
  if (status !== "failed") return false;
  const channel = view.channel(payee);
  // A settled epoch is not kept for ever: its notes are void.
  return channel === undefined || channel.status === "settled" || channel.state.noteSeq >= returnedIn;
}

/** Keeps a preimage, and when it was registered first. */
export function learn(draft: Draft, found: { hash: Hash; preimage: Hash; registeredAt?: bigint }): void {
  const known = draft.view.preimage(found.hash);
  const registeredAt = known?.registeredAt ?? found.registeredAt ?? null;
  if (known?.registeredAt === registeredAt) return;
  draft.learn({ hash: found.hash, preimage: found.preimage, registeredAt });
}

/** Where the payee's epoch is over it may be forgotten. */
export function returnOf(view: LedgerView, payer: Channel, { outgoing, payee }: Htlc): Entry {
  const party = view.channel(payee)?.key.user;
  const sides = { from: "locked", to: payer.key.user, amount: outgoing.amount, reference: outgoing.hash } as const;
  return party === undefined ? sides : { ...sides, party };
}

function reportFailure(draft: Draft, htlc: Htlc, reason: "released" | "expired"): void {
  const { incoming, outgoing } = htlc;
  const [payer, payee] = [draft.channel(htlc.payer).key, draft.channel(htlc.payee).key];
  const about = { account: payer.user, party: payee.user, token: payer.token, reference: outgoing.hash };
  draft.report(fact("payment.failed", { reason, amount: incoming.amount }, about));
}

/** The invoice of a hosted payee ends as the transfer that pays it does. */
function closeInvoice(draft: Draft, payee: Channel, hash: Hash, status: InvoiceStatus): void {
  const kept = draft.view.invoice(hash);
  if (kept?.invoice.account === payee.key.user) draft.keep({ ...kept, status, over: status !== "cancelled" });
}

/** What a lock of the payer belongs to. */
function htlcOf(view: LedgerView, payer: Channel, index: bigint): Htlc {
  return view.htlcAt(payer.id, index) ?? fail("unknown_lock", { index });
}
