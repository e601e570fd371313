import {
  hashOfPreimage,
  holdsLock,
  lockAt,
  type Hash,
  type Lock,
  type LockOutcome,
  type StateOperation,
} from "../../protocol";
import { fail } from "../../errors";
import type { Completed, HeldNote, OwnInvoice, WalletRecord } from "../store";

/** How a conditional payment of U's ended; what another device has folded, that one knows. */
export type PaymentOutcome =
  /** The payee was paid: the preimage is the receipt. */
  | { readonly status: "settled"; readonly preimage: Hash }
  /** The money is back. */
  | { readonly status: "returned" }
  | { readonly status: "unknown" };

/** What a wallet remembers of its conditional transfers; all but the outcomes follows from its records. */
export class WalletLocks {
  /** Those of the latest complete state. */
  outgoing: readonly Lock[] = [];
  /** How outgoing locks have ended, as S says; to be signed with the next state. */
  outcomes: readonly LockOutcome[] = [];
  readonly invoices = new Map<Hash, OwnInvoice>();
  readonly revealed = new Set<Hash>();
  readonly released = new Set<Hash>();
  readonly registered = new Set<Hash>();
  /** Own invoices' hashes whose locks became credit. */
  readonly settled = new Set<Hash>();
  /** What U gave up, by hash, and the note by which it left: the payer waits until U folds that. */
  private readonly returned = new Map<Hash, bigint>();
  private readonly paid = new Set<Hash>();
  private readonly ended = new Map<Hash, PaymentOutcome>();
  /** What U gives up by the state proposed last, and by none before. */
  private releasing: readonly Hash[] = [];

  /** @param held the note believed before the record */
  remember(record: WalletRecord, held: HeldNote | undefined): void {
    switch (record.type) {
      case "invoiced":
        this.invoices.set(record.own.invoice.hash, record.own);
        return;
      case "revealed":
        this.revealed.add(record.hash);
        return;
      case "registered":
        this.registered.add(record.hash);
        return;
      case "received":
        if (record.held.note.seq > (held?.note.seq ?? 0n)) {
          if (held !== undefined) this.noteSettled(held, record.held);
          this.noteReturned(record.held);
        }
        return;
      case "proposed":
        this.releasing = releasedBy(record.proposal.operations).filter((hash) => !this.released.has(hash));
        for (const hash of this.releasing) this.released.add(hash);
        return;
      case "refused":
        for (const hash of this.releasing) this.released.delete(hash);
        this.outcomes = [];
        return;
      case "completed":
        this.release(releasedBy(record.completed.operations));
        this.complete(record.completed);
        return;
      case "resynchronised":
        for (const { hash } of held?.locks ?? []) if (this.registered.has(hash)) this.settled.add(hash);
        this.complete(record.completed);
        return;
      case "adopted":
        for (const { hash } of this.outgoing) {
          if (!record.completed.locks.some((lock) => lock.hash === hash)) this.ended.set(hash, { status: "unknown" });
        }
        this.complete(record.completed);
        for (const { hash } of record.completed.locks) this.paid.add(hash);
    }
  }

  /** Whether a payer waits for U to fold a note after `noteSeq`. */
  hasReturned(noteSeq: bigint): boolean {
    return [...this.returned.values()].some((seq) => seq > noteSeq);
  }

  /** Whether U has locked money for this hash and did not get it back. */
  hasPaid(hash: Hash): boolean {
    return this.paid.has(hash);
  }

  /** How the payment under an invoice's hash has ended; undefined while it is on its way, or if nothing was paid. */
  outcomeOf(hash: Hash): PaymentOutcome | undefined {
    return this.ended.get(hash);
  }

  /**
   * Takes over what S says of how outgoing locks ended. A lock that is to come back is U's gain: nothing is to be checked.
   * @throws unknown_lock, wrong_preimage
   */
  learn(outcomes: readonly LockOutcome[]): void {
    for (const outcome of outcomes) {
      const { hash } = lockAt(this.outgoing, outcome.index);
      if (outcome.type === "foldLock" && hashOfPreimage(outcome.preimage) !== hash) fail("wrong_preimage", { hash });
    }
    this.outcomes = outcomes;
  }

  /** What left a note after its preimage was given became credit, unless the credit says otherwise. */
  private noteSettled(before: HeldNote, after: HeldNote): void {
    const gone = before.locks.filter((lock) => this.revealed.has(lock.hash) && !holdsLock(after.locks, lock));
    const sum = gone.reduce((total, { amount }) => total + amount, 0n);
    if (after.note.credited - before.note.credited >= sum) for (const { hash } of gone) this.settled.add(hash);
  }

  private noteReturned({ note, locks }: HeldNote): void {
    for (const hash of this.released) {
      if (locks.some((lock) => lock.hash === hash)) continue;
      this.released.delete(hash);
      this.returned.set(hash, note.seq);
    }
  }

  /** What the state did that is complete, whichever of those it was that were proposed. */
  private release(hashes: readonly Hash[]): void {
    for (const hash of this.releasing) if (!hashes.includes(hash)) this.released.delete(hash);
    for (const hash of hashes) if (!this.returned.has(hash)) this.released.add(hash);
    this.releasing = [];
  }

  private complete({ operations, locks, state }: Completed): void {
    for (const [hash, seq] of this.returned) if (seq <= state.noteSeq) this.returned.delete(hash);
    for (const operation of operations) {
      if (operation.type === "lock") {
        this.paid.add(operation.hash);
        this.ended.delete(operation.hash);
      }
      if (operation.type === "foldLock") {
        const { preimage, index } = operation;
        this.ended.set(lockAt(this.outgoing, index).hash, { status: "settled", preimage });
      }
      if (operation.type === "dropLock") {
        const { hash } = lockAt(this.outgoing, operation.index);
        this.paid.delete(hash);
        this.ended.set(hash, { status: "returned" });
      }
    }
    this.outgoing = locks;
    this.outcomes = [];
  }
}

function releasedBy(operations: readonly StateOperation[]): Hash[] {
  return operations.flatMap((operation) => (operation.type === "releaseLock" ? [operation.hash] : []));
}
