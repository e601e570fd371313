import { Batch, requireConserved, type LedgerEvent } from "../engine";
import { StarledgerError, type ErrorCode } from "../errors";
import type { Address, Hash } from "../protocol";
import { fromJson } from "../protocol/json";
import type { StoredReply } from "../store";
import type { Budget, SpendingBook } from "./budgets";
import { beginChecks } from "./checks";
import type { CommitReport } from "./commitReport";
import type { CommitterOptions, ServiceCounters } from "./committerOptions";
import { isSignedByUser, isSignedForUser } from "./compose";
import { Group, type Accepted } from "./group";
import { Lookups } from "./lookups";
import { rehearse, type Rehearsal } from "./rehearsal";
import { RequestQueue, type Refusal, type Waiting } from "./requestQueue";
import type { Reply, Request } from "./requests";
import { commitAfter, Sealed, type LogEnd } from "./sealing";
import { Turns } from "./turns";

/** What a commit fails with that has certainly not happened. */
const NOT_STORED = new Set<ErrorCode>(["store_failed", "signer_unavailable", "signer_refused"]);

/** A commit that is on disk. */
interface Durable {
  readonly commit: bigint;
  readonly sealed: Sealed;
  readonly events: readonly LedgerEvent[];
  readonly times: Pick<CommitReport["times"], "sign" | "store">;
}

/**
 * Gathers requests, carries out many in one commit, signs them all with one signature, and answers only when they are
 * durable: sign, commit, then send (S4). While one commit is on its way, the next gathers.
 */
export class Committer {
  readonly counters: ServiceCounters = { commits: 0, signaturesMade: 0, signaturesVerified: 0 };
  private readonly queue: RequestQueue;
  private readonly lookups: Lookups;
  private readonly system: Address;
  private scheduled = false;
  private readonly turns = new Turns();

  /** @param end of the log that the ledger is as of */
  constructor(
    private readonly options: CommitterOptions,
    private end: LogEnd,
  ) {
    const { store, composer, lease } = options;
    const { system } = composer;
    this.system = system;
    this.lookups = new Lookups(store, system);
    this.queue = new RequestQueue(system, options);
    lease.lost.addEventListener("abort", () => this.queue.refuse("not_leader"));
  }

  /**
   * Carries out a request; resolves once it is durable. With a key, the same request again gets the same reply and
   * changes nothing. What it moves counts for the budgets.
   * @throws idempotency_conflict, budget_exceeded, overloaded, stopped, not_leader, store_failed, outcome_unknown,
   * signer_unavailable, signer_refused, and what the request's step throws
   */
  submit(request: Request, idempotencyKey?: string, budgets: readonly Budget[] = []): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.queue.requireRoom();
      const signer = beginChecks(request, this.options);
      this.queue.add({ request, signer, key: idempotencyKey, budgets, resolve, reject });
      this.schedule();
    });
  }

  /**
   * What a request would lead to now: nothing of it is kept, signed for by the system, or sent.
   * @throws what {@link submit} throws of the request itself
   */
  async rehearse(request: Request): Promise<Rehearsal> {
    this.requireTaking();
    const refundables = await this.lookups.refundables([request]);
    try {
      return rehearse(request, this.options, refundables);
    } catch (error) {
      throw this.options.lease.isFresh ? error : this.deposed();
    }
  }

  /** @throws stopped, not_leader */
  requireTaking(): void {
    this.queue.requireTaking();
  }

  /** Why requests are refused; null while they are taken. */
  get refusal(): Refusal | null {
    return this.queue.refusal;
  }

  /** Aborted when requests are taken no more. */
  get ended(): AbortSignal {
    return this.queue.ended;
  }

  /** What was asked and not begun, the last commit, and the head of the chain over the log as of it. */
  get progress(): {
    readonly waiting: number;
    readonly lastCommit: bigint;
    readonly head: Hash;
    readonly taking: boolean;
  } {
    const { commit: lastCommit, head } = this.end;
    return { waiting: this.queue.length, lastCommit, head, taking: this.refusal === null };
  }

  /** Acts between two commits. */
  exclusively<T>(act: () => Promise<T>): Promise<T> {
    return this.turns.take(act);
  }

  /** Refuses new requests, carries out those that wait, and returns when all are answered. */
  async stop(): Promise<void> {
    this.queue.takeNoMore("stopped");
    while (this.queue.length > 0) await this.exclusively(() => this.commitBatch());
    await this.turns.over();
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    void this.queue
      .gather()
      .then(() => this.exclusively(() => this.commitBatch()))
      .then(() => {
        this.scheduled = false;
        if (this.queue.length > 0) this.schedule();
      });
  }

  /** One commit: steps, signature, store; only then the ledger, the replies and the notes. */
  private async commitBatch(taken: readonly Waiting[] = this.queue.take()): Promise<void> {
    let batch: Batch;
    const began = performance.now();
    const before = this.end.commit;
    let [lookup, steps] = [began, began];
    let group: Group;
    let durable: Durable;
    try {
      const [known, spending] = [await this.lookups.replies(taken), await this.lookups.spending(taken)];
      batch = new Batch(this.options.ledger, await this.lookups.refundables(taken.map(({ request }) => request)));
      lookup = performance.now();
      group = this.carryOut(batch, taken, known, spending);
      steps = performance.now();
      durable = await this.makeDurable(batch, group, spending);
    } catch (error) {
      // Whoever holds the key may have refused one of them alone.
      const isRefused = error instanceof StarledgerError && error.code === "signer_refused";
      if (!isRefused || taken.length === 1) this.giveUp(taken, error);
      else for (const one of taken) await this.commitBatch([one]);
      return;
    }
    const changes = batch.changes();
    this.options.ledger.apply(changes);
    for (const done of group.accepted) done.waiting.resolve(this.answer(done, durable));
    const isLatest = durable.commit > before || this.options.lease.isFresh;
    for (const { waiting, error } of group.refused) waiting.reject(isLatest ? error : this.deposed());
    for (const { waiting, reply } of group.again) {
      waiting.resolve(this.options.signatures.complete({ ...(fromJson(reply.reply) as Reply), replayed: true }));
    }
    const { commit, sealed, events, times } = durable;
    this.options.onCommit(changes, events, (leaf) => sealed.at(leaf));
    this.options.observe({
      system: this.system,
      commit,
      requests: group.accepted.map(({ waiting }) => waiting.request.type),
      leaves: changes.states.length + changes.notes.length,
      times: { began, lookup, steps, ...times },
    });
  }

  /** Whoever may lead by now may know better than the ledger here. */
  private deposed(): StarledgerError {
    return new StarledgerError("not_leader", { system: this.system });
  }

  /** Nothing of a group has happened, and others may come after it; or nobody knows, and then a restart asks the store. */
  private giveUp(taken: readonly Waiting[], cause: unknown): void {
    const error =
      cause instanceof StarledgerError ? cause : new StarledgerError("outcome_unknown", { reason: String(cause) });
    for (const waiting of taken) waiting.reject(error);
    if (NOT_STORED.has(error.code)) return;
    this.queue.refuse(error.code === "not_leader" ? "not_leader" : "stopped");
    // Whoever leads next reads from the store what has become of it.
    void this.options.lease.release();
  }

  private carryOut(
    batch: Batch,
    taken: readonly Waiting[],
    known: Map<string, StoredReply>,
    spending: SpendingBook,
  ): Group {
    const { composer, now, locks } = this.options;
    const { system } = this;
    const [commit, firstEvent] = [this.end.commit + 1n, this.end.event + 1n];
    const context = { now: now(), locks };
    const group = new Group({ system, batch, composer, context, commit, firstEvent, known, spending });
    for (const waiting of taken) group.add(waiting);
    return group;
  }

  /** Signs everything the batch leads to, and stores it with the signature. */
  private async makeDurable(batch: Batch, group: Group, spending: SpendingBook): Promise<Durable> {
    const { replies } = group;
    // What changed nothing is remembered under its key too.
    if (batch.isEmpty && replies.length === 0) {
      const now = performance.now();
      return { commit: this.end.commit, sealed: Sealed.nothing, events: [], times: { sign: now, store: now } };
    }
    const { store, lease, ledger, signer } = this.options;
    const changes = batch.changes();
    requireConserved(ledger, changes);
    const sealed = await Sealed.of(batch, signer);
    const rest = { replies, spent: spending.changes(), time: Date.now() };
    const signed = performance.now();
    const { commit, events, end } = commitAfter(this.end, this.system, changes, sealed, rest);
    await store.commit(commit, lease);
    this.end = end;
    this.count(group, sealed);
    return { commit: commit.id, sealed, events, times: { sign: signed, store: performance.now() } };
  }

  /** At once where the commit has all that is needed, else when the store has given it. */
  private answer({ reply, stateLeaf, consentIndex }: Accepted, { commit, sealed }: Durable): Reply | Promise<Reply> {
    const answered = { ...reply, commit };
    if (stateLeaf === -1 || consentIndex === -1) return this.options.signatures.complete(answered);
    const consent = sealed.consents[consentIndex ?? -1];
    return {
      ...answered,
      ...(stateLeaf !== null && { state: sealed.at(stateLeaf) }),
      ...(consent !== undefined && { consent }),
    };
  }

  private count({ accepted }: Group, sealed: Sealed): void {
    this.counters.commits += 1;
    this.counters.signaturesMade += sealed.signaturesMade;
    for (const { waiting } of accepted) {
      if (isSignedByUser(waiting.request)) this.counters.signaturesVerified++;
      if (isSignedForUser(waiting.request)) this.counters.signaturesMade++;
    }
  }
}
