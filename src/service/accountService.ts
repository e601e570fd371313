import { createHash } from "node:crypto";

import {
  accountIn,
  assetIn,
  Batch,
  FOLDABLE_NOTES,
  isOpen,
  Ledger,
  lockOutcomes,
  preimagesToRegister,
  requireBalanced,
  step,
  type Account,
  type Asset,
  type Changes,
  type Channel,
  type Command,
  type CommandOf,
  type Context,
  type Htlc,
  type Leaf,
} from "../engine";
import { fail, StarledgerError } from "../errors";
import {
  addressOf,
  balance,
  batchLeaf,
  DEFAULT_LOCK_POLICY,
  digest,
  domainSeparator,
  hashBatch,
  hashClosing,
  hashInvoice,
  hashWithdrawal,
  merkleTree,
  sign,
  toHash,
  type Address,
  type ChannelId,
  type Domain,
  type Hash,
  type Hex,
  type Invoice,
  type LockOutcome,
  type LockPolicy,
  type MerkleTree,
  type Signature,
  type SignedInvoice,
  type SystemSignature,
} from "../protocol";
import { fromJson, toJson } from "../protocol/json";
import type { Lease, LeaseOptions, SignedConsent, Store, StoredReply } from "../store";
import { compose, type Composer } from "./compose";
import type { Keystore } from "./keystore";
import type { NoteDelivery, OutcomeDelivery, Reply, Request } from "./requests";

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
}

/** What the service counted since it started. */
export interface ServiceCounters {
  commits: number;
  signaturesMade: number;
  signaturesVerified: number;
}

type ConsentCommand = CommandOf<"withdraw"> | CommandOf<"closeCooperatively">;

/** Requests that the service signs in the user's name. */
const HOSTED = new Set<Request["type"]>(["pay", "payInvoice", "releaseHosted", "foldHosted", "withdrawHosted"]);

interface Waiting {
  readonly request: Request;
  readonly key: string | undefined;
  readonly resolve: (reply: Reply | Promise<Reply>) => void;
  readonly reject: (error: unknown) => void;
}

/** A request that its step accepted, waiting for the commit to be durable. */
interface Accepted {
  readonly waiting: Waiting;
  readonly reply: Omit<Reply, "commit">;
  readonly stateLeaf: number | null;
  readonly consentIndex: number | null;
}

/** What of the requests taken goes into a commit, and what was answered before. */
interface Group {
  readonly accepted: Accepted[];
  readonly again: { readonly waiting: Waiting; readonly reply: StoredReply }[];
  readonly replies: StoredReply[];
}

/** A commit that is on disk. */
interface Durable {
  readonly commit: bigint;
  /** Null where one leaf or none was signed. */
  readonly tree: MerkleTree | null;
  readonly signature: Signature | null;
  readonly consents: readonly Signature[];
}

/**
 * The account service around the engine: takes requests, carries out many in one commit, signs them all with one
 * signature, and answers only when they are durable: sign, commit, then send (S4). While one commit is on its way, the
 * next gathers. It leads its system: no other process commits for it meanwhile.
 */
export class AccountService {
  readonly counters: ServiceCounters = { commits: 0, signaturesMade: 0, signaturesVerified: 0 };
  private readonly ledger = new Ledger();
  private readonly separator: Hash;
  private readonly composer: Composer;
  private readonly keys = new Map<Address, Hex>();
  private readonly locks: LockPolicy;
  private readonly listeners = new Map<Address, (delivery: NoteDelivery) => void>();
  private readonly outcomeListeners = new Map<Address, (delivery: OutcomeDelivery) => void>();
  private queue: Waiting[] = [];
  private scheduled = false;
  private lastCommit = 0n;
  /** Why requests are refused. */
  private refusal: "stopped" | "not_leader" | null = null;
  /** The end of what is under way on the store. */
  private turn: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly options: ServiceOptions,
    private readonly lease: Lease,
  ) {
    const { system, keystore } = options;
    this.separator = domainSeparator(options.domain);
    this.locks = options.locks ?? DEFAULT_LOCK_POLICY;
    this.composer = {
      system,
      separator: this.separator,
      margin: this.locks.margin,
      seal: (account, key) => keystore.seal(account, key),
      keyOf: (account, sealed) => this.hostedKey(account, sealed),
    };
    lease.lost.addEventListener("abort", () => this.refuse("not_leader"));
  }

  /**
   * Waits until no other process leads the system, leads it, and starts from what the store holds.
   * @throws store_failed, store_corrupt
   */
  static async start(options: ServiceOptions): Promise<AccountService> {
    const service = new AccountService(options, await options.store.lead(options.system, options.lease));
    try {
      await service.load();
      return service;
    } catch (error) {
      await service.lease.release();
      throw error;
    }
  }

  /**
   * Carries out a request; resolves once it is durable. With a key, the same request again gets the same reply and
   * changes nothing.
   * @throws idempotency_conflict, overloaded, stopped, not_leader, store_failed, outcome_unknown, and what the request's
   * step throws
   */
  submit(request: Request, idempotencyKey?: string): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.refusal !== null) fail(this.refusal);
      const limit = this.options.queueLimit ?? 100_000;
      if (this.queue.length >= limit) fail("overloaded", { waiting: this.queue.length, limit });
      this.queue.push({ request, key: idempotencyKey, resolve, reject });
      this.schedule();
    });
  }

  /** Calls `listener` with every note for `account` once it is durable. One listener per account. */
  subscribe(account: Address, listener: (delivery: NoteDelivery) => void): void {
    this.listeners.set(account, listener);
  }

  /** Calls `listener` when a preimage is known of what `account` pays conditionally. One listener per account. */
  subscribeOutcomes(account: Address, listener: (delivery: OutcomeDelivery) => void): void {
    this.outcomeListeners.set(account, listener);
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

  /** The preimages that the chain side must register now, so that payers who did not fold still pay (section 7). */
  preimagesToRegister(): Hash[] {
    return preimagesToRegister(this.ledger, this.locks, this.now());
  }

  /**
   * Signs an invoice in the name of a hosted account; whoever made the preimage keeps it.
   * @throws unknown_account, not_hosted
   */
  signInvoice(invoice: Invoice): SignedInvoice {
    const account = accountIn(this.ledger, invoice.account);
    const key = this.hostedKey(account.address, account.sealedKey ?? fail("not_hosted", { account: account.address }));
    return { invoice, signature: sign(digest(this.separator, hashInvoice(invoice)), key) };
  }

  /**
   * Folds what has ended of the conditional transfers of hosted accounts: returned locks at the payee, then settled and
   * failed ones at the payer.
   */
  async foldHosted(): Promise<void> {
    const { ledger } = this;
    const isUnfolded = ({ payee, returnedIn }: Htlc) => returnedIn > (ledger.channel(payee)?.state.noteSeq ?? 0n);
    await this.foldEach([...ledger.openHtlcs()].filter(isUnfolded).map(({ payee }) => payee));
    const hasEnded = ({ payer }: Htlc) => this.lockOutcomes(payer).length > 0;
    await this.foldEach([...ledger.openHtlcs()].filter(hasEnded).map(({ payer }) => payer));
  }

  /** The system account, where it is kept, and whose signatures are the system's. */
  get identity(): { readonly system: Address; readonly domain: Domain; readonly signer: Address } {
    const { system, domain, signerKey } = this.options;
    return { system, domain, signer: addressOf(signerKey) };
  }

  /**
   * Resolves if requests are taken: this process leads, and its store answers.
   * @throws stopped, not_leader, store_failed
   */
  async requireReady(): Promise<void> {
    if (this.refusal !== null) fail(this.refusal);
    await this.options.store.lastCommit(this.options.system);
  }

  /** @throws unknown_account */
  account(address: Address): Account {
    return accountIn(this.ledger, address);
  }

  /** @throws unknown_asset */
  asset(token: Address): Asset {
    return assetIn(this.ledger, this.options.system, token);
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

  /** S's signature on a completed state. */
  async stateSignature(id: ChannelId, version: bigint): Promise<SystemSignature | undefined> {
    const signed = await this.options.store.state(id, version);
    return signed && (await this.signatureAt(signed.leaf));
  }

  /** A completed state with both signatures: what proves it on chain. */
  async completeState(id: ChannelId, version: bigint) {
    const signed = await this.options.store.state(id, version);
    if (signed === undefined) return undefined;
    return {
      state: signed.message,
      userSignature: signed.userSignature,
      systemSignature: await this.signatureAt(signed.leaf),
    };
  }

  /** The latest note for a channel with S's signature, for whoever was not online when it was issued. */
  async latestNote(id: ChannelId): Promise<NoteDelivery | undefined> {
    const channel = this.ledger.channel(id);
    if (channel === undefined || channel.note.seq === 0n) return undefined;
    // Taken before waiting: a later note may have other locks.
    const { note, incoming } = channel;
    const signed = await this.options.store.note(id, note.seq);
    return signed && { note, locks: incoming, signed: await this.signatureAt(signed.leaf) };
  }

  /** A withdrawal or closing with both signatures, by its struct hash. */
  consent(hash: Hash): Promise<SignedConsent | undefined> {
    return this.options.store.consent(hash);
  }

  /**
   * Whether the books hold, between two commits: for the token, Σ balances of all channels, and what waits for a preimage,
   * equals what the journal says came in and did not go out, account by account (property 1).
   */
  isConserved(token: Address): Promise<boolean> {
    return this.exclusively(async () => {
      const totals = await this.options.store.journalTotals(this.options.system, token);
      let sum = 0n;
      for (const total of totals.values()) sum += total;
      let liabilities = totals.get("locked") ?? 0n;
      for (const channel of this.ledger.channels.values()) {
        if (channel.key.token !== token || channel.status === "settled") continue;
        const owed = balance(channel.funds, channel.state, channel.note) - channel.state.locked;
        if (owed !== (totals.get(channel.key.user) ?? 0n)) return false;
        liabilities += owed;
      }
      return sum === 0n && liabilities === this.ledger.asset(this.options.system, token)?.liabilities;
    });
  }

  /** Refuses new requests, carries out those that wait, gives up the lead, and returns when all are answered. */
  async stop(): Promise<void> {
    this.refusal ??= "stopped";
    while (this.queue.length > 0) await this.exclusively(() => this.commitBatch());
    await this.turn;
    await this.lease.release();
  }

  /** Takes in what is durable. Nothing can be added to it any more but by this service. */
  private async load(): Promise<void> {
    const { store, system } = this.options;
    this.lastCommit = await store.lastCommit(system);
    this.ledger.apply({ accounts: await store.accounts(system), assets: await store.assets(system) });
    for (const note of await store.unfoldedNotes(system, FOLDABLE_NOTES)) this.ledger.keepFoldable(note);
    this.ledger.apply({ channels: await store.channels(system) });
    this.ledger.apply({ htlcs: await store.openHtlcs(system), preimages: await store.preimages(system) });
  }

  private now(): bigint {
    return (this.options.now ?? wallClock)();
  }

  /** Completes a state for each of these channels that is hosted and open. */
  private async foldEach(channels: readonly ChannelId[]): Promise<void> {
    const requests = [...new Set(channels)].flatMap((id) => {
      const channel = this.ledger.channel(id);
      const isHosted = isOpen(channel) && this.ledger.account(channel.key.user)?.custody === "hosted";
      return isHosted ? [{ type: "foldHosted", from: channel.key.user, token: channel.key.token } as const] : [];
    });
    await Promise.all(requests.map((request) => this.submit(request)));
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      void this.exclusively(() => this.commitBatch()).then(() => {
        this.scheduled = false;
        if (this.queue.length > 0) this.schedule();
      });
    });
  }

  /** Acts when all that was under way has ended, and before anything else begins. */
  private exclusively<T>(act: () => Promise<T>): Promise<T> {
    const result = this.turn.then(act);
    this.turn = result.catch(() => undefined);
    return result;
  }

  /** Takes no more requests, and answers those that wait. */
  private refuse(code: "stopped" | "not_leader"): void {
    this.refusal ??= code;
    for (const waiting of this.queue.splice(0)) waiting.reject(new StarledgerError(code));
  }

  /** One commit: steps, signature, store; only then the ledger, the replies and the notes. */
  private async commitBatch(): Promise<void> {
    const taken = this.queue.splice(0, this.options.batchSize ?? 1024);
    const batch = new Batch(this.ledger);
    let group: Group;
    let durable: Durable;
    try {
      group = this.carryOutAll(batch, taken, await this.repliesTo(taken));
      durable = await this.makeDurable(batch, group.replies);
    } catch (error) {
      this.giveUp(taken, error);
      return;
    }
    const changes = batch.changes();
    this.ledger.apply(changes);
    for (const done of group.accepted) done.waiting.resolve(this.answer(done, durable));
    for (const { waiting, reply } of group.again) {
      waiting.resolve(this.withSignatures({ ...(fromJson(reply.reply) as Reply), replayed: true }));
    }
    this.deliver(batch, durable);
    this.deliverOutcomes(changes.htlcs);
  }

  /** Nothing of a group has happened, and others may come after it; or nobody knows, and then a restart asks the store. */
  private giveUp(taken: readonly Waiting[], cause: unknown): void {
    const error =
      cause instanceof StarledgerError ? cause : new StarledgerError("outcome_unknown", { reason: String(cause) });
    for (const waiting of taken) waiting.reject(error);
    if (error.code === "store_failed") return;
    this.refuse(error.code === "not_leader" ? "not_leader" : "stopped");
    // Whoever leads next reads from the store what has become of it.
    void this.lease.release();
  }

  /** What was answered before, by idempotency key. */
  private async repliesTo(taken: readonly Waiting[]): Promise<Map<string, StoredReply>> {
    const keys = taken.flatMap(({ key }) => key ?? []);
    const replies = keys.length === 0 ? [] : await this.options.store.replies(this.options.system, keys);
    return new Map(replies.map((reply) => [reply.key, reply]));
  }

  private carryOutAll(batch: Batch, taken: readonly Waiting[], known: Map<string, StoredReply>): Group {
    const group: Group = { accepted: [], again: [], replies: [] };
    const context: Context = { now: this.now(), locks: this.locks };
    for (const waiting of taken) {
      const { key, request } = waiting;
      try {
        const fingerprint = key === undefined ? undefined : fingerprintOf(request);
        const before = key === undefined ? undefined : known.get(key);
        if (before !== undefined) {
          if (before.fingerprint !== fingerprint) fail("idempotency_conflict", { key: before.key });
          group.again.push({ waiting, reply: before });
          continue;
        }
        const done = this.carryOut(batch, waiting, context);
        group.accepted.push(done);
        if (key !== undefined && fingerprint !== undefined) {
          const stored = { key, fingerprint, reply: toJson({ ...done.reply, commit: this.lastCommit + 1n }) };
          known.set(key, stored);
          group.replies.push(stored);
        }
      } catch (error) {
        waiting.reject(error);
      }
    }
    return group;
  }

  /** At once where the commit has all that is needed, else when the store has given it. */
  private answer({ reply, stateLeaf, consentIndex }: Accepted, durable: Durable): Reply | Promise<Reply> {
    const answered = { ...reply, commit: durable.commit };
    if (stateLeaf !== null && stateLeaf >= 0) return { ...answered, state: signedAt(durable, stateLeaf) };
    const consent = durable.consents[consentIndex ?? -1];
    return consent === undefined ? this.withSignatures(answered) : { ...answered, consent };
  }

  /** Hands the notes to whoever listens; a listener that fails harms nobody else. */
  private deliver(batch: Batch, durable: Durable): void {
    batch.notes.forEach(({ note, locks, user }, i) => {
      tell(this.listeners, user, () => ({ note, locks, signed: signedAt(durable, batch.states.length + i) }));
    });
  }

  private deliverOutcomes(changed: readonly Htlc[]): void {
    for (const channelId of new Set(changed.filter(({ over }) => !over).map(({ payer }) => payer))) {
      const user = this.ledger.channel(channelId)?.key.user;
      const outcomes = this.lockOutcomes(channelId);
      if (user !== undefined && outcomes.length > 0) {
        tell(this.outcomeListeners, user, () => ({ channelId, outcomes }));
      }
    }
  }

  private carryOut(batch: Batch, waiting: Waiting, context: Context): Accepted {
    const command = compose(batch, waiting.request, this.composer);
    this.count(waiting.request);
    const changes = step(batch, command, context);
    const stateLeaf = leafIndex(command, changes, batch.states.length);
    const consentIndex = isConsent(command) ? (changes.consents ? batch.consents.length : -1) : null;
    batch.apply(changes);
    return { waiting, reply: subjectOf(command), stateLeaf, consentIndex };
  }

  /** Signs everything the batch leads to, and stores it with the signature. */
  private async makeDurable(batch: Batch, replies: readonly StoredReply[]): Promise<Durable> {
    const { store, signerKey, system } = this.options;
    if (batch.isEmpty) return { commit: this.lastCommit, tree: null, signature: null, consents: [] };
    requireBalanced(batch.journal);
    const hashes = [...batch.states, ...batch.notes].map(({ hash }) => hash);
    const tree = hashes.length > 1 ? merkleTree(hashes.map(batchLeaf)) : null;
    const signature = this.signBatch(hashes, tree);
    const consents = batch.consents.map(({ hash }) => sign(digest(this.separator, hash), signerKey));
    const id = this.lastCommit + 1n;
    await store.commit(
      { system, id, time: Date.now(), changes: batch.changes(), signature, consents, replies },
      this.lease,
    );
    this.lastCommit = id;
    this.counters.commits += 1;
    this.counters.signaturesMade += consents.length + (signature === null ? 0 : 1);
    return { commit: id, tree, signature, consents };
  }

  private signBatch(hashes: readonly Hash[], tree: MerkleTree | null): Signature | null {
    const structHash = tree === null ? hashes[0] : hashBatch(tree.root);
    return structHash === undefined ? null : sign(digest(this.separator, structHash), this.options.signerKey);
  }

  private async signatureAt(leaf: Leaf): Promise<SystemSignature> {
    const { store, system } = this.options;
    const proof = await store.commitProof(system, leaf.commit);
    const { signature, leaves } = proof ?? fail("store_corrupt", { ...leaf });
    return { signature, proof: leaves.length === 1 ? [] : merkleTree(leaves.map(batchLeaf)).proof(leaf.index) };
  }

  /** A reply with S's signatures as the store has them. */
  private async withSignatures(reply: Reply): Promise<Reply> {
    const { channelId, version, consentHash } = reply;
    if (channelId !== undefined && version !== undefined) {
      const state = await this.stateSignature(channelId, version);
      return { ...reply, state: state ?? fail("store_corrupt", { channelId, version }) };
    }
    if (consentHash === undefined) return reply;
    const signed = await this.consent(consentHash);
    return { ...reply, consent: signed?.systemSignature ?? fail("store_corrupt", { consentHash }) };
  }

  private hostedKey(account: Address, sealed: string): Hex {
    let key = this.keys.get(account);
    if (key === undefined) this.keys.set(account, (key = this.options.keystore.open(account, sealed)));
    return key;
  }

  private count({ type }: Request): void {
    if (type === "submitState" || type === "withdraw" || type === "closeCooperatively")
      this.counters.signaturesVerified++;
    if (HOSTED.has(type)) this.counters.signaturesMade++;
  }
}

/** S's signature on one leaf of a commit. */
function signedAt({ signature, tree }: Durable, leaf: number): SystemSignature {
  return { signature: signature ?? fail("store_corrupt", { leaf }), proof: tree?.proof(leaf) ?? [] };
}

/** The place of a completed state among the commit's leaves; -1 if it was completed before; null if there is none. */
function leafIndex(command: Command, changes: Changes, statesBefore: number): number | null {
  if (command.type !== "submitState") return null;
  return changes.states ? statesBefore : -1;
}

function isConsent(command: Command): command is ConsentCommand {
  return command.type === "withdraw" || command.type === "closeCooperatively";
}

function consentHash(command: ConsentCommand): Hash {
  return command.type === "withdraw" ? hashWithdrawal(command.withdrawal) : hashClosing(command.closing);
}

/** What a reply names, so that it can be found again. */
function subjectOf(command: Command): Omit<Reply, "commit"> {
  if (isConsent(command)) return { consentHash: consentHash(command) };
  switch (command.type) {
    case "openAccount":
      return { account: command.account.address };
    case "submitState":
      return { channelId: command.proposal.channelId, version: command.proposal.version };
    default:
      return {};
  }
}

/** What an idempotency key stands for: the whole request. */
function fingerprintOf(request: Request): Hash {
  return toHash(`0x${createHash("sha256").update(toJson(request)).digest("hex")}`);
}

/** Tells a listener, if there is one; one that fails harms nobody else. */
function tell<T>(listeners: Map<Address, (delivery: T) => void>, account: Address, delivery: () => T): void {
  try {
    listeners.get(account)?.(delivery());
  } catch {
    listeners.delete(account);
  }
}

function wallClock(): bigint {
  return BigInt(Math.floor(Date.now() / 1000));
}
