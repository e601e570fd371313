import { fromHex, type Address } from "../protocol";
import type { Value } from "./query";
import type { InvoiceQuery } from "./store";

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
