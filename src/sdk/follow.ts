import * as z from "zod";

import type { Address } from "../protocol";
import * as wire from "../wire";

/** Something that happened in a system; amounts are base units. */
export type LedgerEvent = z.output<typeof wire.event>;

/** Which events are wanted; all of them unless it says otherwise. */
export interface EventFilter {
  /** Only events with a higher number; 0 unless given. */
  readonly after?: bigint;
  readonly type?: readonly LedgerEvent["type"][];
  /** Those that this account has to do with. */
  readonly account?: Address;
  readonly token?: Address;
  /** Needed where several systems are served and no account is named. */
  readonly system?: Address;
}

/** How long a log is followed, and how often it is looked at. */
export interface Following {
  readonly signal?: AbortSignal;
  /** Whether to wait for more at the end of the log; true unless given. */
  readonly stay?: boolean;
  /** Milliseconds between two looks at a log that has nothing new; 1,000 unless given. */
  readonly poll?: number;
}

/** Events per call. */
const PAGE = 1_000;

/** Each event that `filter` wants, once and in their order, as they come, until `signal` says stop. */
export async function* follow(
  get: (path: string, answer: typeof wire.events) => Promise<z.output<typeof wire.events>>,
  filter: EventFilter,
  { signal, stay = true, poll = 1_000 }: Following,
): AsyncGenerator<LedgerEvent, void> {
  let { after = 0n } = filter;
  const isOver = (): boolean => signal?.aborted === true;
  while (!isOver()) {
    const query = z.encode(wire.eventQuery, { ...filter, after, limit: PAGE }) as Record<string, string>;
    const { data, last, hasMore } = await get(`/v1/events?${new URLSearchParams(query).toString()}`, wire.events);
    for (const event of data) {
      if (isOver()) return;
      yield event;
    }
    after = last;
    if (!hasMore && !stay) return;
    if (!hasMore) await pause(poll, signal);
  }
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal?.addEventListener("abort", end);
    if (signal?.aborted) end();
  });
}
