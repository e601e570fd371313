import type { EventType } from "../engine";
import { fromHex, type Address } from "../protocol";
import { integer, sumOf, type Query } from "./query";

/** What events of one type moved in one period. */
export interface Moved {
  /** The period's number: its beginning in Unix milliseconds, divided by its length. */
  readonly period: number;
  readonly type: EventType;
  readonly count: number;
  readonly amount: bigint;
}

/** A part of a log, by the numbers of its events: above `after`, up to `upTo`. */
export interface LogPart {
  readonly after: bigint;
  readonly upTo: bigint;
}

/** What moved over time, counted from the log. */
export class ActivityTable {
  /** @param sum as the database adds up amounts */
  constructor(
    private readonly query: Query,
    private readonly sum: string,
  ) {}

  /** The number of the newest event; 0 for an empty log. */
  async newest(system: Address): Promise<bigint> {
    const sql = "SELECT coalesce(max(number), 0) AS number FROM events WHERE system = $1";
    return integer((await this.query(sql, fromHex(system)))[0]?.["number"]);
  }

  /** When the event came, in Unix milliseconds; undefined where there is none. */
  async timeOf(system: Address, number: bigint): Promise<number | undefined> {
    const sql = "SELECT time FROM events WHERE system = $1 AND number = $2";
    const [row] = await this.query(sql, fromHex(system), number);
    return row && Number(integer(row["time"]));
  }

  /** @param length of a period, in milliseconds */
  async moved(system: Address, token: Address, { after, upTo }: LogPart, length: number): Promise<Moved[]> {
    const sql = `SELECT time / $5 AS period, type, count(*) AS count, ${this.sum} AS amount FROM events
      WHERE system = $1 AND number > $2 AND number <= $3 AND token = $4 AND amount IS NOT NULL GROUP BY 1, 2`;
    const rows = await this.query(sql, fromHex(system), after, upTo, fromHex(token), BigInt(length));
    return rows.map((row) => ({
      period: Number(integer(row["period"])),
      type: row["type"] as EventType,
      count: Number(integer(row["count"])),
      amount: sumOf(row["amount"]),
    }));
  }
}
