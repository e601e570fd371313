import type { LedgerAccount, LedgerEvent } from "../engine";
import { fail } from "../errors";
import { fromHex, type Address } from "../protocol";
import type { Dialect } from "./dialect";
import { eventOf, ledgerAccountOf } from "./eventRows";
import { selectEvents, type EventQuery } from "./events";
import { integer, sumOf, type Query } from "./query";

/** Which entries are added up. */
export interface TotalsRange {
  /** Those before this time, in Unix milliseconds. */
  readonly until?: number;
  readonly account?: Address;
}

/** Every system's log of events. */
export class EventLog {
  constructor(
    private readonly query: Query,
    private readonly dialect: Dialect,
  ) {}

  /** What the query asks for of the system's log. */
  async events(system: Address, query: EventQuery): Promise<LedgerEvent[]> {
    const { sql, values } = selectEvents(system, query);
    return (await this.query(sql, ...values)).map(eventOf);
  }

  /**
   * The number of the system's last event; 0 before the first.
   * @throws store_corrupt if one is missing before it
   */
  async last(system: Address): Promise<bigint> {
    const sql = "SELECT count(*) AS events, coalesce(max(number), 0) AS last FROM events WHERE system = $1";
    const [row] = await this.query(sql, fromHex(system));
    const [events, last] = [integer(row?.["events"]), integer(row?.["last"])];
    return events === last ? last : fail("store_corrupt", { events, last });
  }

  /** What each account of one book, or one account, has got in all, less what it gave. */
  async totals(
    system: Address,
    token: Address,
    { until = Number.MAX_SAFE_INTEGER, account }: TotalsRange = {},
  ): Promise<Map<LedgerAccount, bigint>> {
    const one = (side: string) => (account === undefined ? "" : `AND length(${side}) = 20 AND ${side} = $4`);
    const total = (side: string, sign: number) =>
      `SELECT ${side} AS account, ${sign} AS sign, ${this.dialect.sum} AS total FROM events
        WHERE system = $1 AND token = $2 AND time < $3 AND amount IS NOT NULL ${one(side)} GROUP BY ${side}`;
    const sql = `${total("account", -1)} UNION ALL ${total("counterparty", 1)}`;
    const totals = new Map<LedgerAccount, bigint>();
    const values = [
      fromHex(system),
      fromHex(token),
      BigInt(until),
      ...(account === undefined ? [] : [fromHex(account)]),
    ];
    for (const row of await this.query(sql, ...values)) {
      const side = ledgerAccountOf(row["account"]);
      totals.set(side, (totals.get(side) ?? 0n) + integer(row["sign"]) * sumOf(row["total"]));
    }
    return totals;
  }
}
