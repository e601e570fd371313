import { toHex, type Hex } from "../protocol";

/** What goes into a column: bytes, whole numbers of any size, text. */
export type Value = Buffer | bigint | string | null;

/** What comes out of it; each database has its own classes for bytes and numbers. */
export type Row = Readonly<Record<string, unknown>>;

/** Runs one statement, whose parameters are `$1`, `$2`, … */
export type Query = (sql: string, ...values: Value[]) => Promise<Row[]>;

/** Of a column of bytes. */
export function hex(value: unknown): Hex {
  return toHex(Buffer.isBuffer(value) ? value : Buffer.from(value as Uint8Array));
}

/** Of a column of whole numbers, whatever the database gives for them. */
export function integer(value: unknown): bigint {
  return BigInt(value as bigint | string);
}

/** Of a column that may be empty. */
export function nullable<T>(value: unknown, read: (value: unknown) => T): T | null {
  return value === null ? null : read(value);
}

/** Sums of groups of ten digits, the highest first, put together. */
export function sumOf(total: unknown): bigint {
  return String(total)
    .split(",")
    .reduce((sum, group) => sum * 10n ** 10n + BigInt(group), 0n);
}
