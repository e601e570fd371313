import { fail } from "../errors";
import type { Commit } from "./commit";
import { TABLES, type Cell, type ColumnType } from "./tables";

const BYTES = /^0x[0-9a-f]*$/;

const INSERTS = TABLES.map(({ name, columns }) => {
  const names = columns.map((column) => `"${column.name}"`).join(", ");
  return `INSERT INTO ${name} (${names}) VALUES `;
});

/** All rows of a commit in SQLite's words: one text, which a thread of the driver's carries out by itself. */
export function scriptOf(commit: Commit): string {
  return TABLES.map(({ columns, conflict, rowsOf }, i) => {
    const rows = rowsOf(commit).map(
      (cells) => `(${cells.map((cell, j) => literal(cell, columns[j]!.type)).join(",")})`,
    );
    return rows.length === 0 ? "" : `${INSERTS[i]!}${rows.join(",\n")} ${conflict};\n`;
  }).join("");
}

function literal(cell: Cell, type: ColumnType): string {
  if (cell === null) return "NULL";
  if (typeof cell === "bigint") return cell.toString();
  if (type === "bytea") return BYTES.test(cell) ? `x'${cell.slice(2)}'` : fail("invalid_hex");
  // It would end what SQLite reads.
  if (cell.includes("\0")) fail("store_failed", { reason: "text with a zero in it" });
  return `'${cell.replaceAll("'", "''")}'`;
}
