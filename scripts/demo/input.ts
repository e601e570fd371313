import { readFileSync } from "node:fs";

import { parse } from "csv-parse/sync";

import { fail } from "../../src/errors";
import { toAddress, UINT128_MAX, type Address } from "../../src/protocol";

/** One payment of the input. */
export interface Payment {
  readonly from: Address;
  readonly to: Address;
  /** Base units, positive. */
  readonly amount: bigint;
  /** Per unit of gas, in wei. */
  readonly gasPrice: bigint;
}

const COLUMNS = ["block_number", "block_timestamp", "from", "to", "value_wei", "gas_price_wei"] as const;
type Column = (typeof COLUMNS)[number];

/**
 * Reads the payments of a CSV file; all of it, before anything else happens.
 * @throws invalid_input naming line and column
 */
export function readPayments(file: string, limit = Infinity): Payment[] {
  const rows = readRows(file);
  const [header, ...body] = rows;
  COLUMNS.forEach((column, i) => {
    if (header?.[i] !== column) fail("invalid_input", { file, line: 1, column, got: header?.[i] ?? "nothing" });
  });
  if (body.length === 0) fail("invalid_input", { file, line: 2, reason: "no payments" });
  return body.slice(0, limit).map((row, i) => readPayment(row, file, i + 2));
}

function readPayment(row: readonly string[], file: string, line: number): Payment {
  const cell = <T>(column: Column, read: (text: string) => T): T => {
    const text = row[COLUMNS.indexOf(column)];
    try {
      if (text === undefined) throw new Error("missing");
      return read(text);
    } catch {
      return fail("invalid_input", { file, line, column, got: text ?? "nothing" });
    }
  };
  if (row.length !== COLUMNS.length) fail("invalid_input", { file, line, columns: row.length, want: COLUMNS.length });
  cell("block_number", (text) => wholeNumber(text, 0n));
  cell("block_timestamp", (text) => wholeNumber(text, 0n));
  const from = cell("from", toAddress);
  return {
    from,
    to: cell("to", (text) => {
      const to = toAddress(text);
      if (to === from) throw new Error("payer and payee are the same");
      return to;
    }),
    amount: cell("value_wei", (text) => wholeNumber(text, 1n)),
    gasPrice: cell("gas_price_wei", (text) => wholeNumber(text, 0n)),
  };
}

function wholeNumber(text: string, min: bigint): bigint {
  if (!/^\d{1,39}$/.test(text)) throw new Error("not a whole number");
  const value = BigInt(text);
  if (value < min || value > UINT128_MAX) throw new Error("out of range");
  return value;
}

function readRows(file: string): string[][] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    return fail("invalid_input", { file, reason: error instanceof Error ? error.message : error });
  }
  try {
    return parse(text, { relax_column_count: true, skip_empty_lines: true });
  } catch (error) {
    return fail("invalid_input", { file, reason: error instanceof Error ? error.message : error });
  }
}
