import type { Buffer } from "buffer";

import { fail } from "../../errors";
import { INT128_MAX, INT128_MIN, toHex, UINT128_MAX, UINT64_MAX, within, type Hex } from "../../protocol";
import { writeHex } from "../../protocol/writeHex";

// Records of fields of fixed lengths, one after the other; numbers are big-endian, negative ones in two's complement.

/** Bytes of each kind of field; an amount is a `uint128` that moves, so zero is refused: in JSON by its form, here when it is carried out. */
export const LENGTHS = {
  address: 20,
  hash: 32,
  signature: 65,
  uint64: 8,
  uint128: 16,
  amount: 16,
  int128: 16,
} as const;

export type Kind = keyof typeof LENGTHS;

/** The fields of a record, in their order. */
export type Layout<T> = { readonly [Name in keyof T]: Kind };

const HALF = 2n ** 64n;

/** Whether its text is hexadecimal, not decimal. */
export function isHexadecimal(kind: Kind): kind is "address" | "hash" | "signature" {
  return kind === "address" || kind === "hash" || kind === "signature";
}

/** How many bytes a record takes. */
export function lengthOf(layout: Layout<object>): number {
  const kinds = Object.values(layout as Readonly<Record<string, Kind>>);
  return kinds.reduce((sum, kind) => sum + LENGTHS[kind], 0);
}

/** Writes messages into a buffer of the right length. */
export class Writer {
  private position = 0;

  constructor(readonly bytes: Buffer) {}

  byte(value: number): this {
    this.bytes[this.position++] = value;
    return this;
  }

  count(value: number): this {
    this.position = this.bytes.writeUInt16BE(value, this.position);
    return this;
  }

  /** Text of at most 255 bytes, under its length. */
  text(value: string): this {
    const length = this.bytes.write(value, this.position + 1);
    this.bytes[this.position] = length;
    this.position += 1 + length;
    return this;
  }

  /** @throws invalid_hex, out_of_range */
  field(kind: Kind, value: Hex | bigint): this {
    const at = this.position;
    this.position += LENGTHS[kind];
    if (typeof value === "string") writeHex(value, LENGTHS[kind], this.bytes, at);
    else if (kind === "uint64") this.bytes.writeBigUInt64BE(within(value, 0n, UINT64_MAX, kind), at);
    else {
      const [least, most] = kind === "int128" ? [INT128_MIN, INT128_MAX] : [0n, UINT128_MAX];
      const bits = BigInt.asUintN(128, within(value, least, most, kind));
      this.bytes.writeBigUInt64BE(bits / HALF, at);
      this.bytes.writeBigUInt64BE(bits % HALF, at + 8);
    }
    return this;
  }

  record<T extends object>(layout: Layout<T>, value: T): this {
    for (const name in layout) this.field(layout[name], value[name] as Hex | bigint);
    return this;
  }
}

/** Reads messages; whatever is no message of its kind is refused. All methods throw invalid_request past the end. */
export class Reader {
  private position = 0;

  constructor(private readonly bytes: Buffer) {}

  byte(): number {
    return this.bytes[this.take(1)]!;
  }

  count(): number {
    return this.bytes.readUInt16BE(this.take(2));
  }

  text(): string {
    const length = this.byte();
    const at = this.take(length);
    return this.bytes.toString("utf8", at, at + length);
  }

  field(kind: Kind): Hex | bigint {
    const at = this.take(LENGTHS[kind]);
    if (kind === "uint64") return this.bytes.readBigUInt64BE(at);
    if (isHexadecimal(kind)) return toHex(this.bytes.subarray(at, this.position));
    const high = this.bytes.readBigUInt64BE(at);
    const low = this.bytes.readBigUInt64BE(at + 8);
    const bits = high === 0n ? low : high * HALF + low;
    return kind === "int128" ? BigInt.asIntN(128, bits) : bits;
  }

  record<T extends object>(layout: Layout<T>): T {
    const record: Record<string, Hex | bigint> = {};
    for (const name in layout) record[name] = this.field(layout[name]);
    return record as T;
  }

  /** @throws invalid_request if there is more */
  end(): void {
    if (this.position !== this.bytes.length) malformed("too long");
  }

  private take(length: number): number {
    const at = this.position;
    this.position += length;
    if (this.position > this.bytes.length) malformed("too short");
    return at;
  }
}

/** @throws invalid_request */
export function malformed(reason: string): never {
  return fail("invalid_request", { field: "message", reason });
}
