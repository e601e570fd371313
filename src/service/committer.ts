import { StarledgerError, type ErrorCode } from "../errors";
import type { Address, Hash } from "../protocol";
import { fromJson } from "../protocol/json";
import type { Budget } from "./budgets";
import { beginChecks } from "./checks";
import type { CommitterOptions, ServiceCounters } from "./committerOptions";
import { isSignedByUser, isSignedForUser } from "./compose";
import type { Accepted } from "./group";
import { Lookups } from "./lookups";
import { Preparation, type Base, type Prepared } from "./preparation";
import { rehearse, type Rehearsal } from "./rehearsal";
import { RequestQueue, type Refusal, type Waiting } from "./requestQueue";
import type { Reply, Request } from "./requests";
import type { LogEnd } from "./sealing";
import { Turns } from "./turns";

/** What a commit fails with that has certainly not happened. */
const NOT_STORED = new Set<ErrorCode>(["store_failed", "signer_unavailable", "signer_refused"]);

type Written<T> = { -readonly [Key in keyof T]: T[Key] };

/** A commit that is on its way into the store. */
interface UnderWay extends Base {
  /** Whether it is durable now, and in the ledger. */
  readonly stored: Promise<boolean>;
  /** Begins to store the next, which waits only until this one is durable, not until the ledger has it. */
  next: (() => void) | null;
}

/**
 * Gathers requests, carries out many in one commit, signs them all with one signature, and answers only when they are
 * durable: sign, commit, then send (S4). While one commit is on its way, the next gathers; as soon as enough waits for it,
 * it is carried out and signed too, on top of the one before, and stored once that is durable.
 */
export class Committer {
  readonly counters: ServiceCounters = { commits: 0, signaturesMade: 0, signaturesVerified: 0 };
  private readonly queue: RequestQueue;
  private readonly lookups: Lookups;
  private readonly system: Address;
  private readonly preparation: Preparation;
  private scheduled = false;
  private readonly turns = new Turns();
  private underWay: UnderWay | null = null;
  /** Nobody here knows any more what the store has. */
  private over = false;

  /** @param end of the log that the ledger is as of */
  constructor(
    private readonly options: CommitterOptions,
    private end: LogEnd,
  ) {
    const { store, composer, lease } = options;
    const { system } = composer;
    this.system = system;
    this.lookups = new Lookups(store, system);
    this.preparation = new Preparation(options, system, this.lookups);
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
    return this.turns.take(async () => {
      await this.underWay?.stored;
      return await act();
    });
  }

  /** Refuses new requests, carries out those that wait, and returns when all are answered. */
  async stop(): Promise<void> {
    this.queue.takeNoMore("stopped");
    while (this.queue.length > 0) await this.turns.take(() => this.commitNext());
    await this.exclusively(() => Promise.resolve());
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    void this.queue
      .gather()
      .then(() => this.underWay && Promise.race([this.underWay.stored, this.queue.enough()]))
      .then(() => this.turns.take(() => this.commitNext()))
      .then(() => {
        this.scheduled = false;
        if (this.queue.length > 0) this.schedule();
      });
  }

  /**
   * Steps and signature; then, as soon as the commit before is durable, the store; only then the ledger, the replies and the
   * notes.
   */
  private async commitNext(again?: readonly Waiting[]): Promise<void> {
    // The store does not answer for what is on its way into it; meanwhile more may come.
    if (Lookups.areNeeded(again ?? this.queue.next)) await this.underWay?.stored;
    const taken = again ?? this.queue.take();
    const before = this.underWay;
    const prepared = await this.prepare(taken);
    const begin = "error" in prepared ? null : this.beginning(taken, prepared);
    if (before !== null) before.next = begin;
    const isBeforeStored = (await before?.stored) ?? true;
    if (this.over) this.queue.turnAway(taken);
    else if (!isBeforeStored) await this.commitNext(taken);
    else if ("error" in prepared) await this.failed(taken, prepared.error);
    else if (begin === null) this.finish(prepared);
    // Else it has begun already.
    else if (before === null || before.next !== null) begin();
  }

  /** What begins to store a commit; null where nothing is to be stored. */
  private beginning(taken: readonly Waiting[], prepared: Prepared): (() => void) | null {
    const { batch: view, end, write } = prepared;
    if (write === null) return null;
    return () => {
      const stored = this.store(taken, prepared, write(this.options.lease));
      this.underWay = { view, end, stored, next: null };
    };
  }

  private async prepare(taken: readonly Waiting[]): Promise<Prepared | { readonly error: unknown }> {
    try {
      const { ledger } = this.options;
      return await this.preparation.of(taken, () => this.underWay ?? { view: ledger, end: this.end });
    } catch (error) {
      return { error };
    }
  }

  private async failed(taken: readonly Waiting[], error: unknown): Promise<void> {
    // Whoever holds the key may have refused one of them alone.
    const isRefused = error instanceof StarledgerError && error.code === "signer_refused";
    if (!isRefused || taken.length === 1) this.giveUp(taken, error);
    else for (const one of taken) await this.commitNext([one]);
  }

  /** Returns whether it is durable. */
  private async store(taken: readonly Waiting[], prepared: Prepared, written: Promise<void>): Promise<boolean> {
    try {
      await written;
    } catch (error) {
      this.giveUp(taken, error);
      this.underWay = null;
      return false;
    }
    this.end = prepared.end;
    this.storeNext();
    this.count(prepared);
    this.finish(prepared);
    return true;
  }

  /** The last commit is durable. */
  private storeNext(): void {
    const next = this.underWay?.next;
    if (this.underWay !== null) this.underWay.next = null;
    this.underWay = null;
    next?.();
  }

  /** Takes a durable commit into the ledger, and answers those who asked. */
  private finish(prepared: Prepared): void {
    const stored = performance.now();
    const { ledger, lease, signatures, onCommit, observe } = this.options;
    const { group, changes, sealed, events, end, times } = prepared;
    ledger.apply(changes);
    this.preparation.restOn(ledger);
    for (const done of group.accepted) done.waiting.resolve(this.answer(done, prepared));
    const isLatest = prepared.write !== null || lease.isFresh;
    for (const { waiting, error } of group.refused) waiting.reject(isLatest ? error : this.deposed());
    for (const { waiting, reply } of group.again) {
      waiting.resolve(signatures.complete({ ...(fromJson(reply.reply) as Reply), replayed: true }));
    }
    onCommit(changes, events, (leaf) => sealed.at(leaf));
    observe({
      system: this.system,
      commit: end.commit,
      requests: group.accepted.map(({ waiting }) => waiting.request.type),
      leaves: changes.states.length + changes.notes.length,
      times: { ...times, store: stored },
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
    this.over = true;
    this.queue.refuse(error.code === "not_leader" ? "not_leader" : "stopped");
    // Whoever leads next reads from the store what has become of it.
    void this.options.lease.release();
  }

  /** At once where the commit has all that is needed, else when the store has given it. */
  private answer(
    { reply, stateLeaf, consentIndex }: Accepted,
    { end: { commit }, sealed }: Prepared,
  ): Reply | Promise<Reply> {
    const answered: Written<Reply> = { commit, ...reply };
    if (stateLeaf === -1 || consentIndex === -1) return this.options.signatures.complete(answered);
    const consent = sealed.consents[consentIndex ?? -1];
    if (stateLeaf !== null) answered.state = sealed.at(stateLeaf);
    if (consent !== undefined) answered.consent = consent;
    return answered;
  }

  private count({ group: { accepted }, sealed }: Prepared): void {
    this.counters.commits += 1;
    this.counters.signaturesMade += sealed.signaturesMade;
    for (const { waiting } of accepted) {
      if (isSignedByUser(waiting.request)) this.counters.signaturesVerified++;
      if (isSignedForUser(waiting.request)) this.counters.signaturesMade++;
    }
  }
}
