import type { HostedInvoice, Htlc } from "../engine";
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
  /** Whom the payer's own system pays: of a payment to another system its router. */
  readonly payee: Address;
  readonly token: Address;
  /** What proves that it was paid. */
  readonly preimage: Hash | null;
}

/** Invoices and conditional payments as the store has them. */
export class Payments {
  constructor(
    private readonly store: Store,
    private readonly system: Address,
  ) {}

  /** @throws unknown_invoice */
  async invoice(hash: Hash): Promise<HostedInvoice> {
    return (await this.store.payments.invoice(this.system, hash)) ?? fail("unknown_invoice", { hash });
  }

  invoices(query: InvoiceQuery): Promise<HostedInvoice[]> {
    return this.store.payments.invoices(this.system, query);
  }

  /** If it is of this system. */
  async payment({ payer, version, index }: PaymentId): Promise<Payment | undefined> {
    if ((await this.store.signed.channelKey(payer))?.system !== this.system) return undefined;
    const htlcs = await this.store.payments.htlcs(payer, version);
    const found = htlcs.find(({ outgoing }) => outgoing.index === index);
    return found && (await this.withParties(found));
  }

  /**
   * The payment for `hash` that a state of the payer began.
   * @throws unknown_payment
   */
  async begunBy(payer: ChannelId, version: bigint, hash: Hash): Promise<Payment> {
    const found = (await this.store.payments.htlcs(payer, version)).find(({ outgoing }) => outgoing.hash === hash);
    return this.withParties(found ?? fail("unknown_payment", { payer, version, hash }));
  }

  private async withParties(htlc: Htlc): Promise<Payment> {
    const { payer, payee, outgoing, status, version } = htlc;
    const [from, to] = [await this.keyOf(payer), await this.keyOf(payee)];
    const forward = await this.store.forwards.find(outgoing.hash);
    const isSentOn = forward?.source === this.system && forward.payer === from.user;
    const hasCome = forward?.target === this.system && forward.payee === to.user && forward.version === version;
    const known = status === "settled" ? await this.store.payments.preimage(this.system, outgoing.hash) : undefined;
    return {
      htlc,
      from: hasCome ? forward.payer : from.user,
      to: isSentOn ? forward.payee : to.user,
      payee: to.user,
      token: from.token,
      preimage: known?.preimage ?? null,
    };
  }

  private async keyOf(id: ChannelId): Promise<ChannelKey> {
    return (await this.store.signed.channelKey(id)) ?? fail("store_corrupt", { channel: id });
  }
}
