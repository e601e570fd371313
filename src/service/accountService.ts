import { channelIn, outsetOf, type Ledger, type LedgerAccount, type LedgerEvent } from "../engine";
import {
  DEFAULT_LOCK_POLICY,
  domainSeparator,
  maximum,
  type Address,
  type ChannelId,
  type Invoice,
  type PaidLocks,
  type SignedInvoice,
} from "../protocol";
import { compileKeccak } from "../protocol/crypto";
import { systemSigner } from "../signer";
import type { EventQuery, Lease, Store, TotalsRange } from "../store";
import { Announcements } from "./announcements";
import { Audit } from "./audit";
import { Books, type Snapshot } from "./books";
import type { Budget } from "./budgets";
import { SignatureChecks } from "./checks";
import type { ServiceStatus } from "./commitReport";
import { Committer } from "./committer";
import type { ServiceCounters } from "./committerOptions";
import type { Composer } from "./compose";
import { DataLoss } from "./dataLoss";
import { Orders } from "./disputes/orders";
import { signInvoice } from "./hosted";
import { endedPayers, foldsOf, unfoldedPayees } from "./hostedFolds";
import { HostedKeys } from "./hostedKeys";
import { loadLedger } from "./loadLedger";
import { Payments } from "./payments";
import { secureRandomHash } from "./randomHash";
import type { Rehearsal } from "./rehearsal";
import type { NoteDelivery, Reply, Request, Shown } from "./requests";
import { checkShown, lostHosted, Signers } from "./resynchronisation";
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
  /** S's signatures, those of long ago included. */
  readonly signatures: Signatures;
  /** Told of every durable commit. */
  readonly announcements: Announcements;
  readonly audit: Audit;
  /** What it signs besides states, notes and what both sign. */
  readonly orders: Orders;
  private readonly composer: Composer;
  private readonly committer: Committer;
  private readonly queueLimit: number;
  private finalTime = 0n;

  private constructor(
    private readonly options: ServiceOptions,
    private readonly lease: Lease,
    private readonly loss: DataLoss,
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
      isSigner = () => Promise.resolve(false),
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
      signers: new Signers([system, signer.address], isSigner),
      finalTime: () => this.finalTime,
      lostSince: () => loss.since,
    });
    const onCommit = this.announcements.tell.bind(this.announcements);
    const limits = { locks, batchSize, queueLimit };
    const sealer = systemSigner(signer, domain);
    this.orders = new Orders(sealer);
    const { checks = SignatureChecks.shared } = options;
    const parts = {
      store,
      lease,
      ledger,
      signatures,
      composer,
      checks,
      signer: sealer,
      now,
      onCommit,
      observe,
      ...limits,
    };
    this.committer = new Committer(parts, end);
    this.audit = new Audit(ledger, system, store, this.committer);
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
      await compileKeccak();
      const [commit, event] = [await store.lastCommit(system), await store.log.last(system)];
      const time = (await store.activity.timeOf(system, event)) ?? 0;
      const head = await sealJournal(store, system, commit);
      const [loss, ledger] = [await DataLoss.of(system, store), await loadLedger(store, system)];
      const service = new AccountService(options, lease, loss, ledger, { commit, event, time, head });
      await loss.carryOut(service.channels(), (command) => service.submit(command));
      return service;
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
    const carryOut = (): Promise<Reply> => this.committer.submit(request, idempotencyKey, budgets);
    return request.type === "resynchronise" ? this.askSigners(request.shown).then(carryOut) : carryOut();
  }

  /**
   * All that happened on chain up to the last final block, of this time in Unix seconds, was taken in.
   * @throws store_failed
   */
  async noteFinal(time: bigint): Promise<void> {
    await this.loss.see(time, this.channels(), (command) => this.submit(command));
    this.finalTime = maximum(this.finalTime, time);
  }

  /**
   * What follows from what U shows of its channel after a loss of data: the locks that are paid, and the final time (S7).
   * @throws unknown_channel, invalid_signature, wrong_signer, chain_unreachable, and what {@link outsetOf} throws
   */
  async outset(id: ChannelId, shown: Shown): Promise<PaidLocks & { readonly time: bigint }> {
    await this.askSigners(shown);
    const channel = channelIn(this.ledger, id);
    const position = checkShown(shown, channel.key.user, this.composer);
    const { finalTime: time } = this;
    return { ...outsetOf(this.ledger, channel, position, time).paid, time };
  }

  /** What was signed before the signer changed counts as long as the hub has the earlier one. */
  private async askSigners(shown: Shown): Promise<void> {
    const { signers, separator } = this.composer;
    await signers.ask(shown, separator);
  }

  /** Resynchronises the hosted channels that can be, of whose states nobody else has a copy (S7). */
  async resynchroniseHosted(): Promise<void> {
    const lost = lostHosted(this.ledger, this.finalTime);
    const all = lost.map((channelId) => this.submit({ type: "resynchroniseHosted", channelId }));
    await Promise.allSettled(all);
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

  /** The latest note for a channel with S's signature, for whoever was not online when it was issued. */
  async latestNote(id: ChannelId): Promise<NoteDelivery | undefined> {
    const channel = this.ledger.channel(id);
    return channel && (await this.signatures.note(channel));
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

  /** Refuses new requests, carries out those that wait, gives up the lead, and returns when all are answered. */
  async stop(): Promise<void> {
    await this.committer.stop();
    await this.lease.release();
  }
}

function wallClock(): bigint {
  return BigInt(Math.floor(Date.now() / 1000));
}
