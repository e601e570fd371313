import { fail } from "../errors";
import type { Address, ChannelId, Hash, SystemView } from "../protocol";
import type { NewEvent } from "./events";
import type {
  Account,
  AccountTerms,
  Asset,
  Channel,
  CompletedState,
  Consent,
  Freeze,
  HostedInvoice,
  Htlc,
  IssuedNote,
  KnownPreimage,
  Refundable,
  DayTotal,
} from "./records";

/** What a step may read. */
export interface LedgerView {
  account(address: Address): Account | undefined;
  asset(system: Address, token: Address): Asset | undefined;
  /** The tokens that are listed. */
  tokens(): Iterable<Address>;
  channel(id: ChannelId): Channel | undefined;
  /** The channel of the current epoch. */
  channelOf(system: Address, user: Address, token: Address): Channel | undefined;
  /** `credited` of a note issued since the last fold; undefined for one that can no longer be folded by itself. */
  creditedAt(id: ChannelId, seq: bigint): bigint | undefined;
  /** The conditional transfer that the payer's pending lock at `index` belongs to. */
  htlcAt(payer: ChannelId, index: bigint): Htlc | undefined;
  /** The conditional transfers under `hash` that are not over. */
  htlcsUnder(hash: Hash): Iterable<Htlc>;
  /** Those of a payer that are neither pending nor over. */
  endedHtlcs(payer: ChannelId): Iterable<Htlc>;
  /** All that are not over. */
  openHtlcs(): Iterable<Htlc>;
  preimage(hash: Hash): KnownPreimage | undefined;
  /** Of an account with terms of its own. */
  terms(system: Address, token: Address, account: Address): AccountTerms | undefined;
  /** The latest day on which an account with a daily limit paid. */
  dayTotal(system: Address, token: Address, account: Address): DayTotal | undefined;
  /** An invoice that is not over. */
  invoice(hash: Hash): HostedInvoice | undefined;
  /** All that are not over. */
  openInvoices(): Iterable<HostedInvoice>;
  /** A payment that the commit may give back of. */
  refundable(payment: Hash, payee: Refundable["payee"]): Refundable | undefined;
}

/** What a step leads to; nothing of it is true before it is committed. */
export interface Changes {
  readonly accounts?: readonly Account[];
  readonly assets?: readonly Asset[];
  readonly channels?: readonly Channel[];
  readonly states?: readonly CompletedState[];
  readonly notes?: readonly IssuedNote[];
  readonly consents?: readonly Consent[];
  readonly htlcs?: readonly Htlc[];
  readonly preimages?: readonly KnownPreimage[];
  readonly terms?: readonly AccountTerms[];
  readonly dayTotals?: readonly DayTotal[];
  readonly invoices?: readonly HostedInvoice[];
  readonly refundables?: readonly Refundable[];
  /** What happened, in its order. */
  readonly events?: readonly NewEvent[];
}

/** @throws unknown_account */
export function accountIn(view: LedgerView, address: Address): Account {
  return view.account(address) ?? fail("unknown_account", { account: address });
}

/** @throws unknown_asset */
export function assetIn(view: LedgerView, system: Address, token: Address): Asset {
  return view.asset(system, token) ?? fail("unknown_asset", { system, token });
}

/** @throws unknown_channel */
export function channelIn(view: LedgerView, id: ChannelId): Channel {
  return view.channel(id) ?? fail("unknown_channel", { channel: id });
}

/**
 * The channel of an account in the current epoch, fit to be signed for (S6, S8).
 * @throws unknown_channel, channel_frozen, closing_pending
 */
export function openChannelOf(view: LedgerView, account: Account, token: Address): Channel {
  const channel = view.channelOf(account.system, account.address, token);
  return requireOpen(channel ?? fail("unknown_channel", { account: account.address, token }));
}

/** The channels of an account in their current epochs. */
export function channelsOf(view: LedgerView, { system, address }: Account): Channel[] {
  return [...view.tokens()].flatMap((token) => view.channelOf(system, address, token) ?? []);
}

/** Whether S may sign for the channel (S6, S8). */
export function isOpen(channel: Channel | undefined): channel is Channel {
  return channel?.status === "open" && channel.closing === null;
}

/** @throws channel_frozen, closing_pending, resynchronising */
export function requireOpen(channel: Channel): Channel {
  const until = channel.freeze?.lost ?? null;
  if (until !== null) fail("resynchronising", { channel: channel.id, until });
  if (channel.status !== "open") fail("channel_frozen", { channel: channel.id, status: channel.status });
  if (channel.closing !== null) fail("closing_pending", { until: channel.closing.deadline });
  return channel;
}

/** Whether S has lost data since both sides began, or began anew (S7). */
export function isLost({ freeze }: Pick<Channel, "freeze">): boolean {
  return freeze !== null && freeze.lost !== null;
}

/** Whether nothing but a loss of data keeps S from signing: no close is known of, none of S's own is under way, and the epoch goes on (S7). */
export function isLossAlone(freeze: Freeze | null): boolean {
  if (freeze === null || freeze.lost === null) return false;
  return freeze.transaction === null && !freeze.isOwn && !freeze.forGood;
}

/** The channel as the protocol's rules look at it. */
export function systemView(view: LedgerView, channel: Channel): SystemView {
  const { funds, state, note, outgoing, pending, id } = channel;
  return { funds, state, note, outgoing, pending, creditedAt: (seq) => view.creditedAt(id, seq) };
}
