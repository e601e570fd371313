import type { Address } from "../../../../src/protocol";
import type { LedgerEvent } from "../../../../src/sdk/follow";
import type { StreamApi } from "../../../../src/sdk/stream";

/** Seconds that are remembered. */
export const SECONDS = 900;
/** Payments that are shown one by one. */
export const SHOWN = 8;
/** Milliseconds between two pictures at least: nobody reads faster. */
const CALM = 250;
/** Milliseconds without another failure after which a connection counts as there again. */
const PATIENCE = 20_000;
/** Seconds that a rate is the average of. */
const RATE = 3;

/** A payment as it came. */
export interface Seen {
  readonly number: bigint;
  readonly time: number;
  readonly from: Address;
  readonly to: Address;
  readonly token: Address;
  readonly amount: bigint;
  readonly isConditional: boolean;
}

/** What the stream has told, as of one picture. */
export interface Picture {
  readonly isConnected: boolean;
  /** Payments in each of the last {@link SECONDS} seconds; the last one is not over yet. */
  readonly counts: readonly number[];
  /** The Unix second that is not over. */
  readonly second: number;
  readonly perSecond: number;
  /** Since the page began to look. */
  readonly payments: number;
  readonly volume: ReadonlyMap<Address, bigint>;
  readonly latest: readonly Seen[];
}

const PAID: ReadonlySet<string> = new Set(["money.transferred", "payment.settled"]);

/**
 * Counts what a system's stream tells. However fast that is, a new picture is made a few times a second at most, and in time
 * for the browser's next frame.
 */
export class Live {
  private readonly counts = new Int32Array(SECONDS);
  private second = nowInSeconds();
  private payments = 0;
  /** When the connection was lost last, in Unix milliseconds. */
  private lost = 0;
  private latest: Seen[] = [];
  private readonly volume = new Map<Address, bigint>();
  private readonly listeners = new Set<() => void>();
  private isDue = false;
  private drawn = 0;
  private picture: Picture = this.draw();

  /**
   * Follows the stream until the signal says stop.
   * @param after the number of the last event that is known; without it, only what comes
   */
  async follow(stream: StreamApi, system: Address, after: bigint | undefined, signal: AbortSignal): Promise<void> {
    const clock = setInterval(() => this.change(), 1_000);
    try {
      for await (const event of stream.events({ system, ...(after !== undefined && { after }) }, signal))
        this.take(event);
    } finally {
      clearInterval(clock);
    }
  }

  /** What was paid before anybody looked, newest first. */
  begin(payments: readonly LedgerEvent[]): void {
    if (this.latest.length > 0) return;
    this.latest = payments.flatMap((event) => seen(event) ?? []).slice(0, SHOWN);
    this.change();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly look = (): Picture => this.picture;

  lose(): void {
    this.lost = Date.now();
    this.change();
  }

  private take(event: LedgerEvent): void {
    this.lost = 0;
    const payment = seen(event);
    if (payment !== undefined) {
      const { token, amount } = payment;
      this.pass(nowInSeconds());
      this.counts[this.second % SECONDS]! += 1;
      this.payments += 1;
      this.volume.set(token, (this.volume.get(token) ?? 0n) + amount);
      this.latest.unshift(payment);
      if (this.latest.length > SHOWN) this.latest.pop();
    }
    this.change();
  }

  /** The seconds up to this one in which nothing came. */
  private pass(now: number): void {
    for (let second = Math.max(this.second + 1, now - SECONDS + 1); second <= now; second++) {
      this.counts[second % SECONDS] = 0;
    }
    if (now > this.second) this.second = now;
  }

  private change(): void {
    if (this.isDue) return;
    this.isDue = true;
    const wait = Math.max(0, this.drawn + CALM - performance.now());
    setTimeout(() => requestAnimationFrame(() => this.show()), wait);
  }

  private show(): void {
    this.isDue = false;
    this.drawn = performance.now();
    this.picture = this.draw();
    for (const listener of this.listeners) listener();
  }

  private draw(): Picture {
    this.pass(nowInSeconds());
    const start = (this.second + 1) % SECONDS;
    const counts = [...this.counts.subarray(start), ...this.counts.subarray(0, start)];
    // The second that is not over would make it seem too low.
    const last = counts.slice(-1 - RATE, -1);
    return {
      ...{ isConnected: Date.now() - this.lost > PATIENCE, counts, second: this.second, payments: this.payments },
      perSecond: last.reduce((sum, count) => sum + count, 0) / RATE,
      volume: new Map(this.volume),
      latest: [...this.latest],
    };
  }
}

/** The payment that an event tells of, if it does. */
function seen({ type, number, time, account, counterparty, party, token, amount }: LedgerEvent): Seen | undefined {
  if (!PAID.has(type) || token === null || amount === null) return undefined;
  const isConditional = type === "payment.settled";
  // What was promised was the payer's, who is named apart.
  const [from, to] = [isConditional ? party : account, counterparty] as readonly Address[];
  return { number, time, from: from!, to: to!, token, amount, isConditional };
}

function nowInSeconds(): number {
  return Math.floor(Date.now() / 1_000);
}
