import { booksHold, type Changes, type Ledger, type LedgerAccount, type LedgerEvent } from "../engine";
import {
  DEFAULT_LOCK_POLICY,
  domainSeparator,
  type Address,
  type ChannelId,
  type Hash,
  type Invoice,
  type SignedInvoice,
  type SystemSignature,
} from "../protocol";
import { systemSigner } from "../signer";
import type { EventQuery, Lease, SignedConsent, Store, TotalsRange } from "../store";
import { Announcements } from "./announcements";
import { Books, type Snapshot } from "./books";
import type { Budget } from "./budgets";
import type { ServiceStatus } from "./commitReport";
import { Committer, type ServiceCounters } from "./committer";
import type { Composer } from "./compose";
import { Orders } from "./disputes/orders";
import { signInvoice } from "./hosted";
import { endedPayers, foldsOf, unfoldedPayees } from "./hostedFolds";
import { HostedKeys } from "./hostedKeys";
import { loadLedger } from "./loadLedger";
import { Payments } from "./payments";
import { compareLater, reconcileSystem, type ChainReader, type Reconciliation } from "./reconciliation";
import { secureRandomHash } from "./randomHash";
import type { Rehearsal } from "./rehearsal";
import type { NoteDelivery, OutcomeDelivery, Reply, Request } from "./requests";
import { sealJournal } from "./sealJournal";
import type { LogEnd } from "./sealing";
import type { Identity, ServiceOptions } from "./serviceOptions";
import { Signatures } from "./signatures";

/**
 * The account service of one system around the engine: what is asked of it is carried out by its {@link Committer}, what is
 * read comes from the ledger in memory. It leads its system: no other process commits for it meanwhile.
 */
export class AccountService extends Books {
  readonly identity: Identity;
  /** Invoices and conditional payments, those of long ago included. */
  readonly payments: Payments;
  /** What it signs so that other accounts can act for the system in disputes. */
  readonly orders: Orders;
  private readonly signatures: Signatures;
  private readonly composer: Composer;
  private readonly committer: Committer;
  private readonly announcements: Announcements;
  private readonly queueLimit: number;

  private constructor(
    private readonly options: ServiceOptions,
    private readonly lease: Lease,
    ledger: Ledger,
    end: LogEnd,
  ) {
    const { store, system, domain, signer, keystore, queueLimit = 100_000 } = options;
    const {
      now = wallClock,
      randomHash = secureRandomHash,
      locks = DEFAULT_LOCK_POLICY,
      batchSize = 1024,
      observe = () => undefined,
    } = options;
    super(ledger, system, locks, now);
    this.identity = { system, domain, signer: signer.address };
    this.queueLimit = queueLimit;
    this.payments = new Payments(store, system);
    this.announcements = new Announcements(ledger);
    const keys = new HostedKeys(keystore);
    const signatures = (this.signatures = new Signatures(store, system));
    const composer = (this.composer = {
      system,
      separator: domainSeparator(domain),
      margin: locks.margin,
      now,
      randomHash,
      seal: (subject, secret) => keystore.seal(subject, secret),
      open: (subject, sealed) => keystore.open(subject, sealed),
      keyOf: (account, sealed) => keys.of(account, sealed),
    });
    const onCommit = this.announcements.tell.bind(this.announcements);
    const limits = { locks, batchSize, queueLimit };
    const sealer = systemSigner(signer, domain);
    this.orders = new Orders(sealer);
    const parts = { store, lease, ledger, signatures, composer, signer: sealer, now, onCommit, observe, ...limits };
    this.committer = new Committer(parts, end);
  }

  /**
   * Waits until no other process leads the system, leads it, and starts from what the store holds.
   * @throws store_failed, store_corrupt
   */
  static async start(options: ServiceOptions): Promise<AccountService> {
    return await AccountService.startWith(options, await options.store.leases.lead(options.system, options.lease));
  }

  /**
   * Starts under a lease that is held already, and releases it if that fails.
   * @throws store_failed, store_corrupt
   */
  static async startWith(options: ServiceOptions, lease: Lease): Promise<AccountService> {
    const { store, system } = options;
    try {
      const [commit, event] = [await store.lastCommit(system), await store.log.last(system)];
      const head = await sealJournal(store, system, commit);
      return new AccountService(options, lease, await loadLedger(store, system), { commit, event, head });
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
    return this.announcements.notes.add(account, listener);
  }

  /**
   * Calls `listener` when a preimage is known of what `account` pays conditionally, until what is returned is called.
   */
  subscribeOutcomes(account: Address, listener: (delivery: OutcomeDelivery) => void): () => void {
    return this.announcements.outcomes.add(account, listener);
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
    return this.announcements.commits.add("commit", listener);
  }

  /**
   * Folds what has ended of the conditional transfers of hosted accounts: returned locks at the payee, then settled and
   * failed ones at the payer.
   */
  async foldHosted(): Promise<void> {
    await this.fold(unfoldedPayees(this.ledger));
    await this.fold(endedPayers(this.ledger));
  }

  /** Completes a state for each of these channels that is hosted and open. */
  async fold(channels: readonly ChannelId[]): Promise<void> {
    await Promise.all(foldsOf(this.ledger, channels).map((request) => this.submit(request)));
  }

  /**
   * Resolves if requests are taken: this process leads, and its store and its signer answer.
   * @throws stopped, not_leader, store_failed, signer_unavailable, signer_refused
   */
  async requireReady(): Promise<void> {
    this.committer.requireTaking();
    await Promise.all([this.store.lastCommit(this.system), this.options.signer.requireReady()]);
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
    return this.store.log.events(this.system, query);
  }

  /** What each account of an asset's book, or one account, has got in all, less what it gave. */
  totals(token: Address, range: TotalsRange): Promise<Map<LedgerAccount, bigint>> {
    return this.store.log.totals(this.system, token, range);
  }

  /**
   * Calls `listener` with the events of every commit once it is durable, in their order, until what is returned is called.
   * What came before it reads from the log.
   */
  onEvents(listener: (events: readonly LedgerEvent[]) => void): () => void {
    return this.announcements.events.add("events", listener);
  }

  /** The channels of a token that are not settled, between two commits, with the last commit and the head of the journal after it. */
  snapshot(token: Address): Promise<Snapshot> {
    return this.committer.exclusively(() => {
      const { lastCommit: commit, head } = this.committer.progress;
      return Promise.resolve({ commit, head, channels: this.openChannels(token) });
    });
  }

  /** Whether the books hold, between two commits, as the log has them from the first event on (property 1). */
  isConserved(token: Address): Promise<boolean> {
    return this.committer.exclusively(async () => {
      const totals = await this.store.log.totals(this.system, token);
      return booksHold(this.ledger, this.asset(token), totals);
    });
  }

  /**
   * Names every difference between memory, log, store and, where it is given, the chain. Commits wait meanwhile.
   * @throws store_failed, store_corrupt, and what `readChain` throws
   */
  async reconcile(readChain?: ChainReader): Promise<Reconciliation> {
    const { ledger, system, store } = this;
    const chain = readChain && (await compareLater(ledger, readChain));
    return await this.committer.exclusively(async () => {
      const differences = await reconcileSystem(ledger, system, store, chain?.() ?? null);
      return { system, commit: this.committer.progress.lastCommit, chain: chain !== undefined, differences };
    });
  }

  /** Refuses new requests, carries out those that wait, gives up the lead, and returns when all are answered. */
  async stop(): Promise<void> {
    await this.committer.stop();
    await this.lease.release();
  }
}

function wallClock(): bigint {
  return BigInt(Math.floor(Date.now() / 1000));
}
