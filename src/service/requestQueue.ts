import { fail, StarledgerError } from "../errors";
import type { Address } from "../protocol";
import type { Budget } from "./budgets";
import type { Signers } from "./checks";
import { weightOf } from "./compose";
import type { Reply, Request } from "./requests";

/** Milliseconds for which a commit waits for more requests at most, as long as more come. */
const GATHERING = 5;
/** Requests that are carried out while the commit before is still being stored, one that pays many counting as many; fewer wait for it. */
export const WORTH_A_COMMIT = 32;

/** Why requests are taken no more. */
export type Refusal = "stopped" | "not_leader";

/** A request, and who waits for its reply. */
export interface Waiting {
  readonly request: Request;
  /** Who signed what it brings. */
  readonly signer: Signers;
  readonly key: string | undefined;
  readonly budgets: readonly Budget[];
  readonly resolve: (reply: Reply | Promise<Reply>) => void;
  readonly reject: (error: unknown) => void;
}

export interface QueueLimits {
  /** Requests per commit at most; one that pays many counts as many. */
  readonly batchSize: number;
  /** Requests waiting at most; more are refused as `overloaded`. */
  readonly queueLimit: number;
}

/** The requests that wait for a commit of their system. */
export class RequestQueue {
  private readonly waiting: Waiting[] = [];
  private whenEnough: (() => void) | null = null;
  private code: Refusal | null = null;
  private readonly end = new AbortController();

  constructor(
    private readonly system: Address,
    private readonly limits: QueueLimits,
  ) {}

  get length(): number {
    return this.waiting.length;
  }

  /** Why requests are refused; null while they are taken. */
  get refusal(): Refusal | null {
    return this.code;
  }

  /** Aborted when requests are taken no more. */
  get ended(): AbortSignal {
    return this.end.signal;
  }

  /** @throws stopped, not_leader */
  requireTaking(): void {
    if (this.code !== null) throw this.refused(this.code);
  }

  /** @throws overloaded, stopped, not_leader */
  requireRoom(): void {
    this.requireTaking();
    const { queueLimit: limit } = this.limits;
    if (this.length >= limit) fail("overloaded", { waiting: this.length, limit });
  }

  add(waiting: Waiting): void {
    this.waiting.push(waiting);
    if (this.whenEnough === null || !this.isEnough) return;
    this.whenEnough();
    this.whenEnough = null;
  }

  /** Resolves when so many wait that they need not wait for the commit before. */
  enough(): Promise<void> {
    return this.isEnough ? Promise.resolve() : new Promise((resolve) => (this.whenEnough = resolve));
  }

  /**
   * Waits while every turn of the event loop brings more: a sync to disk costs the same for many, and new connections are
   * accepted one per turn.
   */
  async gather(): Promise<void> {
    const until = performance.now() + GATHERING;
    let before: number;
    do {
      before = this.length;
      await new Promise((resolve) => setImmediate(resolve));
    } while (this.length > before && this.length < this.limits.batchSize && performance.now() < until);
  }

  /** As many requests as go into one commit: one at least, however large. */
  get next(): readonly Waiting[] {
    let weight = 0;
    const full = this.waiting.findIndex(({ request }) => (weight += weightOf(request)) > this.limits.batchSize);
    return full < 0 ? this.waiting : this.waiting.slice(0, Math.max(full, 1));
  }

  /** Hands out {@link next}. */
  take(): Waiting[] {
    return this.waiting.splice(0, this.next.length);
  }

  takeNoMore(code: Refusal): void {
    this.code ??= code;
    this.end.abort();
  }

  /** Takes no more requests, and answers those that wait. */
  refuse(code: Refusal): void {
    this.takeNoMore(code);
    this.turnAway(this.waiting.splice(0));
  }

  /** Answers requests that will not be carried out, since no more are taken. */
  turnAway(taken: readonly Waiting[]): void {
    for (const waiting of taken) waiting.reject(this.refused(this.code ?? "stopped"));
  }

  private get isEnough(): boolean {
    let missing = Math.min(WORTH_A_COMMIT, this.limits.batchSize);
    return this.waiting.some(({ request }) => (missing -= weightOf(request)) <= 0);
  }

  private refused(code: Refusal): StarledgerError {
    return new StarledgerError(code, code === "not_leader" ? { system: this.system } : {});
  }
}
