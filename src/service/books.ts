import {
  abandonedBefore,
  accountIn,
  assetIn,
  channelIn,
  feesFor,
  isLost,
  lockOutcomes,
  preimagesToRegister,
  type Account,
  type AccountTerms,
  type Asset,
  type Channel,
  type DuePreimage,
  type HostedInvoice,
  type Htlc,
  type Ledger,
} from "../engine";
import type { Address, ChannelId, FeeSchedule, Hash, LockOutcome, LockPolicy } from "../protocol";

/** What a system owes in one token at one commit, channel by channel. */
export interface Snapshot {
  readonly commit: bigint;
  readonly head: Hash;
  readonly channels: readonly Channel[];
}

/** What a service knows of its system as of the last commit, read from the ledger in memory. */
export class Books {
  /** @param clock Unix seconds */
  constructor(
    protected readonly ledger: Ledger,
    protected readonly system: Address,
    protected readonly locks: LockPolicy,
    private readonly clock: () => bigint,
  ) {}

  /** Unix seconds, as the service takes them. */
  get time(): bigint {
    return this.clock();
  }

  /** Whether the account is of this system. */
  hasAccount(address: Address): boolean {
    return this.ledger.account(address) !== undefined;
  }

  /** @throws unknown_account */
  account(address: Address): Account {
    return accountIn(this.ledger, address);
  }

  /** How many accounts the system has. */
  get accountCount(): number {
    return this.ledger.accounts.size;
  }

  /** What holds for an account instead of an asset's terms, if anything does. */
  termsOf(account: Address, token: Address): AccountTerms | undefined {
    return this.ledger.terms(this.system, token, account);
  }

  /** @throws unknown_asset */
  asset(token: Address): Asset {
    return assetIn(this.ledger, this.system, token);
  }

  lists(token: Address): boolean {
    return this.ledger.asset(this.system, token) !== undefined;
  }

  /** All assets that the system lists. */
  assets(): Iterable<Asset> {
    return this.ledger.assets.values();
  }

  /** The channel of the current epoch. */
  channelOf(account: Address, token: Address): Channel | undefined {
    return this.ledger.channelOf(this.system, account, token);
  }

  channel(id: ChannelId): Channel | undefined {
    return this.ledger.channel(id);
  }

  /** All channels that this service knows. */
  channels(): Iterable<Channel> {
    return this.ledger.channels.values();
  }

  /** Those of a token that are not settled. */
  openChannels(token: Address): Channel[] {
    return [...this.channels()].filter(({ key, status }) => key.token === token && status !== "settled");
  }

  /** The channels that wait for something to become final on chain: a withdrawal, a closing, the end of the epoch. */
  waitingChannels(): Iterable<ChannelId> {
    return this.ledger.waiting;
  }

  /** How many channels wait to begin anew after a loss of data (S7). */
  get resynchronising(): number {
    return [...this.ledger.waiting].filter((id) => isLost(channelIn(this.ledger, id))).length;
  }

  /** What the account of a channel pays for its payments. */
  feesFor(channel: Channel): FeeSchedule {
    return feesFor(this.ledger, channel);
  }

  /** How the locks that a channel pays by have ended, as its next state may say. */
  lockOutcomes(id: ChannelId): LockOutcome[] {
    const channel = this.ledger.channel(id);
    return channel === undefined ? [] : lockOutcomes(this.ledger, channel);
  }

  /** The conditional transfers that are not over. */
  openHtlcs(): Iterable<Htlc> {
    return this.ledger.openHtlcs();
  }

  /** The conditional transfers under `hash` that are not over. */
  htlcsUnder(hash: Hash): Htlc[] {
    return [...this.ledger.htlcsUnder(hash)];
  }

  /** The invoices of hosted accounts that are not over. */
  openInvoices(): Iterable<HostedInvoice> {
    return this.ledger.openInvoices();
  }

  /** Whether somebody is promised money under `hash`, or was. */
  knowsHash(hash: Hash): boolean {
    const [promised] = this.ledger.htlcsUnder(hash);
    return promised !== undefined || this.ledger.preimage(hash) !== undefined;
  }

  /** The preimage of `hash`, if it is known. */
  preimage(hash: Hash): Hash | undefined {
    return this.ledger.preimage(hash)?.preimage;
  }

  /** Whether the final chain shows the preimage of `hash`. */
  isRegistered(hash: Hash): boolean {
    return (this.ledger.preimage(hash)?.registeredAt ?? null) !== null;
  }

  /** The channels whose payers owe since before `since` (Unix seconds) what only a close brings. */
  abandonedBefore(since: bigint): ChannelId[] {
    return abandonedBefore(this.ledger, since);
  }

  /** The preimages that the chain side must register now, so that payers who did not fold still pay (section 7). */
  preimagesToRegister(): DuePreimage[] {
    return preimagesToRegister(this.ledger, this.locks, this.time);
  }

  /** Locks that one channel may hold, each way. */
  get mostLocks(): number {
    return this.locks.maxCount;
  }

  /** Seconds between the expiry of a payer's lock and that of the payee's. */
  get margin(): bigint {
    return this.locks.margin;
  }
}
