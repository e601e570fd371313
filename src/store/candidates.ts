import { createHash } from "node:crypto";

import { fromHex, type Address } from "../protocol";
import { hex, integer, type Query } from "./query";

/** Whether a system is led, and by whom. */
export interface Leadership {
  readonly system: Address;
  /** Where the leader answers; null if it did not say, or if nobody leads. */
  readonly url: string | null;
  /** Of the latest lease. */
  readonly term: bigint;
  /** Milliseconds since the lease was given up or not renewed any more; 0 while it is held. */
  readonly freeFor: number;
}

/** Milliseconds. */
const LONG_AGO = 86_400_000;

/**
 * The processes that stand for the lead of the same systems, and how many each leads, so that they can share them evenly.
 * What is here decides nothing: the lease does.
 */
export class Candidates {
  constructor(
    private readonly query: Query,
    private readonly now: string,
  ) {}

  /** Says for `ttl` milliseconds that `process` stands for the lead of `systems` and leads `leading` of them. */
  async announce(process: string, systems: readonly Address[], leading: number, ttl: number): Promise<void> {
    const sql = `INSERT INTO candidates (process, slate, leads, until) VALUES ($1, $2, $3, ${this.now} + $4)
      ON CONFLICT (process) DO UPDATE SET leads = excluded.leads, until = excluded.until`;
    await this.query(sql, process, slateOf(systems), BigInt(leading), BigInt(ttl));
  }

  /** Stands no more; nor do those that died long ago. */
  async withdraw(process: string): Promise<void> {
    const sql = `DELETE FROM candidates WHERE process = $1 OR until < ${this.now} - $2`;
    await this.query(sql, process, BigInt(LONG_AGO));
  }

  /** How many of `systems` the candidate leads that leads the fewest; 0 if there is none. */
  async fewest(systems: readonly Address[]): Promise<number> {
    const sql = `SELECT min(leads) AS fewest FROM candidates WHERE slate = $1 AND until > ${this.now}`;
    const [row] = await this.query(sql, slateOf(systems));
    return Number(row?.["fewest"] ?? 0);
  }

  /** The systems that were ever led. */
  async leaderships(): Promise<Leadership[]> {
    const rows = await this.query(`SELECT system, url, term, ${this.now} - until AS free_for FROM leases`);
    return rows.map((row) => {
      const freeFor = Number(integer(row["free_for"]));
      const isHeld = freeFor < 0;
      const url = isHeld ? (row["url"] as string | null) : null;
      return { system: hex(row["system"]) as Address, url, term: integer(row["term"]), freeFor: isHeld ? 0 : freeFor };
    });
  }
}

/** Processes with other systems to lead share nothing with these. */
function slateOf(systems: readonly Address[]): Buffer {
  const hash = createHash("sha256");
  for (const system of [...systems].sort()) hash.update(fromHex(system));
  return hash.digest();
}
