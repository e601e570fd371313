import { setTimeout as delay } from "node:timers/promises";

import type { Sessions, Store } from "../store";

/** Rows per statement: nothing else waits for long. */
const BATCH = 500;
/** Milliseconds between two looks, and between two batches of one. */
const [EVERY, PAUSE] = [60_000, 50];

/** What is swept, and when. Times are milliseconds. */
export interface SweeperOptions {
  readonly store: Pick<Store, "sweepReplies"> & { readonly sessions: Pick<Sessions, "sweep"> };
  /** How long an idempotency key is remembered. */
  readonly idempotencyTtl: number;
  readonly now?: () => number;
}

/** Forgets idempotency keys and sessions whose time is over, a few at a time. */
export class Sweeper {
  private readonly stopped = new AbortController();
  private readonly work: Promise<void>;

  constructor(private readonly options: SweeperOptions) {
    this.work = this.run();
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await this.work;
  }

  private async run(): Promise<void> {
    while (!this.stopped.signal.aborted) {
      // What the database refuses now, it does at the next look.
      await this.sweep().catch(() => undefined);
      await this.pause(EVERY);
    }
  }

  private async sweep(): Promise<void> {
    const { store, idempotencyTtl, now = Date.now } = this.options;
    const time = now();
    await this.repeat(() => store.sweepReplies(time - idempotencyTtl, BATCH));
    await this.repeat(() => store.sessions.sweep(time, BATCH));
  }

  private async repeat(sweep: () => Promise<number>): Promise<void> {
    while (!this.stopped.signal.aborted && (await sweep()) === BATCH) await this.pause(PAUSE);
  }

  private pause(time: number): Promise<void> {
    return delay(time, undefined, { ref: false, signal: this.stopped.signal }).catch(() => undefined);
  }
}
