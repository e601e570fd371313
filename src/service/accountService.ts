import {
  accountIn,
  assetIn,
  booksHold,
  feesFor,
  isOpen,
  lockOutcomes,
  preimagesToRegister,
  type Account,
  type AccountTerms,
  type Asset,
  type Changes,
  type Channel,
  type DuePreimage,
  type HostedInvoice,
  type Htlc,
  type Ledger,
  type LedgerAccount,
  type LedgerEvent,
} from "../engine";
import {
  addressOf,
  DEFAULT_LOCK_POLICY,
  domainSeparator,
  type Address,
  type ChannelId,
  type Domain,
  type FeeSchedule,
  type Hash,
  type Hex,
  type Invoice,
  type LockOutcome,
  type LockPolicy,
  type SignedInvoice,
  type SystemSignature,
} from "../protocol";
import type { EventQuery, Lease, LeaseOptions, SignedConsent, Store, TotalsRange } from "../store";
import type { Budget } from "./budgets";
import type { CommitReport, ServiceStatus } from "./commitReport";
import { Committer, type ServiceCounters } from "./committer";
import type { Composer } from "./compose";
import { signInvoice } from "./hosted";
import type { Keystore } from "./keystore";
import { Payments } from "./payments";
import type { NoteDelivery, OutcomeDelivery, Reply, Request } from "./requests";
import { loadLedger } from "./loadLedger";
import { sealJournal } from "./sealJournal";
import { reconcileSystem, type ChainReader, type Reconciliation } from "./reconciliation";
import type { Rehearsal } from "./rehearsal";
import { Signatures } from "./signatures";
import { Subscriptions } from "./subscriptions";

/** What an account service is made of. */
export interface ServiceOptions {
  readonly store: Store;
  readonly lease?: LeaseOptions;
  readonly domain: Domain;
  /** The system account. */
  readonly system: Address;
  /** The key of one of the system's signers on the hub. */
  readonly signerKey: Hex;
  readonly keystore: Keystore;
  /** Unix seconds. */
  readonly now?: () => bigint;
  /** What it takes on in conditional transfers; {@link DEFAULT_LOCK_POLICY} unless given. */
  readonly locks?: LockPolicy;
  /** Requests per commit at most. */
  readonly batchSize?: number;
  /** Requests waiting at most; more are refused as `overloaded`. */
  readonly queueLimit?: number;
  /** Called after each durable commit. */
  readonly observe?: (report: CommitReport) => void;
}

/** A system account, where it is kept, and whose signatures are the system's. */
export interface Identity {
  readonly system: Address;
  readonly domain: Domain;
  readonly signer: Address;
}

/** What a system owes in one token at one commit, channel by channel. */
export interface Snapshot {
  readonly commit: bigint;
  readonly head: Hash;
  readonly channels: readonly Channel[];
}

/**
 * The account service of one system around the engine: what is asked of it is carried out by its {@link Committer}, what is
 * read comes from the ledger in memory. It leads its system: no other process commits for it meanwhile.
 */
export class AccountService {
  private readonly signatures: Signatures;
  /** Invoices and conditional payments, those of long ago included. */
  readonly payments: Payments;
  private readonly composer: Composer;
  private readonly committer: Committer;
  private readonly keys = new Map<Address, Hex>();
  private readonly locks: LockPolicy;
  private readonly now: () => bigint;
  private readonly queueLimit: number;
  private readonly notes = new Subscriptions<Address, NoteDelivery>();
  private readonly commits = new Subscriptions<"commit", Required<Changes>>();
  private readonly outcomes = new Subscriptions<Address, OutcomeDelivery>();
  private readonly log = new Subscriptions<typeof LOG, readonly LedgerEvent[]>();

  private constructor(
    private readonly options: ServiceOptions,
    private readonly lease: Lease,
    private readonly ledger: Ledger,
    lastCommit: bigint,
    lastEvent: bigint,
    head: Hash,
  ) {
    const {
      store,
      system,
      signerKey,
      keystore,
      now = wallClock,
      batchSize = 1024,
      observe = () => undefined,
    } = options;
    this.now = now;
    this.queueLimit = options.queueLimit ?? 100_000;
    this.locks = options.locks ?? DEFAULT_LOCK_POLICY;
    this.signatures = new Signatures(store, system);
    this.payments = new Payments(store, system);
    this.composer = {
      system,
      separator: domainSeparator(options.domain),
      margin: this.locks.margin,
      now,
      seal: (subject, secret) => keystore.seal(subject, secret),
      open: (subject, sealed) => keystore.open(subject, sealed),
      keyOf: (account, sealed) => this.hostedKey(account, sealed),
    };
    const { signatures, composer, locks, queueLimit } = this;
    const onCommit = this.deliver.bind(this);
    const parts = {
      store,
      lease,
      ledger,
      signatures,
      composer,
      signerKey,
      locks,
      now,
      batchSize,
      queueLimit,
      onCommit,
      observe,
    };
    this.committer = new Committer(parts, lastCommit, lastEvent, head);
  }

  /**
   * Waits until no other process leads the system, leads it, and starts from what the store holds.
   * @throws store_failed, store_corrupt
   */
  static async start(options: ServiceOptions): Promise<AccountService> {
    return await AccountService.startWith(options, await options.store.lead(options.system, options.lease));
  }

  /**
   * Starts under a lease that is held already, and releases it if that fails.
   * @throws store_failed, store_corrupt
   */
  static async startWith(options: ServiceOptions, lease: Lease): Promise<AccountService> {
    const { store, system } = options;
    try {
      const [lastCommit, lastEvent] = [await store.lastCommit(system), await store.lastEvent(system)];
      const head = await sealJournal(store, system, lastCommit);
      return new AccountService(options, lease, await loadLedger(store, system), lastCommit, lastEvent, head);
    } catch (error) {
      await lease.release();
      throw error;
    }
  }

  /** What the service counted since it started. */
  get counters(): Readonly<ServiceCounters> {
    return this.committer.counters;
  }

  /**
   * Carries out a request; resolves once it is durable. With a key, the same request again gets the same reply and
   * changes nothing. What it moves counts for the budgets.
   * @throws idempotency_conflict, budget_exceeded, overloaded, stopped, not_leader, store_failed, outcome_unknown, and what the request's
   * step throws
   */
  submit(request: Request, idempotencyKey?: string, budgets?: readonly Budget[]): Promise<Reply> {
    return this.committer.submit(request, idempotencyKey, budgets);
  }

  /** Calls `listener` with every note for `account` once it is durable, until what is returned is called. */
  subscribe(account: Address, listener: (delivery: NoteDelivery) => void): () => void {
    return this.notes.add(account, listener);
  }

  /**
   * Calls `listener` when a preimage is known of what `account` pays conditionally, until what is returned is called.
   */
  subscribeOutcomes(account: Address, listener: (delivery: OutcomeDelivery) => void): () => void {
    return this.outcomes.add(account, listener);
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

  /** The invoices of hosted accounts that are not over. */
  openInvoices(): Iterable<HostedInvoice> {
    return this.ledger.openInvoices();
  }

  /** What the account of a channel pays for its payments. */
  feesFor(channel: Channel): FeeSchedule {
    return feesFor(this.ledger, channel);
  }

  /** What holds for an account instead of an asset's terms, if anything does. */
  termsOf(account: Address, token: Address): AccountTerms | undefined {
    return this.ledger.terms(this.options.system, token, account);
  }

  /** The preimages that the chain side must register now, so that payers who did not fold still pay (section 7). */
  preimagesToRegister(): DuePreimage[] {
    return preimagesToRegister(this.ledger, this.locks, this.now());
  }

  /**
   * Signs an invoice in the name of a hosted account; whoever made the preimage keeps it.
   * @throws unknown_account, not_hosted
   */
  signInvoice(invoice: Invoice): SignedInvoice {
    return signInvoice(this.ledger, invoice, this.composer);
  }

  /** What a request would lead to now; nothing changes. */
  rehearse(request: Request): Promise<Rehearsal> {
    return this.committer.rehearse(request);
  }

  /** Calls `listener` with what every durable commit changed, until what is returned is called. */
  follow(listener: (changes: Required<Changes>) => void): () => void {
    return this.commits.add("commit", listener);
  }

  /**
   * Folds what has ended of the conditional transfers of hosted accounts: returned locks at the payee, then settled and
   * failed ones at the payer.
   */
  async foldHosted(): Promise<void> {
    const { ledger } = this;
    const isUnfolded = ({ payee, returnedIn }: Htlc) => returnedIn > (ledger.channel(payee)?.state.noteSeq ?? 0n);
    await this.fold([...ledger.openHtlcs()].filter(isUnfolded).map(({ payee }) => payee));
    const hasEnded = ({ payer }: Htlc) => this.lockOutcomes(payer).length > 0;
    await this.fold([...ledger.openHtlcs()].filter(hasEnded).map(({ payer }) => payer));
  }

  /** Completes a state for each of these channels that is hosted and open. */
  async fold(channels: readonly ChannelId[]): Promise<void> {
    const requests = [...new Set(channels)].flatMap((id) => {
      const channel = this.ledger.channel(id);
      const isHosted = isOpen(channel) && this.ledger.account(channel.key.user)?.custody === "hosted";
      return isHosted ? [{ type: "foldHosted", from: channel.key.user, token: channel.key.token } as const] : [];
    });
    await Promise.all(requests.map((request) => this.submit(request)));
  }

  get identity(): Identity {
    const { system, domain, signerKey } = this.options;
    return { system, domain, signer: addressOf(signerKey) };
  }

  /**
   * Resolves if requests are taken: this process leads, and its store answers.
   * @throws stopped, not_leader, store_failed
   */
  async requireReady(): Promise<void> {
    this.committer.requireTaking();
    await this.options.store.lastCommit(this.options.system);
  }

  /** How far it has come. */
  get status(): ServiceStatus {
    const { waiting, lastCommit, taking } = this.committer.progress;
    const { accountCount: accounts, queueLimit } = this;
    return { lastCommit, waiting, queueLimit, accounts, leads: taking, term: this.lease.term };
  }

  /** Whether it has stopped, or lost the lead, and takes requests no more. */
  get hasEnded(): boolean {
    return this.committer.refusal !== null;
  }

  /** Aborted when it has. */
  get ended(): AbortSignal {
    return this.committer.ended;
  }

  /** Whether another process may lead by now: what is read here may be out of date. */
  get mayBeDeposed(): boolean {
    return this.committer.refusal === "not_leader" || !this.lease.isFresh;
  }

  get store(): Store {
    return this.options.store;
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

  /** Unix seconds, as the service takes them. */
  get time(): bigint {
    return this.now();
  }

  /** @throws unknown_asset */
  asset(token: Address): Asset {
    return assetIn(this.ledger, this.options.system, token);
  }

  lists(token: Address): boolean {
    return this.ledger.asset(this.options.system, token) !== undefined;
  }

  /** All assets that the system lists. */
  assets(): Iterable<Asset> {
    return this.ledger.assets.values();
  }

  /** The channel of the current epoch. */
  channelOf(account: Address, token: Address): Channel | undefined {
    return this.ledger.channelOf(this.options.system, account, token);
  }

  channel(id: ChannelId): Channel | undefined {
    return this.ledger.channel(id);
  }

  /** All channels that this service knows. */
  channels(): Iterable<Channel> {
    return this.ledger.channels.values();
  }

  /** The channels that wait for something to become final on chain: a withdrawal, a closing, the end of the epoch. */
  waitingChannels(): Iterable<ChannelId> {
    return this.ledger.waiting;
  }

  /** The conditional transfers under `hash` that are not over. */
  htlcsUnder(hash: Hash): Htlc[] {
    return [...this.ledger.htlcsUnder(hash)];
  }

  /** Seconds between the expiry of a payer's lock and that of the payee's. */
  get margin(): bigint {
    return this.locks.margin;
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

  /** S's signature on a completed state. */
  stateSignature(id: ChannelId, version: bigint): Promise<SystemSignature | undefined> {
    return this.signatures.state(id, version);
  }

  /** A completed state with both signatures: what proves it on chain. */
  completeState(id: ChannelId, version: bigint) {
    return this.signatures.completeState(id, version);
  }

  /** The latest note for a channel with S's signature, for whoever was not online when it was issued. */
  async latestNote(id: ChannelId): Promise<NoteDelivery | undefined> {
    const channel = this.ledger.channel(id);
    return channel && (await this.signatures.note(channel));
  }

  /** A withdrawal or closing with both signatures, by its struct hash. */
  consent(hash: Hash): Promise<SignedConsent | undefined> {
    return this.signatures.consent(hash);
  }

  /** What the query asks for of the system's log. */
  events(query: EventQuery): Promise<LedgerEvent[]> {
    return this.options.store.events(this.options.system, query);
  }

  /** What each account of an asset's book, or one account, has got in all, less what it gave. */
  totals(token: Address, range: TotalsRange): Promise<Map<LedgerAccount, bigint>> {
    return this.options.store.journalTotals(this.options.system, token, range);
  }

  /**
   * Calls `listener` with the events of every commit once it is durable, in their order, until what is returned is called.
   * What came before it reads from the log.
   */
  onEvents(listener: (events: readonly LedgerEvent[]) => void): () => void {
    return this.log.add(LOG, listener);
  }

  /** The channels of a token that are not settled, between two commits, with the last commit and the head of the journal after it. */
  snapshot(token: Address): Promise<Snapshot> {
    return this.committer.exclusively(() => {
      const { lastCommit: commit, head } = this.committer.progress;
      const channels = [...this.ledger.channels.values()].filter(
        ({ key, status }) => key.token === token && status !== "settled",
      );
      return Promise.resolve({ commit, head, channels });
    });
  }

  /** Whether the books hold, between two commits, as the log has them from the first event on (property 1). */
  isConserved(token: Address): Promise<boolean> {
    return this.committer.exclusively(async () => {
      const totals = await this.options.store.journalTotals(this.options.system, token);
      return booksHold(this.ledger, this.asset(token), totals);
    });
  }

  /**
   * Names every difference between memory, log, store and, where it is given, the chain. Commits wait meanwhile.
   * @throws store_failed, store_corrupt, and what `readChain` throws
   */
  async reconcile(readChain?: ChainReader): Promise<Reconciliation> {
    const { store, system } = this.options;
    const before = new Map(this.ledger.channels);
    const chain = readChain === undefined ? null : await readChain(this.ledger);
    return await this.committer.exclusively(async () => {
      // What has changed since the chain was read cannot be compared with it.
      const unchanged = [...(chain?.channels ?? [])].filter(([id]) => this.ledger.channel(id) === before.get(id));
      const view = chain && { ...chain, channels: new Map(unchanged) };
      const differences = await reconcileSystem(this.ledger, system, store, view);
      return { system, commit: this.committer.progress.lastCommit, chain: chain !== null, differences };
    });
  }

  /** Refuses new requests, carries out those that wait, gives up the lead, and returns when all are answered. */
  async stop(): Promise<void> {
    await this.committer.stop();
    await this.lease.release();
  }

  /** Hands what was done, notes, outcomes and events to whoever listens. */
  private deliver(
    changes: Required<Changes>,
    events: readonly LedgerEvent[],
    signed: (leaf: number) => SystemSignature,
  ): void {
    const { states, notes, htlcs } = changes;
    this.commits.tell("commit", () => changes);
    notes.forEach(({ note, locks, user }, i) => {
      this.notes.tell(user, () => ({ note, locks, signed: signed(states.length + i) }));
    });
    for (const channelId of new Set(htlcs.filter(({ over }) => !over).map(({ payer }) => payer))) {
      const user = this.ledger.channel(channelId)?.key.user;
      const outcomes = this.lockOutcomes(channelId);
      if (user !== undefined && outcomes.length > 0) this.outcomes.tell(user, () => ({ channelId, outcomes }));
    }
    if (events.length > 0) this.log.tell(LOG, () => events);
  }

  private hostedKey(account: Address, sealed: string): Hex {
    let key = this.keys.get(account);
    if (key === undefined) this.keys.set(account, (key = this.options.keystore.open(account, sealed)));
    return key;
  }
}

/** The one topic of who follows everything. */
const LOG = "log";

function wallClock(): bigint {
  return BigInt(Math.floor(Date.now() / 1000));
}
