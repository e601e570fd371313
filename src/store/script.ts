import { fail } from "../errors";
import type { Commit } from "./commit";
import { TABLES, type Cell, type ColumnType } from "./tables";

const INSERTS = TABLES.map(({ name, columns }) => {
  const names = columns.map((column) => `"${column.name}"`).join(", ");
  return `INSERT INTO ${name} (${names}) VALUES `;
});

/** All rows of a commit in SQLite's words: one text, which a thread of the driver's carries out by itself. */
export function scriptOf(commit: Commit): string {
  let script = "";
  TABLES.forEach(({ columns, conflict, items }, table) => {
    const all = items(commit);
    if (all.length === 0) return;
    script += INSERTS[table]!;
    for (let i = 0; i < all.length; i++) {
      script += i === 0 ? "(" : ",\n(";
      for (let column = 0; column < columns.length; column++) {
        const { type, value } = columns[column]!;
        script += `${column === 0 ? "" : ","}${literal(value(all[i], i, commit), type)}`;
      }
      script += ")";
    }
    script += ` ${conflict};\n`;
  });
  return script;
}

function literal(cell: Cell, type: ColumnType): string {
  if (cell === null) return "NULL";
  if (typeof cell === "bigint") return cell.toString();
  // SQLite refuses what is no hexadecimal, if only it is read as that.
  if (type === "bytea")
    return cell.startsWith("0x") && !cell.includes("'") ? `x'${cell.slice(2)}'` : fail("invalid_hex");
  // It would end what SQLite reads.
  if (cell.includes("\0")) fail("store_failed", { reason: "text with a zero in it" });
  return `'${cell.includes("'") ? cell.replaceAll("'", "''") : cell}'`;
}
