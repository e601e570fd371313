import type { LedgerEvent } from "../engine";
import { fromHex, minimum, type Address } from "../protocol";
import type { Dialect } from "./dialect";
import { eventOf } from "./eventRows";
import { conditionsOf, orderOf, type Conditions, type EventConditions, type EventQuery } from "./events";
import { hex, integer, sumOf, type Query, type Row, type Value } from "./query";

/** Where an index lists an account: on each side of an event, and its opening, whose number its row has. */
const LISTED: readonly ((account: string) => string)[] = [
  (account) => `length(account) = 20 AND type <> 'account.opened' AND listed = 1 AND account = ${account}`,
  (account) => `length(counterparty) = 20 AND listed = 1 AND counterparty = ${account}`,
  (account) => `party IS NOT NULL AND listed = 1 AND party = ${account}`,
  (account) => `number = (SELECT opened FROM accounts a WHERE a.system = $1 AND a.address = ${account})`,
];

/** What has a row for each state, or note, of a channel, and the column of their numbers. */
const TABLES = [
  { table: "states", numbered: "version" },
  { table: "notes", numbered: "seq" },
] as const;

/** One channel's states, or its notes. */
type Messages = (typeof TABLES)[number] & { readonly channel: Buffer };

/** Whether a message is passed on the way to the event `$2`: if all that it came with is before that, or the first of it is. */
const PASSED = { whole: "first_event + event_count <= $2", begun: "first_event < $2" } as const;

/** Higher than any number of a state or note. */
const END = 2n ** 63n - 1n;

/**
 * What concerns one account: its states and notes have the numbers of the events that they came with, an index lists it in all others.
 */
export class AccountEvents {
  /** @param finding lets whatever is committed be found by its channel before */
  constructor(
    private readonly query: Query,
    private readonly finding: Query,
    private readonly dialect: Dialect,
  ) {}

  /** What the query asks for of an account. */
  async events(system: Address, account: Address, query: EventQuery): Promise<LedgerEvent[]> {
    const bounded = await this.bounded(system, query);
    const cameWith = async (messages: Messages) => {
      const conditions = conditionsOf(system, bounded, "+number");
      const from = await this.fromMessages(account, messages, query, conditions);
      const tail = orderOf(query, conditions, `m.${messages.numbered}`, "number");
      return await this.query(`SELECT events.* ${from} ${tail}`, ...conditions.values);
    };
    const channels = await this.channels(system, account, query.token);
    const rows = await Promise.all([this.listed(system, account, bounded), ...channels.flat().map(cameWith)]);
    // What came with a state and a note of one channel was found twice.
    const found = new Map(rows.flat().map((row) => [String(row["number"]), eventOf(row)]));
    const sign = query.order === "descending" ? -1 : 1;
    return [...found.values()].sort((a, b) => sign * Number(a.number - b.number)).slice(0, query.limit);
  }

  /** What the account got of a token in the entries that the query asks for, less what it gave. */
  async moved(system: Address, account: Address, query: EventConditions): Promise<bigint> {
    const bounded = await this.bounded(system, query);
    const listed = conditionsOf(system, bounded);
    const one = listed.value(fromHex(account));
    const [gave, got] = LISTED.map(
      (isAt) => `FROM events WHERE ${isAt(one)} AND amount IS NOT NULL AND ${listed.where}`,
    );
    let total = await this.sum(`SELECT 1 AS gave, amount ${gave} UNION ALL SELECT 0, amount ${got}`, listed.values);
    for (const channel of await this.channels(system, account, query.token)) {
      const conditions = conditionsOf(system, bounded, "+number");
      const is = conditions.value(fromHex(account));
      const parts: string[] = [];
      for (const messages of channel) {
        parts.push(`SELECT number, CASE WHEN account = ${is} THEN 1 ELSE 0 END AS gave, amount
          ${await this.fromMessages(account, messages, query, conditions)}
          AND amount IS NOT NULL AND (account = ${is} OR counterparty = ${is})`);
      }
      total += await this.sum(parts.join(" UNION "), conditions.values);
    }
    return total;
  }

  private async sum(entries: string, values: readonly Value[]): Promise<bigint> {
    const sql = `SELECT gave, ${this.dialect.sum} AS total FROM (${entries}) AS entries GROUP BY gave`;
    const rows = await this.query(sql, ...values);
    return rows.reduce((sum, { gave, total }) => sum + (integer(gave) === 1n ? -1n : 1n) * sumOf(total), 0n);
  }

  /** The same of the log as it is now: what is committed while the parts are read is in none of them. */
  private async bounded<Asked extends EventConditions>(system: Address, query: Asked): Promise<Asked> {
    const [row] = await this.query("SELECT max(number) AS number FROM events WHERE system = $1", fromHex(system));
    const end = 1n + integer(row?.["number"] ?? 0n);
    return { ...query, before: minimum(query.before ?? end, end) };
  }

  /** The channels that an account has had, of one token or of all: the states and the notes of each. */
  private async channels(system: Address, account: Address, token: Address | undefined): Promise<Messages[][]> {
    const sql = `SELECT id, token FROM channels WHERE system = $1 AND "user" = $2`;
    const rows = await this.finding(sql, fromHex(system), fromHex(account));
    return rows
      .filter((row) => token === undefined || hex(row["token"]) === token)
      .map((row) => TABLES.map((one) => ({ ...one, channel: fromHex(hex(row["id"])) })));
  }

  /** What an index has of the account. */
  private listed(system: Address, account: Address, query: EventQuery): Promise<Row[]> {
    const conditions = conditionsOf(system, query);
    const one = conditions.value(fromHex(account));
    const tail = orderOf(query, conditions, "number");
    const parts = LISTED.map(
      (isAt, i) => `SELECT * FROM (SELECT * FROM events WHERE ${conditions.where} AND ${isAt(one)} ${tail}) AS s${i}`,
    );
    return this.query(`${parts.join(" UNION ")} ${tail}`, ...conditions.values);
  }

  /** From where, and under which conditions, what came with these messages and concerns the account. */
  private async fromMessages(
    account: Address,
    messages: Messages,
    { after, before }: EventConditions,
    { where, value }: Conditions,
  ): Promise<string> {
    const { channel, table, numbered } = messages;
    const from = after === undefined ? 0n : await this.firstNot(PASSED.whole, messages, after + 1n);
    const to = before === undefined ? END : await this.firstNot(PASSED.begun, messages, before);
    const one = value(fromHex(account));
    return `FROM ${this.dialect.ofChannel[table]} m CROSS JOIN events
      WHERE m.channel = ${value(channel)} AND m.${numbered} >= ${value(from)} AND m.${numbered} < ${value(to)}
      AND number >= m.first_event AND number < m.first_event + m.event_count
      AND listed = 0 AND (account = ${one} OR counterparty = ${one} OR party = ${one}) AND ${where}`;
  }

  /** The lowest number from which on no state, or note, is passed. What older programs wrote has no events, and is. */
  private async firstNot(passed: string, { channel, table, numbered }: Messages, event: bigint): Promise<bigint> {
    const ofChannel = `FROM ${this.dialect.ofChannel[table]} WHERE channel = $1`;
    const middle = "(low + high) / 2";
    const isPassed = `(SELECT coalesce(${passed}, true) ${ofChannel} AND ${numbered} >= ${middle} ORDER BY ${numbered} LIMIT 1)`;
    const sql = `WITH RECURSIVE search (low, high) AS (
        SELECT CAST(0 AS BIGINT), 1 + coalesce((SELECT ${numbered} ${ofChannel} ORDER BY ${numbered} DESC LIMIT 1), -1)
        UNION ALL
        SELECT CASE WHEN ${isPassed} THEN ${middle} + 1 ELSE low END, CASE WHEN ${isPassed} THEN high ELSE ${middle} END
        FROM search WHERE low < high
      ) SELECT max(low) AS first FROM search`;
    const [row] = await this.query(sql, channel, event);
    return integer(row?.["first"]);
  }
}
