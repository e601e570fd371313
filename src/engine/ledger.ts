import type { Address, ChannelId, Hash, Note } from "../protocol";
import { ChannelMap } from "./channelMap";
import { HtlcIndex } from "./htlcs";
import { PairMap, TripleMap } from "./keys";
import type { Account, AccountTerms, Asset, Channel, HostedInvoice, Htlc, KnownPreimage, DayTotal } from "./records";
import type { Changes, LedgerView } from "./view";

/** How many notes since the last fold can each be folded by themselves; older ones only through a newer. */
export const FOLDABLE_NOTES = 4096;

/** Everything the engine knows, as of the last commit. */
export class Ledger implements LedgerView {
  readonly accounts = new Map<Address, Account>();
  readonly assets = new PairMap<Asset>();
  readonly channels = new ChannelMap();
  /** The channels that wait for something to become final: a withdrawal, a closing, the end of the epoch. */
  readonly waiting = new Set<ChannelId>();
  /** The channels in their current epochs, by system, token and account. */
  private readonly current = new TripleMap<ChannelId>();
  /** What the notes before the latest credited, as far as a state may fold them: most channels have none. */
  private readonly credits = new Map<ChannelId, Map<bigint, bigint>>();
  private readonly htlcs = new HtlcIndex();
  private readonly preimages = new Map<Hash, KnownPreimage>();
  private readonly ownTerms = new TripleMap<AccountTerms>();
  private readonly dayTotals = new TripleMap<DayTotal>();
  private readonly invoices = new Map<Hash, HostedInvoice>();

  account(address: Address): Account | undefined {
    return this.accounts.get(address);
  }

  asset(system: Address, token: Address): Asset | undefined {
    return this.assets.get(system, token);
  }

  *tokens(): Iterable<Address> {
    for (const { token } of this.assets.values()) yield token;
  }

  channel(id: ChannelId): Channel | undefined {
    return this.channels.get(id);
  }

  channelOf(system: Address, user: Address, token: Address): Channel | undefined {
    const id = this.current.get(system, token, user);
    return id === undefined ? undefined : this.channels.get(id);
  }

  creditedAt(id: ChannelId, seq: bigint): bigint | undefined {
    const channel = this.channels.get(id);
    if (channel?.note.seq !== seq) return this.credits.get(id)?.get(seq);
    return seq > channel.state.noteSeq ? channel.note.credited : undefined;
  }

  htlcAt(payer: ChannelId, index: bigint): Htlc | undefined {
    return this.htlcs.at(payer, index);
  }

  htlcsUnder(hash: Hash): Iterable<Htlc> {
    return this.htlcs.under(hash);
  }

  endedHtlcs(payer: ChannelId): Iterable<Htlc> {
    return this.htlcs.endedOf(payer);
  }

  openHtlcs(): Iterable<Htlc> {
    return this.htlcs.all();
  }

  preimage(hash: Hash): KnownPreimage | undefined {
    return this.preimages.get(hash);
  }

  terms(system: Address, token: Address, account: Address): AccountTerms | undefined {
    return this.ownTerms.get(system, token, account);
  }

  dayTotal(system: Address, token: Address, account: Address): DayTotal | undefined {
    return this.dayTotals.get(system, token, account);
  }

  invoice(hash: Hash): HostedInvoice | undefined {
    return this.invoices.get(hash);
  }

  openInvoices(): Iterable<HostedInvoice> {
    return this.invoices.values();
  }

  /** They are looked up for the commit that is about them. */
  refundable(): undefined {
    return undefined;
  }

  /** Takes in what is durable. */
  apply(changes: Changes): void {
    for (const account of changes.accounts ?? []) this.accounts.set(account.address, account);
    for (const asset of changes.assets ?? []) this.assets.set(asset.system, asset.token, asset);
    for (const channel of changes.channels ?? []) this.put(channel);
    for (const { note } of changes.notes ?? []) {
      const channel = this.channels.get(note.channelId);
      if (channel !== undefined) this.keepOlder(note, channel);
    }
    for (const htlc of changes.htlcs ?? []) {
      if (htlc.over) this.htlcs.remove(htlc);
      else this.htlcs.put(htlc);
    }
    for (const known of changes.preimages ?? []) this.preimages.set(known.hash, known);
    for (const terms of changes.terms ?? []) this.ownTerms.set(terms.system, terms.token, terms.account, terms);
    for (const total of changes.dayTotals ?? []) this.dayTotals.set(total.system, total.token, total.account, total);
    for (const invoice of changes.invoices ?? []) {
      if (invoice.over) this.invoices.delete(invoice.invoice.hash);
      else this.invoices.set(invoice.invoice.hash, invoice);
    }
  }

  /** Takes in channels that it does not have yet, as they rest; their accounts before them. */
  load(channels: readonly Channel[]): void {
    for (const channel of channels) {
      const { id, key, status } = channel;
      this.channels.load(channel);
      // One text for the address, not two.
      const user = this.accounts.get(key.user)?.address ?? key.user;
      if (status !== "settled") this.current.set(key.system, key.token, user, id);
      if (isWaiting(channel)) this.waiting.add(id);
    }
  }

  /** Remembers a note of a channel that a newer one has followed, and that a state may fold. */
  keepFoldable({ channelId, seq, credited }: Note): void {
    let credits = this.credits.get(channelId);
    if (credits === undefined) this.credits.set(channelId, (credits = new Map<bigint, bigint>()));
    credits.set(seq, credited);
    if (credits.size >= FOLDABLE_NOTES) credits.delete(credits.keys().next().value as bigint);
  }

  private put(channel: Channel): void {
    const { id, key, status } = channel;
    const before = this.channels.get(id);
    this.channels.set(channel);
    if (before === undefined && status !== "settled") this.current.set(key.system, key.token, key.user, id);
    if (isWaiting(channel)) this.waiting.add(id);
    else this.waiting.delete(id);
    this.forgetFolded(channel);
    if (before !== undefined) this.keepOlder(before.note, channel);
  }

  private keepOlder(note: Note, channel: Channel): void {
    if (note.seq < channel.note.seq && note.seq > channel.state.noteSeq) this.keepFoldable(note);
  }

  private forgetFolded(channel: Channel): void {
    const credits = this.credits.get(channel.id);
    if (credits === undefined) return;
    for (const seq of credits.keys()) {
      if (seq > channel.state.noteSeq) break;
      credits.delete(seq);
    }
    if (credits.size === 0) this.credits.delete(channel.id);
  }
}

function isWaiting({ status, pending, closing }: Channel): boolean {
  return status === "frozen" || (status === "open" && (pending !== null || closing !== null));
}
