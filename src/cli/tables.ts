import { isatty } from "node:tty";

import Table from "cli-table3";
import { createColors } from "picocolors";

const BARE = {
  ...{ top: "", "top-mid": "", "top-left": "", "top-right": "", bottom: "", "bottom-mid": "", "bottom-left": "" },
  ...{ "bottom-right": "", left: "", "left-mid": "", mid: "", "mid-mid": "", right: "", "right-mid": "" },
  middle: "  ",
};

/** Whether a column's cells are words or numbers. */
export type Column = string | { readonly number: string };

/** Columns under their names; numbers are aligned to the right. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[], whenEmpty: string): string {
  if (rows.length === 0) return whenEmpty;
  const colors = createColors(isatty(process.stdout.fd) && !process.env["NO_COLOR"]);
  const head = columns.map((column) => colors.bold(typeof column === "string" ? column : column.number));
  const colAligns = columns.map((column) => (typeof column === "string" ? "left" : "right"));
  return render(new Table({ ...PLAIN, head, colAligns }), rows);
}

/** One thing: a name and a value per line; what is undefined is left out. */
export function facts(values: Readonly<Record<string, string | undefined>>): string {
  const known = Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return render(new Table(PLAIN), known);
}

const PLAIN = { chars: BARE, style: { "padding-left": 0, "padding-right": 0, head: [], border: [] } };

function render(empty: Table.Table, rows: readonly (readonly string[])[]): string {
  empty.push(...rows.map((row) => [...row]));
  return empty
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}
