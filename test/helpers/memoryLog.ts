import type { EventType, LedgerEvent } from "../../src/engine";
import { ZERO_HASH, type Address } from "../../src/protocol";
import { isWanted, type EventLog } from "../../src/service/eventLog";
import { SYSTEM } from "./service";

/** A log in memory. */
export class MemoryLog implements EventLog {
  private readonly all: LedgerEvent[] = [];
  private readonly listeners = new Set<(events: readonly LedgerEvent[]) => void>();

  /** One commit with an event of each of these types, of this account. */
  add(types: readonly EventType[], account: Address | null = null): void {
    const first = BigInt(this.all.length) + 1n;
    const events = types.map((type, i) => {
      const facts = { account, counterparty: null, party: null, token: null, amount: null, reference: ZERO_HASH };
      const place = { system: SYSTEM, number: first + BigInt(i), commit: 1n, time: 1_700_000_000_000 };
      return { type, data: {}, ...facts, ...place } as LedgerEvent;
    });
    this.all.push(...events);
    for (const listener of this.listeners) listener(events);
  }

  events({ after = 0n, limit, order, ...filter }: Parameters<EventLog["events"]>[0]): Promise<LedgerEvent[]> {
    const wanted = this.all.slice(Number(after)).filter((event) => isWanted(filter, event));
    return Promise.resolve((order === "descending" ? wanted.reverse() : wanted).slice(0, limit));
  }

  onEvents(listener: (events: readonly LedgerEvent[]) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
