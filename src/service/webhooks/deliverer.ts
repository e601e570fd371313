import { setTimeout as delay } from "node:timers/promises";

import type { LedgerEvent } from "../../engine";
import type { Delivery, Progress, Store, Webhook } from "../../store";
import { isWanted, type EventFilter, type EventLog } from "../eventLog";
import type { Messenger } from "./messenger";
import { retryAfter, type RetryPolicy } from "./policy";

const PAGE = 50;
/** Milliseconds that what was delivered may wait to be noted. */
const NOTED_WITHIN = 1_000;
const GONE = 410;

/** What delivering to one endpoint needs. */
export interface DelivererParts {
  readonly log: EventLog;
  readonly store: Store["webhooks"];
  readonly policy: RetryPolicy;
  readonly messenger: Messenger;
  /** The endpoint was given up. */
  readonly onFailed: (webhook: Webhook) => void;
}

/**
 * Delivers to one endpoint, in order and at least once: an event is delivered when its receiver says so, and only then the
 * next. How far it came is noted afterwards, so that after a crash the last ones are delivered again.
 */
export class Deliverer {
  private readonly stopped = new AbortController();
  private readonly cut = new AbortController();
  private readonly filter: EventFilter;
  private readonly finished: Promise<void>;
  private progress: Progress;
  /** Everything up to here is delivered, or not wanted. */
  private read: bigint;
  /** The newest event that was heard of. */
  private head = 0n;
  /** Set while there is nothing to deliver. */
  private wake: (() => void) | undefined;
  private unnoted: Delivery[] = [];
  private noted = Date.now();

  constructor(
    private readonly webhook: Webhook,
    private readonly parts: DelivererParts,
  ) {
    const { types, account, progress } = webhook;
    this.filter = { ...(types && { types }), ...(account && { account }) };
    this.progress = progress;
    this.read = progress.position;
    this.finished = this.run();
  }

  /** Takes note that something has happened. */
  hear(events: readonly LedgerEvent[]): void {
    this.head = events.at(-1)?.number ?? this.head;
    if (this.wake === undefined) return;
    if (events.some((event) => isWanted(this.filter, event))) this.readOn();
    else if (this.head > this.read) this.read = this.head;
  }

  /**
   * Begins no attempt any more, and notes what is delivered.
   * @param grace milliseconds that an attempt under way has left
   */
  async stop(grace = 0): Promise<void> {
    this.stopped.abort();
    this.readOn();
    const cut = setTimeout(() => this.cut.abort(), grace);
    await this.finished;
    clearTimeout(cut);
  }

  /** What comes from here on is in the log when it is read. */
  private readOn(): void {
    this.wake?.();
    this.wake = undefined;
  }

  private isStopped(): boolean {
    return this.stopped.signal.aborted;
  }

  private async run(): Promise<void> {
    while (!this.isStopped()) {
      try {
        await this.sleep(this.progress.nextAttempt - Date.now());
        if (!this.isStopped()) await this.deliverPage();
      } catch {
        // The database does not answer.
        await this.sleep(this.parts.policy.first);
      }
    }
    await this.note().catch(() => undefined);
  }

  private async deliverPage(): Promise<void> {
    if (this.unnoted.length > 0) await this.note();
    const { head } = this;
    const page = await this.parts.log.events({ ...this.filter, after: this.read, limit: PAGE });
    for (const event of page) {
      if (this.isStopped() || !(await this.deliver(event))) return;
    }
    if (this.unnoted.length > 0) await this.note();
    if (page.length === PAGE) return;
    if (head > this.read) this.read = head;
    if (this.head > this.read || this.isStopped()) return;
    await new Promise<void>((resolve) => (this.wake = resolve));
  }

  /** @returns whether its receiver took it */
  private async deliver(event: LedgerEvent): Promise<boolean> {
    const delivery = await this.parts.messenger.tell(this.webhook, event, this.cut.signal);
    // It was cut off, not refused.
    if (this.cut.signal.aborted) return false;
    this.unnoted.push(delivery);
    if (!isTaken(delivery)) {
      await this.fail(delivery);
      return false;
    }
    this.progress = { position: event.number, failures: 0, failingSince: 0, nextAttempt: 0 };
    this.read = event.number;
    if (Date.now() - this.noted > NOTED_WITHIN) await this.note();
    return true;
  }

  private async fail({ time, duration, status }: Delivery): Promise<void> {
    const { policy, store, onFailed } = this.parts;
    const { position, failures: before, failingSince: since } = this.progress;
    const now = time + duration;
    const failures = before + 1;
    const failingSince = since === 0 ? now : since;
    this.progress = { position, failures, failingSince, nextAttempt: now + retryAfter(policy, failures) };
    await this.note();
    if (status !== GONE && now - failingSince < policy.patience) return;
    const { generation } = this.webhook;
    const failed = { ...this.webhook, status: "failed", generation: generation + 1n, progress: this.progress } as const;
    if (await store.change(failed)) onFailed(failed);
    this.stopped.abort();
  }

  /** Notes how far it came. Whoever has changed the endpoint meanwhile goes on by itself. */
  private async note(): Promise<void> {
    const { store } = this.parts;
    const noted = this.unnoted.length;
    await store.record(this.unnoted);
    this.unnoted = this.unnoted.slice(noted);
    if (!(await store.advance(this.webhook, this.progress))) this.stopped.abort();
    this.noted = Date.now();
  }

  private async sleep(milliseconds: number): Promise<void> {
    if (milliseconds <= 0) return;
    await delay(milliseconds, undefined, { signal: this.stopped.signal }).catch(() => undefined);
  }
}

/** Whether a receiver has said that an event is delivered. */
export function isTaken({ status }: Delivery): boolean {
  return status !== null && status >= 200 && status < 300;
}
