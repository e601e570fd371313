import { isCustomer, type LedgerAccount, type LedgerEvent } from "../engine";
import { fail } from "../errors";
import { fromHex, maximum, minimum, type Address } from "../protocol";
import type { AccountEvents } from "./accountEvents";
import { DAY, type Closings } from "./closings";
import type { Dialect } from "./dialect";
import { eventOf, ledgerAccountHex, ledgerAccountOf } from "./eventRows";
import { conditionsOf, selectEvents, type EventConditions, type EventQuery } from "./events";
import { integer, sumOf, type Query } from "./query";

/** Which entries are added up. */
export interface TotalsRange {
  /** Those before this time, in Unix milliseconds. */
  readonly until?: number;
  /** Of these alone. */
  readonly accounts?: readonly LedgerAccount[];
}

/** Every system's log of events. Their times never go back. */
export class EventLog {
  constructor(
    private readonly query: Query,
    private readonly ofAccounts: AccountEvents,
    private readonly dialect: Dialect,
    private readonly closings: Closings,
  ) {}

  /** What the query asks for of the system's log. */
  async events(system: Address, asked: EventQuery): Promise<LedgerEvent[]> {
    const query = await this.narrowed(system, asked);
    if (query.account !== undefined) return await this.ofAccounts.events(system, query.account, query);
    const { sql, values } = selectEvents(system, query);
    return (await this.query(sql, ...values)).map(eventOf);
  }

  /**
   * The number of the system's last event; 0 before the first.
   * @throws store_corrupt if one is missing since the last closed day
   */
  async last(system: Address): Promise<bigint> {
    const closed = (await this.closings.last(system))?.number ?? 0n;
    const sql = "SELECT count(*) AS events, max(number) AS last FROM events WHERE system = $1 AND number > $2";
    const [row] = await this.query(sql, fromHex(system), closed);
    const [events, last] = [closed + integer(row?.["events"]), integer(row?.["last"] ?? closed)];
    return events === last ? last : fail("store_corrupt", { events, last });
  }

  /**
   * What each account of one book, or each of these, has got in all, less what it gave: from the last closed day on, what came
   * before it was added up then.
   */
  async totals(system: Address, token: Address, range: TotalsRange = {}): Promise<Map<LedgerAccount, bigint>> {
    const { until = Number.MAX_SAFE_INTEGER, accounts } = range;
    const closed = await this.closings.last(system, Math.floor(until / DAY));
    const totals = await this.closed(system, token, closed?.day, accounts);
    const upTo = (await this.closings.next(system, Math.floor(until / DAY)))?.number;
    for (const [account, moved] of await this.moved(system, token, range, closed?.number ?? 0n, upTo)) {
      totals.set(account, (totals.get(account) ?? 0n) + moved);
    }
    return totals;
  }

  /** The same of all accounts from the log alone, from its first event on. */
  recounted(system: Address, token: Address): Promise<Map<LedgerAccount, bigint>> {
    return this.moved(system, token, {}, 0n, undefined);
  }

  private async closed(
    system: Address,
    token: Address,
    day: number | undefined,
    accounts: readonly LedgerAccount[] | undefined,
  ): Promise<Map<LedgerAccount, bigint>> {
    const totals = new Map<LedgerAccount, bigint>();
    if (day === undefined) return totals;
    if (accounts === undefined) return await this.closings.totals(system, token, day);
    for (const one of accounts) totals.set(one, await this.closings.totalOf(system, token, one, day));
    return totals;
  }

  private async moved(
    system: Address,
    token: Address,
    { until = Number.MAX_SAFE_INTEGER, accounts }: TotalsRange,
    after: bigint,
    upTo: bigint | undefined,
  ): Promise<Map<LedgerAccount, bigint>> {
    const entries = { token, after, until, ...(upTo !== undefined && { before: upTo + 1n }) };
    const totals = new Map<LedgerAccount, bigint>();
    const own = accounts?.filter((one) => !isCustomer(one));
    if (own?.length !== 0) await this.addSides(system, entries, own, totals);
    for (const one of accounts?.filter(isCustomer) ?? []) {
      totals.set(one, await this.ofAccounts.moved(system, one, entries));
    }
    return totals;
  }

  /** Adds what each of these accounts, or each there is, got in the entries, less what it gave. */
  private async addSides(
    system: Address,
    entries: EventConditions,
    accounts: readonly LedgerAccount[] | undefined,
    totals: Map<LedgerAccount, bigint>,
  ): Promise<void> {
    const { where, values, value } = conditionsOf(system, entries);
    const list = accounts?.map((one) => value(fromHex(ledgerAccountHex(one)))).join(", ");
    const total = (side: string, sign: number) =>
      `SELECT ${side} AS account, ${sign} AS sign, ${this.dialect.sum} AS total FROM events
        WHERE ${where} AND amount IS NOT NULL ${list === undefined ? "" : `AND ${side} IN (${list})`} GROUP BY ${side}`;
    for (const row of await this.query(`${total("account", -1)} UNION ALL ${total("counterparty", 1)}`, ...values)) {
      const side = ledgerAccountOf(row["account"]);
      totals.set(side, (totals.get(side) ?? 0n) + integer(row["sign"]) * sumOf(row["total"]));
    }
  }

  /** What days were closed bounds the numbers of what is asked for by time. */
  private async narrowed(system: Address, query: EventQuery): Promise<EventQuery> {
    const { from, until, after = 0n, before } = query;
    const first = from === undefined ? undefined : await this.closings.last(system, Math.floor(from / DAY));
    const last = until === undefined ? undefined : await this.closings.next(system, Math.floor(until / DAY));
    return {
      ...query,
      ...(first !== undefined && { after: maximum(after, first.number) }),
      ...(last !== undefined && {
        before: before === undefined ? last.number + 1n : minimum(before, last.number + 1n),
      }),
    };
  }
}
