import { fail } from "../../errors";
import {
  emptyNote,
  emptyState,
  hashState,
  hashWithdrawal,
  maximum,
  NO_FUNDS,
  ZERO_HASH,
  type Address,
  type ChannelId,
  type Funds,
  type Hash,
  type Lock,
  type Note,
  type Signature,
  type State,
  type UserView,
  type Withdrawal,
} from "../../protocol";
import type {
  Completed,
  HeldNote,
  NewRecord,
  OwnClosing,
  OwnWithdrawal,
  Proposal,
  StoreRecord,
  WalletRecord,
  WalletStore,
} from "../store";
import { isOf } from "../stores/isOf";
import { WalletLocks } from "./locks";
import { RoutedPayments } from "./routed";

/** A withdrawal with the state that pays for it. */
export interface PaidWithdrawal extends OwnWithdrawal {
  readonly payment?: Proposal | undefined;
  /** What became of that state, as soon as it is known. */
  readonly outcome?: "complete" | "refused";
}

type WithConsent<T> = T & { readonly systemSignature?: Signature };

/** A payment that is complete. */
export interface Payment {
  readonly to: Address;
  readonly amount: bigint;
  /** What it gave back of, if it was a refund. */
  readonly payment?: Hash;
  /** Of its lock, where it goes to an account of another system. */
  readonly hash?: Hash;
  /** Of the state that made it. */
  readonly version: bigint;
}

/** What a wallet knows: what follows from its records, and what its own node says of the chain. */
export class Memory {
  completed: Completed | undefined;
  held: HeldNote | undefined;
  /** The newest note that was checked; it is believed once it is stored. */
  checked: HeldNote | undefined;
  /** Signed and sent, or about to be: until there is an answer it is sent again as it is (U1). */
  unanswered: Proposal | undefined;
  /** Signed, and neither on the final chain nor expired there; S's signature as soon as it is known. */
  withdrawing: WithConsent<PaidWithdrawal> | undefined;
  /** The same of a cooperative closing (S8). */
  agreeing: WithConsent<OwnClosing> | undefined;
  /** Newer records than the store's may exist elsewhere: it came out of a backup, or another device signed (U3). */
  mayBeBehind = false;
  /** Who has lost records since both sides began, or began anew (S7). */
  lostBy: "user" | "system" | undefined;
  /** When U lost its own, in Unix seconds, by the later of its clock and the chain's. */
  lostSince = 0n;
  /** The highest version that U has signed. */
  signedVersion = 0n;
  /** Unix seconds of the last final block. */
  finalTime = 0n;
  /** Payments by the mark that their maker put on them. */
  readonly payments = new Map<Hash, Payment>();
  /** A close is pending, or about to be. */
  isClosing = false;
  funds: Funds = NO_FUNDS;
  readonly locks = new WalletLocks();
  readonly routed = new RoutedPayments();
  private signedReclaimed = 0n;
  private isLossDated = false;
  /** Signed after the latest complete state: S completes one yet if it comes once more, and nothing is in its way any more. */
  private refused: readonly Proposal[] = [];

  constructor(
    private readonly id: ChannelId,
    private readonly store: Pick<WalletStore, "append">,
    private readonly now: () => bigint,
  ) {}

  /** A withdrawal that may yet be mined. */
  get pending(): Withdrawal | null {
    return this.withdrawing?.withdrawal ?? null;
  }

  /** Nothing is signed or believed: a close is pending, or agreed on (S6, S8). */
  get isFrozen(): boolean {
    return this.isClosing || this.agreeing !== undefined;
  }

  /** Nothing is signed or believed before both sides begin anew (S7). */
  get isLost(): boolean {
    return this.lostBy !== undefined;
  }

  /** The latest complete state. */
  get state(): State {
    return this.completed?.state ?? emptyState(this.id);
  }

  /** The best note believed. */
  get note(): Note {
    return this.held?.note ?? emptyNote(this.id);
  }

  /** What U is paid if preimages come. */
  get incoming(): readonly Lock[] {
    return this.held?.locks ?? [];
  }

  /** The proposal of this struct hash, if U has signed it since the latest complete state. */
  proposalOf(structHash: Hash): Proposal | undefined {
    const { unanswered, refused } = this;
    return [...refused, ...(unanswered ? [unanswered] : [])].find(({ state }) => hashState(state) === structHash);
  }

  /** What the user's rules look at; the note is the newest that was checked. */
  get view(): UserView {
    const { funds, state, signedReclaimed, isFrozen: closing, finalTime } = this;
    const { released, registered } = this.locks;
    const { note, locks } = this.checked ?? { note: emptyNote(this.id), locks: [] };
    return { funds, state, note, incoming: locks, released, registered, finalTime, signedReclaimed, closing };
  }

  /** Takes over what the final block, of time `finalTime`, says of the channel. */
  observe(funds: Funds, finalTime: bigint): void {
    this.funds = funds;
    this.finalTime = maximum(this.finalTime, finalTime);
    const { pending, agreeing } = this;
    const isMined = pending !== null && funds.withdrawn >= pending.withdrawn;
    if (isMined || (pending !== null && pending.deadline < finalTime)) this.withdrawing = undefined;
    if (agreeing !== undefined && agreeing.closing.deadline < finalTime) this.agreeing = undefined;
  }

  /** From here on nothing is signed or believed. */
  async freeze(): Promise<void> {
    if (!this.isClosing) await this.record({ type: "closing" });
  }

  /** What U has lost was lost before the last final block at the latest, whatever its own clock says (S7). */
  async dateLoss(): Promise<void> {
    const { finalTime, lostBy, isLossDated } = this;
    if (lostBy === "user" && !isLossDated && finalTime > 0n) await this.record({ type: "lossDated", finalTime });
  }

  /** Stores, then takes into account. */
  async record(event: NewRecord): Promise<void> {
    const record = { ...event, channelId: this.id, time: this.now() };
    await this.store.append(record);
    this.remember(record);
  }

  /**
   * Takes over what is stored.
   * @throws store_failed if a record is not as its type has it: nothing is believed of such a store
   */
  recall(records: readonly WalletRecord[]): void {
    for (const record of records) {
      try {
        this.remember(record);
      } catch {
        fail("store_failed", { reason: `a record of type ${record.type} is malformed` });
      }
    }
  }

  /** Takes a stored record into account. */
  private remember(record: WalletRecord): void {
    this.locks.remember(record, this.held);
    this.routed.remember(record);
    switch (record.type) {
      case "proposed":
        this.propose(record.proposal);
        return;
      case "refused":
        this.rememberUnpaid();
        if (this.unanswered !== undefined) this.refused = [...this.refused, this.unanswered];
        this.unanswered = undefined;
        return;
      case "completed":
        this.rememberUnpaid();
        this.rememberPaid(record.completed);
        this.completed = record.completed;
        this.unanswered = undefined;
        this.refused = [];
        this.rememberPayments(record.completed);
        return;
      case "adopted":
        this.adopt(record.completed);
        return;
      case "restored":
        this.mayBeBehind = true;
        if (record.time !== undefined) this.lose("user", record.time);
        return;
      case "lost":
        if (record.by === "user") this.mayBeBehind = true;
        this.lose(record.by, record.time ?? 0n);
        return;
      case "lossDated":
        this.isLossDated = true;
        this.lostSince = maximum(this.lostSince, record.finalTime);
        return;
      case "resynchronised":
        this.completed = record.completed;
        this.held = this.checked = this.unanswered = this.lostBy = undefined;
        this.refused = [];
        return;
      case "received":
        // Notes that come in side by side may be stored in any order.
        if (record.held.note.seq > this.note.seq) this.held = record.held;
        if (record.held.note.seq > (this.checked?.note.seq ?? 0n)) this.checked = record.held;
        return;
      case "closing":
        this.isClosing = true;
        return;
      case "withdrawal":
        this.withdrawing = { withdrawal: record.withdrawal, signature: record.signature, payment: record.payment };
        if (record.payment !== undefined) this.propose(record.payment);
        this.signedReclaimed = maximum(this.signedReclaimed, record.withdrawal.reclaimed);
        return;
      case "consented":
        if (this.withdrawing) this.withdrawing = { ...this.withdrawing, systemSignature: record.systemSignature };
        return;
      case "agreeing":
        this.agreeing = { closing: record.closing, signature: record.signature };
        return;
      case "agreed":
        if (this.agreeing) this.agreeing = { ...this.agreeing, systemSignature: record.systemSignature };
    }
  }

  private propose(proposal: Proposal): void {
    this.unanswered = proposal;
    this.signedVersion = maximum(this.signedVersion, proposal.state.version);
  }

  private lose(by: "user" | "system", time: bigint): void {
    // What U lost itself it has to wait for, whatever S lost.
    if (this.lostBy !== "user") this.lostBy = by;
    if (by === "system") return;
    this.lostSince = maximum(this.lostSince, time);
    this.isLossDated = false;
  }

  private adopt(completed: Completed): void {
    const { version, noteSeq } = completed.state;
    this.completed = completed;
    this.mayBeBehind = true;
    this.refused = [];
    if ((this.unanswered?.state.version ?? 0n) <= version) {
      this.rememberUnpaid();
      this.unanswered = undefined;
    }
    // What was folded elsewhere is of no value any more, and what has left it since was checked there.
    if (noteSeq > this.note.seq) this.held = this.checked = undefined;
  }

  /** The state that was to pay for a withdrawal is not the one that is complete. */
  private rememberUnpaid(): void {
    const { unanswered, withdrawing } = this;
    if (unanswered === undefined || unanswered !== withdrawing?.payment) return;
    this.withdrawing = { ...withdrawing, outcome: "refused" };
  }

  /** Whichever of the states that were to pay for a withdrawal is complete, that one does: its bytes may have come late. */
  private rememberPaid({ state, operations, locks, signature }: Completed): void {
    const { withdrawing } = this;
    const last = operations.at(-1);
    if (withdrawing === undefined || last?.type !== "fee") return;
    if (last.reference !== hashWithdrawal(withdrawing.withdrawal)) return;
    this.withdrawing = { ...withdrawing, payment: { state, operations, locks, signature }, outcome: "complete" };
  }

  private rememberPayments({ state, operations }: Completed): void {
    const { version } = state;
    for (const operation of operations) {
      if (operation.type !== "pay" && operation.type !== "refund" && operation.type !== "lock") continue;
      const { to, amount, reference } = operation;
      if (reference === ZERO_HASH) continue;
      if (operation.type === "lock") {
        const { hash } = operation;
        const order = this.routed.under(hash)?.order;
        if (order?.type === "transfer") this.payments.set(reference, { to: order.to, amount, hash, version });
      } else {
        const refunded = operation.type === "refund" ? { payment: operation.payment } : {};
        const { order, route } = this.routed.refundUnder(reference) ?? {};
        const payer = order?.type === "refund" && route?.invoice.account === to ? order.to : to;
        this.payments.set(reference, { to: payer, amount, ...refunded, version });
      }
    }
  }
}

/** What a channel's records come to, for whoever adds none. */
export function recall(id: ChannelId, records: readonly StoreRecord[]): Readonly<Memory> {
  const memory = new Memory(id, { append: () => fail("store_failed", { reason: "opened to be read" }) }, () => 0n);
  memory.recall(records.filter((record) => isOf(id, record)));
  return memory;
}
