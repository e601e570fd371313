import {
  emptyNote,
  emptyState,
  maximum,
  NO_FUNDS,
  type ChannelId,
  type Funds,
  type Lock,
  type Note,
  type State,
  type UserView,
  type Withdrawal,
} from "../../protocol";
import type { Completed, HeldNote, Proposal, WalletRecord, WalletStore } from "../store";
import { WalletLocks } from "./locks";

/** What a wallet knows: what follows from its records, and what its own node says of the chain. */
export class Memory {
  completed: Completed | undefined;
  held: HeldNote | undefined;
  /** The newest note that was checked; it is believed once it is stored. */
  checked: HeldNote | undefined;
  /** Signed and sent, or about to be: until there is an answer it is sent again as it is (U1). */
  unanswered: Proposal | undefined;
  /** Signed, and neither on the final chain nor expired there. */
  pending: Withdrawal | null = null;
  closing = false;
  funds: Funds = NO_FUNDS;
  readonly locks = new WalletLocks();
  private finalTime = 0n;
  private signedReclaimed = 0n;

  constructor(
    private readonly id: ChannelId,
    private readonly store: WalletStore,
  ) {}

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

  /** What the user's rules look at; the note is the newest that was checked. */
  get view(): UserView {
    const { funds, state, signedReclaimed, closing, finalTime } = this;
    const { released, registered } = this.locks;
    const { note, locks } = this.checked ?? { note: emptyNote(this.id), locks: [] };
    return { funds, state, note, incoming: locks, released, registered, finalTime, signedReclaimed, closing };
  }

  /** Takes over what the final block, of time `finalTime`, says of the channel. */
  observe(funds: Funds, finalTime: bigint): void {
    this.funds = funds;
    this.finalTime = maximum(this.finalTime, finalTime);
    const { pending } = this;
    if (pending !== null && (funds.withdrawn >= pending.withdrawn || pending.deadline < finalTime)) this.pending = null;
  }

  /** Stores, then takes into account. */
  async record(record: WalletRecord): Promise<void> {
    await this.store.append(record);
    this.remember(record);
  }

  /** Takes a stored record into account. */
  remember(record: WalletRecord): void {
    this.locks.remember(record, this.held);
    switch (record.type) {
      case "proposed":
        this.unanswered = record.proposal;
        return;
      case "refused":
        this.unanswered = undefined;
        return;
      case "completed":
        this.completed = record.completed;
        this.unanswered = undefined;
        return;
      case "received":
        // Notes that come in side by side may be stored in any order.
        if (record.held.note.seq > this.note.seq) this.held = record.held;
        if (record.held.note.seq > (this.checked?.note.seq ?? 0n)) this.checked = record.held;
        return;
      case "closing":
        this.closing = true;
        return;
      case "withdrawal":
        this.pending = record.withdrawal;
        this.signedReclaimed = maximum(this.signedReclaimed, record.withdrawal.reclaimed);
    }
  }
}
