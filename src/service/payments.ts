import type { HostedInvoice, Htlc, Ledger } from "../engine";
import { fail } from "../errors";
import type { Address, ChannelId, ChannelKey, Hash } from "../protocol";
import type { InvoiceQuery, Store } from "../store";

/** A conditional payment: the payer's channel, its version that locked, and the lock's place in it. */
export interface PaymentId {
  readonly payer: ChannelId;
  readonly version: bigint;
  readonly index: bigint;
}

/** A conditional payment with whom it is from and to. */
export interface Payment {
  readonly htlc: Htlc;
  readonly from: Address;
  readonly to: Address;
  readonly token: Address;
  /** What proves that it was paid. */
  readonly preimage: Hash | null;
}

/** Invoices and conditional payments as the store has them. */
export class Payments {
  constructor(
    private readonly store: Store,
    private readonly ledger: Ledger,
    private readonly system: Address,
  ) {}

  findInvoice(hash: Hash): Promise<HostedInvoice | undefined> {
    return this.store.invoice(this.system, hash);
  }

  /** @throws unknown_invoice */
  async invoice(hash: Hash): Promise<HostedInvoice> {
    return (await this.findInvoice(hash)) ?? fail("unknown_invoice", { hash });
  }

  invoices(query: InvoiceQuery): Promise<HostedInvoice[]> {
    return this.store.invoices(this.system, query);
  }

  /** If it is of this system. */
  async payment({ payer, version, index }: PaymentId): Promise<Payment | undefined> {
    if ((await this.keyOf(payer))?.system !== this.system) return undefined;
    const htlcs = await this.store.htlcs(payer, version);
    const found = htlcs.find(({ outgoing }) => outgoing.index === index);
    return found && (await this.withParties(found));
  }

  /**
   * The payment for `hash` that a state of the payer began.
   * @throws unknown_payment
   */
  async begunBy(payer: ChannelId, version: bigint, hash: Hash): Promise<Payment> {
    const found = (await this.store.htlcs(payer, version)).find(({ outgoing }) => outgoing.hash === hash);
    return this.withParties(found ?? fail("unknown_payment", { payer, version, hash }));
  }

  private async withParties(htlc: Htlc): Promise<Payment> {
    const { payer, payee, outgoing, status } = htlc;
    const [from, to] = [await this.requireKey(payer), await this.requireKey(payee)];
    const preimage = status === "settled" ? (this.ledger.preimage(outgoing.hash)?.preimage ?? null) : null;
    return { htlc, from: from.user, to: to.user, token: from.token, preimage };
  }

  /** Channels of epochs that are settled are the store's alone after a restart. */
  private async keyOf(id: ChannelId): Promise<ChannelKey | undefined> {
    return this.ledger.channel(id)?.key ?? (await this.store.channelKey(id));
  }

  private async requireKey(id: ChannelId): Promise<ChannelKey> {
    return (await this.keyOf(id)) ?? fail("store_corrupt", { channel: id });
  }
}
