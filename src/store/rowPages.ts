import { fromHex, type Address, type Hex } from "../protocol";
import type { Dialect } from "./dialect";
import type { Query } from "./query";

/** Rows that are read at once: what was read of them is garbage before the next are. */
const PAGE = 2_000;

/** What is read of one row. */
export type Texts = readonly (string | null)[];

/** Which rows of a system's are read, and what of them. */
export interface RowPages {
  /** The column of bytes that tells one row from all others of the system, in whose order they are read. */
  readonly key: string;
  /** What is read besides the key, as text. */
  readonly texts: readonly string[];
  /** What follows `FROM`, with `$1` for the system. */
  readonly from: string;
}

/**
 * All of a system's rows, a page at a time, while the database gets the next. A page is one text, for a driver takes longer for
 * rows and columns than for what is in them.
 * @param query does not hold up who asks
 */
export async function* rowPages(
  query: Query,
  dialect: Dialect,
  { key, texts, from }: RowPages,
  system: Address,
): AsyncGenerator<Texts[]> {
  const sql = `SELECT '[' || string_agg(one, ',') || ']' AS rows FROM (
    SELECT ${rowText(dialect, [hexText(dialect, key), ...texts])} AS one
    FROM ${from} AND ${key} > $2 ORDER BY ${key} LIMIT ${PAGE}) AS page`;
  const read = async (after: Buffer) => {
    const [page] = await query(sql, fromHex(system), after);
    return JSON.parse((page!["rows"] as string | null) ?? "[]") as Texts[];
  };
  let rows = await read(Buffer.alloc(0));
  while (rows.length === PAGE) {
    const next = read(fromHex(lastKey(rows)));
    // Whether it failed is asked when it is needed.
    next.catch(() => undefined);
    yield rows;
    rows = await next;
  }
  yield rows;
}

/** Of these texts, as JSON. */
export function rowText({ array }: Dialect, texts: readonly string[]): string {
  return `CAST(${array}(${texts.join(", ")}) AS text)`;
}

/** Of a column of bytes. */
export function hexText({ hex }: Dialect, column: string): string {
  return `'0x' || ${hex(column)}`;
}

/** Databases put texts together in the order that they like. */
function lastKey(rows: readonly Texts[]): Hex {
  return rows.map(([key]) => key as Hex).reduce((one, other) => (one > other ? one : other));
}
