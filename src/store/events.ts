import type { EventType } from "../engine";
import { fromHex, type Address, type Hash } from "../protocol";
import type { Value } from "./query";

/** Which events of a system's log; all of them unless something is left out. */
export interface EventQuery {
  /** Only those with a higher number. */
  readonly after?: bigint;
  /** Only those with a lower number. */
  readonly before?: bigint;
  /** Not before this time, and before that one, in Unix milliseconds. */
  readonly from?: number;
  readonly until?: number;
  readonly types?: readonly EventType[];
  /** On either side, or the party. */
  readonly account?: Address;
  readonly token?: Address;
  readonly references?: readonly Hash[];
  readonly order?: "ascending" | "descending";
  readonly limit: number;
}

/** Most of a log; the indexes by type and by reference leave it out. */
const COMMON: EventType = "money.transferred";

/** Where an account stands in an event: each has an index of its own, but for its opening, whose number the account's row has. */
const PLACES: readonly ((account: string) => string)[] = [
  (account) => `length(account) = 20 AND type <> 'account.opened' AND account = ${account}`,
  (account) => `length(counterparty) = 20 AND counterparty = ${account}`,
  (account) => `party IS NOT NULL AND party = ${account}`,
  (account) => `number = (SELECT opened FROM accounts a WHERE a.system = $1 AND a.address = ${account})`,
];

/** The query in the words of both databases. */
export function selectEvents(system: Address, query: EventQuery): { sql: string; values: Value[] } {
  const { account, order = "ascending", limit } = query;
  const { conditions, values, value } = conditionsOf(system, query);
  const where = conditions.join(" AND ");
  const tail = `ORDER BY number ${order === "ascending" ? "ASC" : "DESC"} LIMIT ${value(BigInt(limit))}`;
  if (account === undefined) return { sql: `SELECT * FROM events WHERE ${where} ${tail}`, values };
  const one = value(fromHex(account));
  const parts = PLACES.map(
    (isAt, i) => `SELECT * FROM (SELECT * FROM events WHERE ${where} AND ${isAt(one)} ${tail}) AS s${i}`,
  );
  return { sql: `${parts.join(" UNION ")} ${tail}`, values };
}

function conditionsOf(system: Address, { after, before, from, until, types, token, references }: EventQuery) {
  const values: Value[] = [];
  const value = (one: Value) => `$${values.push(one)}`;
  const conditions = [`system = ${value(fromHex(system))}`];
  if (after !== undefined) conditions.push(`number > ${value(after)}`);
  if (before !== undefined) conditions.push(`number < ${value(before)}`);
  if (from !== undefined) conditions.push(`time >= ${value(BigInt(from))}`);
  if (until !== undefined) conditions.push(`time < ${value(BigInt(until))}`);
  if (token !== undefined) conditions.push(`token = ${value(fromHex(token))}`);
  if (types !== undefined) {
    conditions.push(`type IN (${types.map(value).join(", ")})`);
    if (!types.includes(COMMON)) conditions.push(`type <> '${COMMON}'`);
  }
  if (references !== undefined) {
    conditions.push(`reference IN (${references.map((one) => value(fromHex(one))).join(", ")})`);
  }
  return { conditions, values, value };
}
