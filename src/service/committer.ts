import { createHash } from "node:crypto";

import {
  Batch,
  requireConserved,
  step,
  type Changes,
  type Command,
  type CommandOf,
  type Context,
  type EventType,
  type Ledger,
  type LedgerEvent,
  type Refundable,
} from "../engine";
import { fail, StarledgerError } from "../errors";
import {
  batchLeaf,
  digest,
  eventHash,
  hashBatch,
  hashClosing,
  hashWithdrawal,
  journalHead,
  merkleTree,
  sign,
  toHash,
  type Address,
  type Hash,
  type Hex,
  type LockPolicy,
  type MerkleTree,
  type Signature,
  type SystemSignature,
} from "../protocol";
import { fromJson, toJson } from "../protocol/json";
import type { Lease, Store, StoredReply } from "../store";
import { SpendingBook, type Budget } from "./budgets";
import type { CommitReport } from "./commitReport";
import { compose, isSignedForUser, isSignedByUser, weightOf, type Composer } from "./compose";
import { movedBy } from "./movement";
import { feeOf, subjectChannel, type Rehearsal } from "./rehearsal";
import type { Reply, Request } from "./requests";
import type { Signatures } from "./signatures";

/** Milliseconds for which a commit waits for more requests at most, as long as more come. */
const GATHERING = 5;

/** What commits are made of. */
export interface CommitterOptions {
  readonly store: Store;
  readonly lease: Lease;
  readonly ledger: Ledger;
  readonly signatures: Signatures;
  readonly composer: Composer;
  /** The key of one of the system's signers on the hub. */
  readonly signerKey: Hex;
  readonly locks: LockPolicy;
  /** Unix seconds. */
  readonly now: () => bigint;
  /** Requests per commit at most; one that pays many counts as many. */
  readonly batchSize: number;
  /** Requests waiting at most; more are refused as `overloaded`. */
  readonly queueLimit: number;
  /** Called once a commit is durable and in the ledger, after its requests are answered. */
  readonly onCommit: (
    changes: Required<Changes>,
    events: readonly LedgerEvent[],
    signed: (leaf: number) => SystemSignature,
  ) => void;
  /** Called after that. */
  readonly observe: (report: CommitReport) => void;
}

/** What was counted since the start. */
export interface ServiceCounters {
  commits: number;
  signaturesMade: number;
  signaturesVerified: number;
}

/** What a reply names the event of. */
const MONEY = new Set<EventType>(["money.issued", "money.transferred", "money.redeemed", "money.refunded"]);

type ConsentCommand = CommandOf<"withdraw"> | CommandOf<"closeCooperatively">;

interface Waiting {
  readonly request: Request;
  readonly key: string | undefined;
  readonly budgets: readonly Budget[];
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
  readonly spending: SpendingBook;
}

/** A commit that is on disk. */
interface Durable {
  readonly commit: bigint;
  /** Null where one leaf or none was signed. */
  readonly tree: MerkleTree | null;
  readonly signature: Signature | null;
  readonly consents: readonly Signature[];
  readonly events: readonly LedgerEvent[];
  readonly times: Pick<CommitReport["times"], "sign" | "store">;
}

/**
 * Gathers requests, carries out many in one commit, signs them all with one signature, and answers only when they are
 * durable: sign, commit, then send (S4). While one commit is on its way, the next gathers.
 */
export class Committer {
  readonly counters: ServiceCounters = { commits: 0, signaturesMade: 0, signaturesVerified: 0 };
  private readonly system: Address;
  private queue: Waiting[] = [];
  private scheduled = false;
  private code: "stopped" | "not_leader" | null = null;
  private readonly end = new AbortController();
  /** The end of what is under way on the store. */
  private turn: Promise<unknown> = Promise.resolve();

  /** @param lastCommit the one that the ledger is as of, its last event, and the head of the chain over the log */
  constructor(
    private readonly options: CommitterOptions,
    private lastCommit: bigint,
    private lastEvent: bigint,
    private head: Hash,
  ) {
    this.system = options.composer.system;
    options.lease.lost.addEventListener("abort", () => this.refuse("not_leader"));
  }

  /**
   * Carries out a request; resolves once it is durable. With a key, the same request again gets the same reply and
   * changes nothing. What it moves counts for the budgets.
   * @throws idempotency_conflict, budget_exceeded, overloaded, stopped, not_leader, store_failed, outcome_unknown, and what the request's
   * step throws
   */
  submit(request: Request, idempotencyKey?: string, budgets: readonly Budget[] = []): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.requireTaking();
      const { queueLimit: limit } = this.options;
      if (this.queue.length >= limit) fail("overloaded", { waiting: this.queue.length, limit });
      this.queue.push({ request, key: idempotencyKey, budgets, resolve, reject });
      this.schedule();
    });
  }

  /**
   * What a request would lead to now: nothing of it is kept, signed for by the system, or sent.
   * @throws what {@link submit} throws of the request itself
   */
  async rehearse(request: Request): Promise<Rehearsal> {
    this.requireTaking();
    const { ledger, composer, now, locks } = this.options;
    const batch = new Batch(ledger, await this.refundablesOf([request]));
    const command = compose(batch, request, composer);
    batch.apply(step(batch, command, { now: now(), locks }));
    requireConserved(ledger, batch.changes());
    return { fee: feeOf(command), channel: subjectChannel(batch, ledger, command) };
  }

  /** @throws stopped, not_leader */
  requireTaking(): void {
    if (this.code !== null) throw this.refused(this.code);
  }

  /** Why requests are refused; null while they are taken. */
  get refusal(): "stopped" | "not_leader" | null {
    return this.code;
  }

  /** Aborted when requests are taken no more. */
  get ended(): AbortSignal {
    return this.end.signal;
  }

  /** What was asked and not begun, the last commit, and the head of the chain over the log as of it. */
  get progress(): {
    readonly waiting: number;
    readonly lastCommit: bigint;
    readonly head: Hash;
    readonly taking: boolean;
  } {
    return { waiting: this.queue.length, lastCommit: this.lastCommit, head: this.head, taking: this.refusal === null };
  }

  /** Acts between two commits. */
  exclusively<T>(act: () => Promise<T>): Promise<T> {
    const result = this.turn.then(act);
    this.turn = result.catch(() => undefined);
    return result;
  }

  /** Refuses new requests, carries out those that wait, and returns when all are answered. */
  async stop(): Promise<void> {
    this.takeNoMore("stopped");
    while (this.queue.length > 0) await this.exclusively(() => this.commitBatch());
    await this.turn;
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    void this.gather()
      .then(() => this.exclusively(() => this.commitBatch()))
      .then(() => {
        this.scheduled = false;
        if (this.queue.length > 0) this.schedule();
      });
  }

  /**
   * Waits while every turn of the event loop brings more: a sync to disk costs the same for many, and new connections are
   * accepted one per turn.
   */
  private async gather(): Promise<void> {
    const until = performance.now() + GATHERING;
    let before: number;
    do {
      before = this.queue.length;
      await new Promise((resolve) => setImmediate(resolve));
    } while (this.queue.length > before && this.queue.length < this.options.batchSize && performance.now() < until);
  }

  /** Takes no more requests, and answers those that wait. */
  private refuse(code: "stopped" | "not_leader"): void {
    this.takeNoMore(code);
    for (const waiting of this.queue.splice(0)) waiting.reject(this.refused(code));
  }

  private takeNoMore(code: "stopped" | "not_leader"): void {
    this.code ??= code;
    this.end.abort();
  }

  private refused(code: "stopped" | "not_leader"): StarledgerError {
    return new StarledgerError(code, code === "not_leader" ? { system: this.system } : {});
  }

  /** One commit: steps, signature, store; only then the ledger, the replies and the notes. */
  private async commitBatch(): Promise<void> {
    const taken = this.take();
    let batch: Batch;
    const began = performance.now();
    let [lookup, steps] = [began, began];
    let group: Group;
    let durable: Durable;
    try {
      const [known, spending] = [await this.repliesTo(taken), await this.spendingOf(taken)];
      batch = new Batch(this.options.ledger, await this.refundablesOf(taken.map(({ request }) => request)));
      lookup = performance.now();
      group = this.carryOutAll(batch, taken, known, spending);
      steps = performance.now();
      durable = await this.makeDurable(batch, group);
    } catch (error) {
      this.giveUp(taken, error);
      return;
    }
    const changes = batch.changes();
    this.options.ledger.apply(changes);
    for (const done of group.accepted) done.waiting.resolve(this.answer(done, durable));
    for (const { waiting, reply } of group.again) {
      waiting.resolve(this.options.signatures.complete({ ...(fromJson(reply.reply) as Reply), replayed: true }));
    }
    this.options.onCommit(changes, durable.events, (leaf) => signedAt(durable, leaf));
    this.options.observe({
      system: this.system,
      commit: durable.commit,
      requests: group.accepted.map(({ waiting }) => waiting.request.type),
      leaves: changes.states.length + changes.notes.length,
      times: { began, lookup, steps, ...durable.times },
    });
  }

  /** As many requests as go into one commit: one at least, however large. */
  private take(): Waiting[] {
    let weight = 0;
    const full = this.queue.findIndex(({ request }) => (weight += weightOf(request)) > this.options.batchSize);
    return this.queue.splice(0, full < 0 ? this.queue.length : Math.max(full, 1));
  }

  /** Nothing of a group has happened, and others may come after it; or nobody knows, and then a restart asks the store. */
  private giveUp(taken: readonly Waiting[], cause: unknown): void {
    const error =
      cause instanceof StarledgerError ? cause : new StarledgerError("outcome_unknown", { reason: String(cause) });
    for (const waiting of taken) waiting.reject(error);
    if (error.code === "store_failed") return;
    this.refuse(error.code === "not_leader" ? "not_leader" : "stopped");
    // Whoever leads next reads from the store what has become of it.
    void this.options.lease.release();
  }

  /** What was answered before, by idempotency key. */
  private async repliesTo(taken: readonly Waiting[]): Promise<Map<string, StoredReply>> {
    const keys = taken.flatMap(({ key }) => key ?? []);
    const replies = keys.length === 0 ? [] : await this.options.store.replies(keys);
    return new Map(replies.map((reply) => [reply.key, reply]));
  }

  /** What the keys have moved whose requests these are. */
  private async spendingOf(taken: readonly Waiting[]): Promise<SpendingBook> {
    const keys = new Set(taken.flatMap(({ budgets }) => budgets.map(({ key }) => key)));
    const spent = await Promise.all([...keys].map((key) => this.options.store.spending.of(this.system, key)));
    return new SpendingBook(spent.flat());
  }

  /** The payments that these requests give back of. */
  private async refundablesOf(requests: readonly Request[]): Promise<Refundable[]> {
    const payments = requests.flatMap(paymentsRefunded);
    return payments.length === 0 ? [] : await this.options.store.refunds.of(this.system, payments);
  }

  private carryOutAll(
    batch: Batch,
    taken: readonly Waiting[],
    known: Map<string, StoredReply>,
    spending: SpendingBook,
  ): Group {
    const group: Group = { accepted: [], again: [], replies: [], spending };
    const context: Context = { now: this.options.now(), locks: this.options.locks };
    for (const waiting of taken) {
      const { key, request, budgets } = waiting;
      try {
        const fingerprint = key === undefined ? undefined : fingerprintOf(request);
        const before = key === undefined ? undefined : known.get(key);
        if (before !== undefined) {
          // What another system was asked is never the same: it is of another account.
          if (before.system !== this.system || before.fingerprint !== fingerprint) fail("idempotency_conflict");
          group.again.push({ waiting, reply: before });
          continue;
        }
        const command = compose(batch, request, this.options.composer);
        const charged = spending.charge(movedBy(request, command, batch), budgets, context.now);
        const done = this.carryOut(batch, waiting, command, context);
        spending.add(charged);
        group.accepted.push(done);
        if (key !== undefined && fingerprint !== undefined) {
          const stored = {
            system: this.system,
            key,
            fingerprint,
            reply: toJson({ ...done.reply, commit: this.lastCommit + 1n }),
          };
          known.set(key, stored);
          group.replies.push(stored);
        }
      } catch (error) {
        waiting.reject(error);
      }
    }
    return group;
  }

  private carryOut(batch: Batch, waiting: Waiting, command: Command, context: Context): Accepted {
    this.count(waiting.request);
    const changes = step(batch, command, context);
    const stateLeaf = leafIndex(command, changes, batch.states.length);
    const consentIndex = isConsent(command) ? (changes.consents ? batch.consents.length : -1) : null;
    const told = changes.events?.findIndex(({ type }) => MONEY.has(type)) ?? -1;
    const subject = subjectOf(command);
    const reply = told < 0 ? subject : { ...subject, event: this.lastEvent + 1n + BigInt(batch.events.length + told) };
    batch.apply(changes);
    return { waiting, reply, stateLeaf, consentIndex };
  }

  /** Signs everything the batch leads to, and stores it with the signature. */
  private async makeDurable(batch: Batch, { replies, spending }: Group): Promise<Durable> {
    const { store, lease, ledger, signerKey, composer } = this.options;
    // What changed nothing is remembered under its key too.
    if (batch.isEmpty && replies.length === 0) {
      const now = performance.now();
      const nothing = { tree: null, signature: null, consents: [], events: [] };
      return { ...nothing, commit: this.lastCommit, times: { sign: now, store: now } };
    }
    const changes = batch.changes();
    requireConserved(ledger, changes);
    const hashes = [...batch.states, ...batch.notes].map(({ hash }) => hash);
    const tree = hashes.length > 1 ? merkleTree(hashes.map(batchLeaf)) : null;
    const signature = this.signBatch(hashes, tree);
    const consents = batch.consents.map(({ hash }) => sign(digest(composer.separator, hash), signerKey));
    const signed = performance.now();
    const id = this.lastCommit + 1n;
    const [time, firstEvent, spent] = [Date.now(), this.lastEvent + 1n, spending.changes()];
    const events = changes.events.map((event, i): LedgerEvent => {
      return { ...event, system: this.system, number: firstEvent + BigInt(i), commit: id, time };
    });
    const hashed = events.map(eventHash);
    const journal = { events: hashed, head: journalHead(this.head, { id, events: hashed }) };
    const made = { system: this.system, id, time, firstEvent, changes, signature, consents, replies, spent, journal };
    await store.commit(made, lease);
    this.head = journal.head;
    this.lastCommit = id;
    this.lastEvent += BigInt(changes.events.length);
    this.counters.commits += 1;
    this.counters.signaturesMade += consents.length + (signature === null ? 0 : 1);
    const stored = performance.now();
    return { commit: id, tree, signature, consents, events, times: { sign: signed, store: stored } };
  }

  private signBatch(hashes: readonly Hash[], tree: MerkleTree | null): Signature | null {
    const { signerKey, composer } = this.options;
    const structHash = tree === null ? hashes[0] : hashBatch(tree.root);
    return structHash === undefined ? null : sign(digest(composer.separator, structHash), signerKey);
  }

  /** At once where the commit has all that is needed, else when the store has given it. */
  private answer({ reply, stateLeaf, consentIndex }: Accepted, durable: Durable): Reply | Promise<Reply> {
    const answered = { ...reply, commit: durable.commit };
    if (stateLeaf !== null && stateLeaf >= 0) return { ...answered, state: signedAt(durable, stateLeaf) };
    const consent = durable.consents[consentIndex ?? -1];
    return consent === undefined ? this.options.signatures.complete(answered) : { ...answered, consent };
  }

  private count(request: Request): void {
    if (isSignedByUser(request)) this.counters.signaturesVerified++;
    if (isSignedForUser(request)) this.counters.signaturesMade++;
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
    case "openAccounts":
      return { opened: command.opened };
    case "openAccount":
      return { account: command.account.address };
    case "submitState": {
      const { channelId, version } = command.proposal;
      const fee = feeOf(command);
      const fees = command.operations.flatMap((one) => (one.type === "fee" ? [one.amount] : []));
      return { channelId, version, ...(fee > 0n && { fee }), ...(fees.length > 1 && { fees }) };
    }
    case "addInvoice":
      return { hash: command.invoice.invoice.hash };
    default:
      return {};
  }
}

function paymentsRefunded(request: Request): Hash[] {
  if (request.type === "refund") return [request.payment];
  if (request.type !== "submitState") return [];
  return request.operations.flatMap((one) => (one.type === "refund" ? one.payment : []));
}

/** What an idempotency key stands for: the whole request. */
function fingerprintOf(request: Request): Hash {
  return toHash(`0x${createHash("sha256").update(toJson(request)).digest("hex")}`);
}
