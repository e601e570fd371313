import type { Address, ChannelId, Hash } from "../protocol";
import type { NewEvent } from "./events";
import { HtlcIndex } from "./htlcs";
import { PairMap, TripleMap } from "./keys";
import { Origins } from "./origins";
import type {
  Account,
  AccountTerms,
  Asset,
  Channel,
  CompletedState,
  Consent,
  DayTotal,
  HostedInvoice,
  Htlc,
  IssuedNote,
  KnownPreimage,
  Refundable,
} from "./records";
import { channelIn, type Changes, type LedgerView } from "./view";

/** The steps of one commit: they see each other, and vanish together if the commit fails. */
export class Batch implements LedgerView {
  readonly states: CompletedState[] = [];
  readonly notes: IssuedNote[] = [];
  readonly consents: Consent[] = [];
  readonly events: NewEvent[] = [];
  readonly origins = new Origins();
  private readonly changedAccounts = new Map<Address, Account>();
  private readonly changedAssets = new PairMap<Asset>();
  private readonly changedChannels = new Map<ChannelId, Channel>();
  private readonly current = new TripleMap<ChannelId>();
  private readonly credits = new Map<string, bigint>();
  private readonly changedHtlcs = new HtlcIndex();
  private readonly changedPreimages = new Map<Hash, KnownPreimage>();
  private readonly changedTerms = new TripleMap<AccountTerms>();
  private readonly changedDayTotals = new TripleMap<DayTotal>();
  private readonly changedInvoices = new Map<Hash, HostedInvoice>();
  private readonly refundables: ReadonlyMap<string, Refundable>;
  private readonly changedRefundables = new Map<string, Refundable>();

  /** @param refundables the payments that the commit may give back of */
  constructor(
    private base: LedgerView,
    refundables: readonly Refundable[] = [],
  ) {
    this.refundables = new Map(refundables.map((one) => [one.payment + one.payee, one]));
  }

  account(address: Address): Account | undefined {
    return this.changedAccounts.get(address) ?? this.base.account(address);
  }

  asset(system: Address, token: Address): Asset | undefined {
    return this.changedAssets.get(system, token) ?? this.base.asset(system, token);
  }

  tokens(): Iterable<Address> {
    return new Set([...this.base.tokens(), ...[...this.changedAssets.values()].map(({ token }) => token)]);
  }

  channel(id: ChannelId): Channel | undefined {
    return this.changedChannels.get(id) ?? this.base.channel(id);
  }

  channelOf(system: Address, user: Address, token: Address): Channel | undefined {
    const id = this.current.get(system, token, user);
    if (id !== undefined) return this.channel(id);
    const channel = this.base.channelOf(system, user, token);
    return channel === undefined ? undefined : this.channel(channel.id);
  }

  creditedAt(id: ChannelId, seq: bigint): bigint | undefined {
    return this.credits.get(id + seq) ?? this.base.creditedAt(id, seq);
  }

  htlcAt(payer: ChannelId, index: bigint): Htlc | undefined {
    const htlc = this.changedHtlcs.at(payer, index) ?? this.base.htlcAt(payer, index);
    return htlc?.over === false ? htlc : undefined;
  }

  htlcsUnder(hash: Hash): Iterable<Htlc> {
    return this.overlay(this.base.htlcsUnder(hash), this.changedHtlcs.under(hash));
  }

  endedHtlcs(payer: ChannelId): Iterable<Htlc> {
    return this.overlay(this.base.endedHtlcs(payer), this.changedHtlcs.endedOf(payer));
  }

  openHtlcs(): Iterable<Htlc> {
    return this.overlay(this.base.openHtlcs(), this.changedHtlcs.all());
  }

  preimage(hash: Hash): KnownPreimage | undefined {
    return this.changedPreimages.get(hash) ?? this.base.preimage(hash);
  }

  terms(system: Address, token: Address, account: Address): AccountTerms | undefined {
    return this.changedTerms.get(system, token, account) ?? this.base.terms(system, token, account);
  }

  dayTotal(system: Address, token: Address, account: Address): DayTotal | undefined {
    return this.changedDayTotals.get(system, token, account) ?? this.base.dayTotal(system, token, account);
  }

  invoice(hash: Hash): HostedInvoice | undefined {
    const changed = this.changedInvoices.get(hash);
    if (changed === undefined) return this.base.invoice(hash);
    return changed.over ? undefined : changed;
  }

  *openInvoices(): Iterable<HostedInvoice> {
    for (const before of this.base.openInvoices()) if (!this.changedInvoices.has(before.invoice.hash)) yield before;
    for (const changed of this.changedInvoices.values()) if (!changed.over) yield changed;
  }

  refundable(payment: Hash, payee: Refundable["payee"]): Refundable | undefined {
    const key = payment + payee;
    return this.changedRefundables.get(key) ?? this.refundables.get(key) ?? this.base.refundable(payment, payee);
  }

  apply(changes: Changes): void {
    for (const account of changes.accounts ?? []) this.changedAccounts.set(account.address, account);
    for (const asset of changes.assets ?? []) this.changedAssets.set(asset.system, asset.token, asset);
    for (const channel of changes.channels ?? []) {
      this.changedChannels.set(channel.id, channel);
      const { system, token, user } = channel.key;
      if (channel.status !== "settled") this.current.set(system, token, user, channel.id);
    }
    for (const issued of changes.notes ?? []) {
      this.credits.set(issued.note.channelId + issued.note.seq, issued.note.credited);
      this.notes.push(issued);
    }
    this.states.push(...(changes.states ?? []));
    for (const htlc of changes.htlcs ?? []) this.changedHtlcs.put(htlc);
    for (const known of changes.preimages ?? []) this.changedPreimages.set(known.hash, known);
    for (const terms of changes.terms ?? []) {
      this.changedTerms.set(terms.system, terms.token, terms.account, terms);
    }
    for (const total of changes.dayTotals ?? []) {
      this.changedDayTotals.set(total.system, total.token, total.account, total);
    }
    for (const invoice of changes.invoices ?? []) this.changedInvoices.set(invoice.invoice.hash, invoice);
    for (const one of changes.refundables ?? []) this.changedRefundables.set(one.payment + one.payee, one);
    this.consents.push(...(changes.consents ?? []));
    this.events.push(...(changes.events ?? []));
    this.origins.add(changes, (id) => channelIn(this, id).key);
  }

  /** Goes on with a view that has become what the one before was. */
  restOn(base: LedgerView): void {
    this.base = base;
  }

  /** All that the steps changed, each record once, as it stands now. */
  changes(): Required<Changes> {
    return {
      accounts: [...this.changedAccounts.values()],
      assets: [...this.changedAssets.values()],
      channels: [...this.changedChannels.values()],
      states: this.states,
      notes: this.notes,
      consents: this.consents,
      htlcs: [...this.changedHtlcs.all()],
      preimages: [...this.changedPreimages.values()],
      terms: [...this.changedTerms.values()],
      dayTotals: [...this.changedDayTotals.values()],
      invoices: [...this.changedInvoices.values()],
      refundables: [...this.changedRefundables.values()],
      events: this.events,
    };
  }

  get isEmpty(): boolean {
    const { changedAccounts, changedAssets, changedChannels, changedHtlcs, changedPreimages } = this;
    const changed = [changedAccounts, changedAssets, changedChannels, changedHtlcs, changedPreimages];
    return [...changed, this.changedTerms, this.changedInvoices].every(({ size }) => size === 0);
  }

  private *overlay(before: Iterable<Htlc>, changed: Iterable<Htlc>): Iterable<Htlc> {
    for (const htlc of before) if (!this.changedHtlcs.has(htlc)) yield htlc;
    for (const htlc of changed) if (!htlc.over) yield htlc;
  }
}
