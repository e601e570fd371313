import { createHash } from "node:crypto";

import {
  accountIn,
  Batch,
  FOLDABLE_NOTES,
  isOpen,
  Ledger,
  lockOutcomes,
  preimagesToRegister,
  requireBalanced,
  step,
  type Changes,
  type Channel,
  type Command,
  type CommandOf,
  type Context,
  type Htlc,
  type Leaf,
} from "../engine";
import { fail } from "../errors";
import {
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
import { type SignedConsent, type Store, type StoredReply } from "../store";
import { compose, type Composer } from "./compose";
import type { Keystore } from "./keystore";
import type { NoteDelivery, OutcomeDelivery, Reply, Request } from "./requests";

/** What an account service is made of. */
export interface ServiceOptions {
  readonly store: Store;
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
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: unknown) => void;
}

/** A request that its step accepted, waiting for the commit to be durable. */
interface Accepted {
  readonly waiting: Waiting;
  readonly reply: Omit<Reply, "commit">;
  readonly stateLeaf: number | null;
  readonly consentIndex: number | null;
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
 * signature, and answers only when they are durable: sign, commit, then send (S4).
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
  private stopped = false;

  /** Starts from what the store holds. */
  constructor(private readonly options: ServiceOptions) {
    const { store, system, keystore } = options;
    this.separator = domainSeparator(options.domain);
    this.locks = options.locks ?? DEFAULT_LOCK_POLICY;
    this.composer = {
      system,
      separator: this.separator,
      margin: this.locks.margin,
      seal: (account, key) => keystore.seal(account, key),
      keyOf: (account, sealed) => this.hostedKey(account, sealed),
    };
    this.ledger.apply({ accounts: [...store.accounts()], assets: [...store.assets()] });
    for (const note of store.unfoldedNotes(FOLDABLE_NOTES)) this.ledger.keepFoldable(note);
    this.ledger.apply({ channels: [...store.channels()] });
    this.ledger.apply({ htlcs: [...store.openHtlcs()], preimages: [...store.preimages()] });
  }

  /**
   * Carries out a request; resolves once it is durable. With a key, the same request again gets the same reply and
   * changes nothing.
   * @throws idempotency_conflict, overloaded, stopped, and what the request's step throws
   */
  submit(request: Request, idempotencyKey?: string): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.stopped) fail("stopped");
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
  stateSignature(id: ChannelId, version: bigint): SystemSignature | undefined {
    const signed = this.options.store.state(id, version);
    return signed && this.signatureAt(signed.leaf);
  }

  /** A completed state with both signatures: what proves it on chain. */
  completeState(id: ChannelId, version: bigint) {
    const signed = this.options.store.state(id, version);
    if (signed === undefined) return undefined;
    return {
      state: signed.message,
      userSignature: signed.userSignature,
      systemSignature: this.signatureAt(signed.leaf),
    };
  }

  /** The latest note for a channel with S's signature, for whoever was not online when it was issued. */
  latestNote(id: ChannelId): NoteDelivery | undefined {
    const seq = this.ledger.channel(id)?.note.seq ?? 0n;
    const signed = seq === 0n ? undefined : this.options.store.note(id, seq);
    if (signed === undefined) return undefined;
    const locks = this.ledger.channel(id)?.incoming ?? [];
    return { note: signed.message, locks, signed: this.signatureAt(signed.leaf) };
  }

  /** A withdrawal or closing with both signatures, by its struct hash. */
  consent(hash: Hash): SignedConsent | undefined {
    return this.options.store.consent(hash);
  }

  /**
   * Whether the books hold: for the token, Σ balances of all channels, and what waits for a preimage, equals what the
   * journal says came in and did not go out, account by account (property 1).
   */
  isConserved(token: Address): boolean {
    const totals = this.options.store.journalTotals(this.options.system, token);
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
  }

  /** Refuses new requests, carries out those that wait, and returns when all are answered. */
  stop(): void {
    this.stopped = true;
    while (this.queue.length > 0) this.commitBatch();
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
      this.scheduled = false;
      if (this.queue.length > 0) this.commitBatch();
      if (this.queue.length > 0) this.schedule();
    });
  }

  /** One commit: steps, signature, store; only then the ledger, the replies and the notes. */
  private commitBatch(): void {
    const size = this.options.batchSize ?? 1024;
    const taken = this.queue.slice(0, size);
    this.queue = this.queue.slice(size);
    const batch = new Batch(this.ledger);
    const accepted: Accepted[] = [];
    const replies: StoredReply[] = [];
    const seen = new Map<string, StoredReply>();
    const again: { waiting: Waiting; reply: StoredReply }[] = [];
    const context: Context = { now: this.now(), locks: this.locks };
    for (const waiting of taken) {
      try {
        const fingerprint = waiting.key === undefined ? undefined : fingerprintOf(waiting.request);
        const before = waiting.key && (seen.get(waiting.key) ?? this.options.store.reply(waiting.key));
        if (before) {
          if (before.fingerprint !== fingerprint) fail("idempotency_conflict", { key: before.key });
          again.push({ waiting, reply: before });
          continue;
        }
        const done = this.carryOut(batch, waiting, context);
        accepted.push(done);
        if (waiting.key !== undefined && fingerprint !== undefined) {
          const reply = { ...done.reply, commit: this.options.store.lastCommit + 1n };
          const stored = { key: waiting.key, fingerprint, reply: toJson(reply) };
          seen.set(waiting.key, stored);
          replies.push(stored);
        }
      } catch (error) {
        waiting.reject(error);
      }
    }
    let durable: Durable;
    try {
      durable = this.makeDurable(batch, replies);
    } catch (error) {
      // Whether the commit is there only the store knows: a restart asks it.
      this.stopped = true;
      for (const { waiting } of [...accepted, ...again]) waiting.reject(error);
      for (const waiting of this.queue.splice(0)) waiting.reject(error);
      return;
    }
    const changes = batch.changes();
    this.ledger.apply(changes);
    for (const done of accepted) done.waiting.resolve(this.answer(done, durable));
    for (const { waiting, reply } of again) waiting.resolve(this.replay(fromJson(reply.reply) as Reply));
    this.deliver(batch, durable);
    this.deliverOutcomes(changes.htlcs);
  }

  private answer({ waiting, reply, stateLeaf, consentIndex }: Accepted, durable: Durable): Reply {
    const { commit, consents } = durable;
    return {
      ...reply,
      commit,
      ...(stateLeaf !== null && { state: stateLeaf >= 0 ? signedAt(durable, stateLeaf) : this.repeated(reply) }),
      ...(consentIndex !== null && { consent: consents[consentIndex] ?? this.repeatedConsent(waiting.request) }),
    };
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
    const reply =
      command.type === "submitState"
        ? { channelId: command.proposal.channelId, version: command.proposal.version }
        : {};
    return { waiting, reply, stateLeaf, consentIndex };
  }

  /** Signs everything the batch leads to, and stores it with the signature. */
  private makeDurable(batch: Batch, replies: readonly StoredReply[]): Durable {
    const { store, signerKey } = this.options;
    if (batch.isEmpty) return { commit: store.lastCommit, tree: null, signature: null, consents: [] };
    requireBalanced(batch.journal);
    const hashes = [...batch.states, ...batch.notes].map(({ hash }) => hash);
    const tree = hashes.length > 1 ? merkleTree(hashes.map(batchLeaf)) : null;
    const signature = this.signBatch(hashes, tree);
    const consents = batch.consents.map(({ hash }) => sign(digest(this.separator, hash), signerKey));
    const id = store.lastCommit + 1n;
    store.commit({ id, time: Date.now(), changes: batch.changes(), signature, consents, replies });
    this.counters.commits += 1;
    this.counters.signaturesMade += consents.length + (signature === null ? 0 : 1);
    return { commit: id, tree, signature, consents };
  }

  private signBatch(hashes: readonly Hash[], tree: MerkleTree | null): Signature | null {
    const structHash = tree === null ? hashes[0] : hashBatch(tree.root);
    return structHash === undefined ? null : sign(digest(this.separator, structHash), this.options.signerKey);
  }

  private signatureAt(leaf: Leaf): SystemSignature {
    const { signature, leaves } = this.options.store.commitProof(leaf.commit) ?? fail("store_corrupt", { ...leaf });
    return { signature, proof: leaves.length === 1 ? [] : merkleTree(leaves.map(batchLeaf)).proof(leaf.index) };
  }

  /** A reply given before, with S's signature as the store has it. */
  private replay(reply: Reply): Reply {
    return reply.version === undefined ? reply : { ...reply, state: this.repeated(reply) };
  }

  private repeated({ channelId, version }: Omit<Reply, "commit">): SystemSignature {
    const signed = channelId && version ? this.stateSignature(channelId, version) : undefined;
    return signed ?? fail("store_corrupt", { channelId, version });
  }

  private repeatedConsent(request: Request): Signature {
    const command = compose(this.ledger, request, this.composer);
    const hash = isConsent(command) ? consentHash(command) : undefined;
    return (hash && this.consent(hash)?.systemSignature) ?? fail("store_corrupt", { request: request.type });
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
