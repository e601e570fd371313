import type { LedgerEvent } from "../../../engine";
import { fail } from "../../../errors";
import { isWanted, type EventFilter, type EventLog } from "../../eventLog";
import type { Outbox } from "./outbox";

/** Events of one message at most. */
const PAGE = 100;

/**
 * Tells a client what happens in a system, from any number on: first from the log, then as it happens, without a gap or a
 * repeat between. A client that reads slowly is told from the log again, as fast as it reads.
 */
export class EventSubscription {
  private readonly unsubscribe: () => void;
  /** Everything up to here is told, or not wanted. */
  private position = 0n;
  /** The newest event that was heard of. */
  private head = 0n;
  private readonly stopped = new AbortController();
  /** Set while the client has all there is. */
  private wake: (() => void) | undefined;

  constructor(
    private readonly id: string,
    private readonly log: EventLog,
    private readonly filter: EventFilter,
    private readonly outbox: Outbox,
  ) {
    this.unsubscribe = log.onEvents((events) => this.hear(events));
  }

  /**
   * @param after the number of the last event that the client has; only what comes is told without it
   * @returns the same, or that of the newest
   * @throws out_of_range if there is no such event yet: the client knows another log, or one that was lost
   */
  async open(after: bigint | undefined): Promise<{ readonly after: bigint }> {
    const [last] = await this.log.events({ order: "descending", limit: 1 });
    const newest = last?.number ?? 0n;
    if (after !== undefined && after > newest) fail("out_of_range", { field: "after", got: after, last: newest });
    this.position = after ?? newest;
    return { after: this.position };
  }

  async start(): Promise<void> {
    while (!this.isStopped()) {
      await this.outbox.room();
      const { head } = this;
      const page = await this.log.events({ ...this.filter, after: this.position, limit: PAGE });
      if (this.isStopped()) return;
      this.tell(page);
      if (page.length === PAGE) continue;
      if (head > this.position) this.position = head;
      if (this.head > this.position) continue;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  stop(): void {
    this.stopped.abort();
    this.unsubscribe();
    this.readOn();
  }

  /** Tells at once whoever has all that was before and has room; others are told from the log. */
  private hear(events: readonly LedgerEvent[]): void {
    this.head = events.at(-1)!.number;
    if (this.wake === undefined) return;
    // The log may have shown them already: they are durable before they are heard of.
    const wanted = events.filter((event) => event.number > this.position && isWanted(this.filter, event));
    if (this.outbox.isFull && wanted.length > 0) return this.readOn();
    this.tell(wanted);
    if (this.head > this.position) this.position = this.head;
  }

  private isStopped(): boolean {
    return this.stopped.signal.aborted;
  }

  /** What comes from here on is in the log when it is read. */
  private readOn(): void {
    this.wake?.();
    this.wake = undefined;
  }

  private tell(events: readonly LedgerEvent[]): void {
    for (let i = 0; i < events.length; i += PAGE) {
      this.outbox.send({ type: "events", subscription: this.id, events: events.slice(i, i + PAGE) });
    }
    this.position = events.at(-1)?.number ?? this.position;
  }
}
