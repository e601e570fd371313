import { fail } from "../errors";
import type { Commit } from "./commit";
import type { Value } from "./query";
import { TABLES } from "./tables";

const INSERTS = TABLES.map(({ name, columns, replacedBy }) => {
  const names = columns.map((column) => `"${column.name}"`).join(", ");
  return `INSERT ${replacedBy ? "OR REPLACE " : ""}INTO ${name} (${names}) VALUES `;
});

/** All rows of a commit in SQLite's words: one text, which a thread of the driver's carries out by itself. */
export function scriptOf(commit: Commit): string {
  return TABLES.map((table, i) => {
    const rows = table.rowsOf(commit);
    return rows.length === 0 ? "" : `${INSERTS[i]!}${rows.map(rowText).join(",\n")};\n`;
  }).join("");
}

function rowText(values: readonly Value[]): string {
  return `(${values.map(literal).join(",")})`;
}

/** The value in SQLite's words. */
function literal(value: Value): string {
  if (value === null) return "NULL";
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "string") return `x'${value.toString("hex")}'`;
  // It would end what SQLite reads.
  if (value.includes("\0")) fail("store_failed", { reason: "text with a zero in it" });
  return `'${value.replaceAll("'", "''")}'`;
}
