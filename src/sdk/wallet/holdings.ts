import { available, balance, type ChannelId, type Hash, type Lock, type Note, type State } from "../../protocol";
import type { Completed, OwnInvoice, SignedClosing } from "../store";
import type { ChannelPapers } from "../watchtower";
import { Claims } from "./claims";
import { Core } from "./core";
import type { PaymentOutcome } from "./locks";
import type { Memory, Payment } from "./memory";
import type { WalletOptions } from "./options";
import type { Routed } from "./routed";

/** What a user has in one channel, by its own records and what its own node says of the chain. */
export class Holdings {
  protected readonly core: Core;
  protected readonly claims: Claims;

  protected constructor(protected readonly options: WalletOptions) {
    this.core = new Core(options);
    this.claims = new Claims(this.core);
  }

  /** The channel that it is for (section 1). */
  get id(): ChannelId {
    return this.core.id;
  }

  /** The latest complete state. */
  get state(): State {
    return this.memory.state;
  }

  /** The best note believed. */
  get note(): Note {
    return this.memory.note;
  }

  /** What U pays if preimages come. */
  get outgoing(): readonly Lock[] {
    return this.memory.locks.outgoing;
  }

  /** What U is paid if preimages come. */
  get incoming(): readonly Lock[] {
    return this.memory.incoming;
  }

  /** All that is U's in the channel, in base units (section 3). */
  get balance(): bigint {
    return balance(this.memory.funds, this.state, this.note);
  }

  /** What of it U can pay or withdraw now, in base units (section 3). */
  get available(): bigint {
    return available(this.memory.funds, this.state, this.note, this.memory.pending);
  }

  /** The latest complete state with both signatures; undefined for version 0. */
  get complete(): Completed | undefined {
    return this.memory.completed;
  }

  /** What a watchtower needs to defend the channel. */
  get papers(): ChannelPapers {
    const { completed, held } = this.memory;
    return {
      key: this.options.channel,
      completed: completed && {
        state: completed.state,
        userSignature: completed.signature,
        systemSignature: completed.systemSignature,
      },
      held,
      preimages: this.claims.preimages,
    };
  }

  /** The cooperative closing that both signed, until its deadline is final. */
  get agreement(): SignedClosing | undefined {
    const { agreeing } = this.memory;
    if (agreeing?.systemSignature === undefined) return undefined;
    return { ...agreeing, systemSignature: agreeing.systemSignature };
  }

  /** Whether the money of an own invoice's hash is in the balance, by a note that is stored. */
  isPaid(hash: Hash): boolean {
    return this.memory.locks.settled.has(hash);
  }

  /** Whether nothing is signed or believed any more in this epoch, or until a closing's deadline is final. */
  get isFrozen(): boolean {
    return this.memory.isFrozen;
  }

  /** Whether nothing is signed or believed before both sides begin anew after a loss of data (S7). */
  get isLost(): boolean {
    return this.memory.isLost;
  }

  /** How U's payment under an invoice's hash ended; undefined while it is on its way. */
  outcomeOf(hash: Hash): PaymentOutcome | undefined {
    return this.memory.locks.outcomeOf(hash);
  }

  /** The invoice that U made under this hash. */
  invoiceUnder(hash: Hash): OwnInvoice | undefined {
    return this.memory.locks.invoices.get(hash);
  }

  /** The payment that was marked with `reference`, if it is complete. */
  paymentOf(reference: Hash): Payment | undefined {
    return this.memory.payments.get(reference);
  }

  /** The payment to an account of another system whose lock is under this hash. */
  routedUnder(hash: Hash): Routed | undefined {
    return this.memory.routed.under(hash);
  }

  protected get memory(): Memory {
    return this.core.memory;
  }
}
