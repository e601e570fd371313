import type { LedgerAccount } from "../engine";
import { fromHex, type Address } from "../protocol";
import type { LogPart } from "./activityTable";
import type { Dialect } from "./dialect";
import { ledgerAccountHex, ledgerAccountOf } from "./eventRows";
import { hex, integer, nullable, sumOf, type Query, type Value } from "./query";

/** Milliseconds. */
export const DAY = 86_400_000;

/** A day of a log that is over, and the number of the last event before its end. */
export interface ClosedDay {
  /** Since the Unix epoch, in UTC. */
  readonly day: number;
  readonly number: bigint;
}

/** What an account has got less what it gave. */
export interface AccountTotal {
  readonly token: Address;
  readonly account: LedgerAccount;
  readonly total: bigint;
}

/** Each account's total when a day was over, so that nobody reads a log from its first event on. */
export class Closings {
  constructor(
    private readonly query: Query,
    private readonly dialect: Dialect,
  ) {}

  /** The latest closed day, or the latest before `day`. */
  async last(system: Address, before = Number.MAX_SAFE_INTEGER): Promise<ClosedDay | undefined> {
    const sql = "SELECT day, number FROM closed_days WHERE system = $1 AND day < $2 ORDER BY day DESC LIMIT 1";
    return closedDayOf(await this.query(sql, fromHex(system), BigInt(before)));
  }

  /** The first closed day that is not before `day`. */
  async next(system: Address, day: number): Promise<ClosedDay | undefined> {
    const sql = "SELECT day, number FROM closed_days WHERE system = $1 AND day >= $2 ORDER BY day LIMIT 1";
    return closedDayOf(await this.query(sql, fromHex(system), BigInt(day)));
  }

  /** What each account got in a part of the log, less what it gave. */
  async moved(system: Address, { after, upTo }: LogPart): Promise<AccountTotal[]> {
    const side = (column: string, sign: number) =>
      `SELECT token, ${column} AS account, ${sign} AS sign, ${this.dialect.sum} AS total FROM events
        WHERE system = $1 AND number > $2 AND number <= $3 AND amount IS NOT NULL GROUP BY token, ${column}`;
    const sql = `${side("account", -1)} UNION ALL ${side("counterparty", 1)}`;
    return (await this.query(sql, fromHex(system), after, upTo)).map((row) => ({
      token: hex(row["token"]) as Address,
      account: ledgerAccountOf(row["account"]),
      total: integer(row["sign"]) * sumOf(row["total"]),
    }));
  }

  /** What an account had of a token when `day`, or the last day before it on which its money moved, was over. */
  async totalOf(system: Address, token: Address, account: LedgerAccount, day: number): Promise<bigint> {
    const sql = `SELECT total FROM closing_totals
      WHERE system = $1 AND token = $2 AND account = $3 AND day <= $4 ORDER BY day DESC LIMIT 1`;
    const [row] = await this.query(
      sql,
      ...[fromHex(system), fromHex(token), fromHex(ledgerAccountHex(account)), BigInt(day)],
    );
    return row === undefined ? 0n : integer(row["total"]);
  }

  /** The same of all accounts; from one to the next, however many days each has. */
  async totals(system: Address, token: Address, day: number): Promise<Map<LedgerAccount, bigint>> {
    const first = (more: string) => `(SELECT c.account FROM closing_totals c
      WHERE c.system = $1 AND c.token = $2 ${more} ORDER BY c.account LIMIT 1)`;
    const sql = `WITH RECURSIVE each_account (account) AS (
        SELECT ${first("")} UNION ALL
        SELECT ${first("AND c.account > e.account")} FROM each_account e WHERE e.account IS NOT NULL)
      SELECT account, (SELECT c.total FROM closing_totals c WHERE c.system = $1 AND c.token = $2
        AND c.account = e.account AND c.day <= $3 ORDER BY c.day DESC LIMIT 1) AS total
      FROM each_account e WHERE account IS NOT NULL`;
    const rows = await this.query(sql, fromHex(system), fromHex(token), BigInt(day));
    return new Map(rows.map((row) => [ledgerAccountOf(row["account"]), nullable(row["total"], integer) ?? 0n]));
  }

  /** Keeps totals of a day; they hold once it is closed. */
  async keep(system: Address, day: number, totals: readonly AccountTotal[]): Promise<void> {
    const values: Value[] = [fromHex(system), BigInt(day)];
    const rows = totals.map(({ token, account, total }) => {
      const row = [fromHex(token), fromHex(ledgerAccountHex(account)), total.toString()];
      const [of, whose, sum] = row.map((value) => `$${values.push(value)}`);
      return `($1, ${of}, ${whose}, $2, ${sum})`;
    });
    const sql = `INSERT INTO closing_totals (system, token, account, day, total) VALUES ${rows.join(", ")}
      ON CONFLICT (system, token, account, day) DO UPDATE SET total = excluded.total`;
    await this.query(sql, ...values);
  }

  /** From here on its totals hold, and nothing before its end is read of the log for them. */
  async close(system: Address, { day, number }: ClosedDay): Promise<void> {
    const sql = "INSERT INTO closed_days (system, day, number) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    await this.query(sql, fromHex(system), BigInt(day), number);
  }
}

function closedDayOf([row]: readonly Readonly<Record<string, unknown>>[]): ClosedDay | undefined {
  return row && { day: Number(integer(row["day"])), number: integer(row["number"]) };
}
