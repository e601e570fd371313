import type { InvoiceStatus } from "../engine";
import { fromHex, type Address, type Hash } from "../protocol";
import type { Value } from "./query";

/** Which invoices are asked for. */
export interface InvoiceQuery {
  readonly account?: Address | undefined;
  readonly token?: Address | undefined;
  readonly status?: InvoiceStatus | undefined;
  /** Unix seconds: what is open and not to be paid by then is expired, whether that is noted yet or not. */
  readonly now: bigint;
  /** Only those beyond this one, in the order. */
  readonly beyond?: { readonly createdAt: bigint; readonly hash: Hash } | undefined;
  readonly order: "ascending" | "descending";
  readonly limit: number;
}

/** The query in the words of both databases. */
export function selectInvoices(system: Address, query: InvoiceQuery): { sql: string; values: Value[] } {
  const { account, token, status, now, beyond, order, limit } = query;
  const values: Value[] = [];
  const value = (one: Value) => `$${values.push(one)}`;
  const conditions = [`system = ${value(fromHex(system))}`];
  if (account !== undefined) conditions.push(`account = ${value(fromHex(account))}`);
  if (token !== undefined) conditions.push(`token = ${value(fromHex(token))}`);
  if (status === "open") conditions.push(`status = 'open' AND expiry > ${value(now)}`);
  else if (status === "expired")
    conditions.push(`(status = 'expired' OR (status = 'open' AND expiry <= ${value(now)}))`);
  else if (status !== undefined) conditions.push(`status = ${value(status)}`);
  const [is, direction] = order === "ascending" ? [">", "ASC"] : ["<", "DESC"];
  if (beyond !== undefined) {
    conditions.push(`(created_at, hash) ${is} (${value(beyond.createdAt)}, ${value(fromHex(beyond.hash))})`);
  }
  const sql = `SELECT * FROM invoices WHERE ${conditions.join(" AND ")}
    ORDER BY created_at ${direction}, hash ${direction} LIMIT ${value(BigInt(limit))}`;
  return { sql, values };
}
