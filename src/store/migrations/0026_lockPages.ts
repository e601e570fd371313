import type { Migration } from "./migration";

/** What a database calls what is needed to take a list out of JSON and to put one together. */
interface Words {
  /** The elements of a column's list. */
  readonly elements: (column: string) => string;
  readonly bytes: string;
  readonly integer: string;
  readonly list: string;
}

const SQLITE: Words = {
  elements: (column) => `json_each(${column})`,
  bytes: "BLOB",
  integer: "INTEGER",
  list: "group_concat(lock)",
};
const POSTGRES: Words = {
  elements: (column) => `json_array_elements(${column}::json)`,
  bytes: "bytea",
  integer: "bigint",
  list: "string_agg(lock, ',' ORDER BY place)",
};

/** Indices in one text. */
const SPAN = 64;

/**
 * A channel's row keeps the locks of the lowest indices, as `index:hash:amount:expiry` with commas between; those beyond have rows of
 * their own, of 64 indices each (null for none). Before, a channel's row kept all of them as JSON.
 */
export const lockPages: Migration = { sqlite: paging(SQLITE), postgres: paging(POSTGRES) };

function paging(words: Words): string {
  const { bytes, integer } = words;
  return `
    CREATE TABLE lock_pages (
      channel ${bytes} NOT NULL,
      side TEXT NOT NULL CHECK (side IN ('outgoing', 'incoming')),
      page ${integer} NOT NULL,
      locks TEXT,
      PRIMARY KEY (channel, side, page)
    ) ${words === SQLITE ? "STRICT, WITHOUT ROWID" : ""};
    ${splitting("outgoing", words)}
    ${splitting("incoming", words)}`;
}

function splitting(side: string, { elements, integer, list }: Words): string {
  const value = (field: string) => `rtrim(e.value ->> '${field}', 'n')`;
  const lock = ["index", "hash", "amount", "expiry"].map(value).join(" || ':' || ");
  const locks = (columns: string) =>
    `SELECT ${columns} CAST(${value("index")} AS ${integer}) AS place, ${lock} AS lock`;
  return `
    INSERT INTO lock_pages (channel, side, page, locks)
      SELECT id, '${side}', place / ${SPAN}, ${list}
      FROM (${locks("c.id,")} FROM channels c, ${elements(`c.${side}`)} AS e ORDER BY c.id, place) AS locks
      WHERE place >= ${SPAN} GROUP BY id, place / ${SPAN};
    UPDATE channels SET ${side} =
      (SELECT ${list} FROM (${locks("")} FROM ${elements(side)} AS e ORDER BY place) AS locks WHERE place < ${SPAN})
      WHERE ${side} IS NOT NULL;`;
}
