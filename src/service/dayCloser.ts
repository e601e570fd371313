import { setTimeout as delay } from "node:timers/promises";

import type { Address } from "../protocol";
import { DAY, type AccountTotal, type ClosedDay, type Store } from "../store";

/** Milliseconds: from one look at the calendar to the next, from a day's end until it is closed, between two parts. */
const [EVERY, GRACE, PAUSE] = [600_000, 60_000, 2];
/** Events that are read at once, and totals that are written: nobody else waits for long. */
const [PART, ROWS] = [2_000n, 500];

/** What is known of a system's log, and where its days are closed. */
export interface DayCloserOptions {
  readonly store: Pick<Store, "activity" | "closings">;
  readonly system: Address;
  /** Unix milliseconds. */
  readonly now?: () => number;
}

/**
 * Adds up, beside everything else, what each account has when a day is over. What fails, or does not come to its end, is done
 * again: the same log always leads to the same totals.
 */
export class DayCloser {
  private readonly stopped = new AbortController();
  private readonly work: Promise<void>;

  constructor(private readonly options: DayCloserOptions) {
    this.work = this.run();
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await this.work;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopped;
    while (!signal.aborted) {
      await closeDays(this.options, signal).catch(() => undefined);
      await delay(EVERY, undefined, { ref: false, signal }).catch(() => undefined);
    }
  }
}

/**
 * Closes every day that is over and on which something happened, the oldest first.
 * @throws store_failed, or what `signal` was aborted with
 */
export async function closeDays(options: DayCloserOptions, signal?: AbortSignal): Promise<void> {
  const { store, system, now = Date.now } = options;
  for (;;) {
    const { number: after } = (await store.closings.last(system)) ?? { number: 0n };
    const first = await store.activity.timeOf(system, after + 1n);
    if (first === undefined) return;
    const day = Math.floor(first / DAY);
    if ((day + 1) * DAY + GRACE > now()) return;
    const number = await lastBefore(options, after + 1n, (day + 1) * DAY);
    await closeDay(options, after, { day, number }, signal);
  }
}

async function closeDay(
  { store, system }: DayCloserOptions,
  begin: bigint,
  closing: ClosedDay,
  signal: AbortSignal | undefined,
): Promise<void> {
  const moved = new Map<string, AccountTotal>();
  for (let after = begin; after < closing.number; after += PART) {
    const upTo = after + PART < closing.number ? after + PART : closing.number;
    for (const { token, account, total } of await store.closings.moved(system, { after, upTo })) {
      const key = token + account;
      moved.set(key, { token, account, total: (moved.get(key)?.total ?? 0n) + total });
    }
    await delay(PAUSE, undefined, { signal });
  }
  const all = [...moved.values()];
  for (let i = 0; i < all.length; i += ROWS) {
    const totals: AccountTotal[] = [];
    for (const { token, account, total } of all.slice(i, i + ROWS)) {
      totals.push({
        token,
        account,
        total: total + (await store.closings.totalOf(system, token, account, closing.day - 1)),
      });
    }
    await store.closings.keep(system, closing.day, totals);
    await delay(PAUSE, undefined, { signal });
  }
  await store.closings.close(system, closing);
}

/** The number of the last event before a time; that of the event `first`, which is before it, at least. */
async function lastBefore({ store, system }: DayCloserOptions, first: bigint, time: number): Promise<bigint> {
  let [low, high] = [first, (await store.activity.newest(system)) + 1n];
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    const at = await store.activity.timeOf(system, middle);
    if (at !== undefined && at < time) low = middle;
    else high = middle;
  }
  return low;
}
