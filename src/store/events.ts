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

/** What is asked of each event by itself. */
export type EventConditions = Omit<EventQuery, "account" | "order" | "limit">;

/** Conditions in the words of both databases, with their values, to which more can be added. */
export interface Conditions {
  readonly where: string;
  readonly values: Value[];
  /** Adds a value; returns the parameter that stands for it. */
  readonly value: (one: Value) => string;
}

/** What the query asks for, of whatever account, in the words of both databases. */
export function selectEvents(system: Address, query: Omit<EventQuery, "account">): { sql: string; values: Value[] } {
  const conditions = conditionsOf(system, query);
  const { where, values } = conditions;
  return { sql: `SELECT * FROM events WHERE ${where} ${orderOf(query, conditions, "number")}`, values };
}

/** In the query's order by these columns, as many as it asks for. */
export function orderOf(
  { order = "ascending", limit }: Pick<EventQuery, "order" | "limit">,
  { value }: Conditions,
  ...columns: readonly string[]
): string {
  const direction = order === "ascending" ? "ASC" : "DESC";
  return `ORDER BY ${columns.map((column) => `${column} ${direction}`).join(", ")} LIMIT ${value(BigInt(limit))}`;
}

/** @param number the column, or an expression that no index is looked up by where a narrower one is */
export function conditionsOf(system: Address, query: EventConditions, number = "number"): Conditions {
  const { after, before, from, until, types, token, references } = query;
  const values: Value[] = [];
  const value = (one: Value) => `$${values.push(one)}`;
  const conditions = [`system = ${value(fromHex(system))}`];
  if (after !== undefined) conditions.push(`${number} > ${value(after)}`);
  if (before !== undefined) conditions.push(`${number} < ${value(before)}`);
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
  return { where: conditions.join(" AND "), values, value };
}
