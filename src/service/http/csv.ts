import { stringify } from "csv-stringify/sync";

/**
 * Rows as RFC 4180 with a head. What a spreadsheet would take for a formula is marked as text; numbers are never negative
 * here, so that none of them is.
 */
export function toCsv(columns: readonly string[], rows: readonly Readonly<Record<string, unknown>>[]): string {
  return stringify([...rows], {
    header: true,
    columns: [...columns],
    escape_formulas: true,
    record_delimiter: "windows",
  });
}

export const CSV_TYPE = "text/csv; charset=utf-8";
