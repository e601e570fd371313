import { randomBytes } from "node:crypto";
import { hostname } from "node:os";

import { fromHex, type Address } from "../protocol";
import { integer, type Query } from "./query";

/** How long a lease lasts. */
export interface LeaseOptions {
  /**
   * Milliseconds from the last renewal (three in that time) until another process may take over; 5,000 by default. By the
   * database's clock.
   */
  readonly ttl?: number;
  /** Where this process answers requests for the system, for those that reach another. */
  readonly url?: string;
}

/** Milliseconds. */
export const DEFAULT_TTL = 5_000;
const RENEWALS = 3;

/**
 * The right to commit for one system, held by one process at a time. Time decides only when another may take over; what
 * keeps a former leader from committing is the term, which every commit is checked against in its own transaction.
 */
export class Lease {
  private readonly ended = new AbortController();
  private readonly left = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private renewal: Promise<void> | undefined;

  private constructor(
    readonly system: Address,
    private currentTerm: bigint,
    private readonly holder: string,
    private readonly ttl: number,
    private readonly now: string,
    private readonly query: Query,
    private renewedAt: number,
  ) {
    this.timer = setInterval(() => void (this.renewal ??= this.renew()), ttl / RENEWALS).unref();
  }

  /**
   * Takes the lease if it is free.
   * @param now the database's own time in Unix milliseconds, as an expression
   */
  static async acquire(
    query: Query,
    now: string,
    system: Address,
    { ttl = DEFAULT_TTL, url }: LeaseOptions,
  ): Promise<Lease | undefined> {
    const holder = `${hostname()}:${process.pid}:${randomBytes(8).toString("hex")}`;
    const sql = `INSERT INTO leases (system, holder, term, until, url) VALUES ($1, $2, 1, ${now} + $3, $4)
      ON CONFLICT (system) DO UPDATE
      SET holder = excluded.holder, term = leases.term + 1, until = excluded.until, url = excluded.url
      WHERE leases.until <= ${now} RETURNING term`;
    const asked = performance.now();
    const [row] = await query(sql, fromHex(system), holder, BigInt(ttl), url ?? null);
    return row && new Lease(system, integer(row["term"]), holder, ttl, now, query, asked);
  }

  /** Rises with every leader. */
  get term(): bigint {
    return this.currentTerm;
  }

  /**
   * Whether no other process can have taken over yet: what is read here is the latest. Commits do not depend on it, nor on
   * any clock.
   */
  get isFresh(): boolean {
    return performance.now() - this.renewedAt < this.ttl;
  }

  /** Aborted when another process has taken over. */
  get lost(): AbortSignal {
    return this.ended.signal;
  }

  /** Aborted when it is lost or given up. */
  get over(): AbortSignal {
    return this.left.signal;
  }

  /**
   * Begins a new term under the same leader: whatever was sent under the old one and has not happened yet never will.
   * @returns false if another process has taken over
   */
  async advance(): Promise<boolean> {
    const sql = `UPDATE leases SET term = term + 1, until = ${this.now} + $3
      WHERE system = $1 AND holder = $2 RETURNING term`;
    const [row] = await this.query(sql, fromHex(this.system), this.holder, BigInt(this.ttl));
    if (row === undefined) this.lose();
    else this.currentTerm = integer(row["term"]);
    return row !== undefined;
  }

  /** Lets another process take over at once. */
  async release(): Promise<void> {
    clearInterval(this.timer);
    await this.renewal;
    this.left.abort();
    // Where this fails, the lease ends by itself.
    const sql = `UPDATE leases SET until = ${this.now} WHERE system = $1 AND holder = $2 AND until > ${this.now}`;
    await this.query(sql, fromHex(this.system), this.holder).catch(() => undefined);
  }

  private async renew(): Promise<void> {
    const sql = `UPDATE leases SET until = ${this.now} + $3 WHERE system = $1 AND holder = $2 RETURNING term`;
    const asked = performance.now();
    try {
      const rows = await this.query(sql, fromHex(this.system), this.holder, BigInt(this.ttl));
      if (rows.length === 0) this.lose();
      else this.renewedAt = asked;
    } catch {
      // The next renewal tries again; meanwhile the term guards every commit.
    } finally {
      this.renewal = undefined;
    }
  }

  private lose(): void {
    clearInterval(this.timer);
    this.ended.abort();
    this.left.abort();
  }
}
