import { Buffer } from "buffer";

import { fail } from "../errors";
import { fromHex, INT128_MAX, INT128_MIN, UINT128_MAX, UINT256_MAX, UINT64_MAX, within } from "./primitives";
import type { Address, ChannelId, Hash } from "./types";

const UINT16_MAX = 2 ** 16 - 1;
const ADDRESS = /^0x[0-9a-f]{40}$/;
const HASH = /^0x[0-9a-f]{64}$/;

/**
 * ABI-encodes static values: one 32-byte word each, written into a buffer of its own that is reused from call to call.
 * Takes nothing but values of the type named: two messages that differ in anything never encode the same, so nobody can
 * sign one and have another believed.
 */
export class Words {
  private readonly buffer: Buffer;
  private readonly first: number;
  private position = 0;

  /** @param tag A first word that never changes: the type hash. */
  constructor(count: number, tag?: Hash) {
    this.buffer = Buffer.alloc(32 * count);
    this.first = tag === undefined ? 0 : fromHex(tag, 32).copy(this.buffer);
  }

  start(): this {
    this.position = this.first;
    return this;
  }

  /** @throws invalid_hex */
  hash(value: Hash | ChannelId): this {
    if (!HASH.test(value)) fail("invalid_hex", { got: value, bytes: 32 });
    this.buffer.write(value.slice(2), this.next(), "hex");
    return this;
  }

  /** @throws invalid_hex */
  address(value: Address): this {
    if (!ADDRESS.test(value)) fail("invalid_hex", { got: value, bytes: 20 });
    const at = this.next();
    this.buffer.fill(0, at, at + 12);
    this.buffer.write(value.slice(2), at + 12, "hex");
    return this;
  }

  bool(value: boolean): this {
    return this.low(value ? 1n : 0n);
  }

  /** @throws out_of_range */
  uint16(value: number): this {
    if (!Number.isInteger(value) || value < 0 || value > UINT16_MAX) {
      fail("out_of_range", { name: "uint16", got: value, min: 0, max: UINT16_MAX });
    }
    return this.low(BigInt(value));
  }

  /** @throws out_of_range */
  uint64(value: bigint): this {
    return this.low(within(value, 0n, UINT64_MAX, "uint64"));
  }

  /** @throws out_of_range */
  uint128(value: bigint): this {
    return this.half(within(value, 0n, UINT128_MAX, "uint128"), 0);
  }

  /** @throws out_of_range */
  int128(value: bigint): this {
    return this.half(within(value, INT128_MIN, INT128_MAX, "int128"), value < 0n ? 0xff : 0);
  }

  /** @throws out_of_range */
  uint256(value: bigint): this {
    within(value, 0n, UINT256_MAX, "uint256");
    const at = this.next();
    this.buffer.write(value.toString(16).padStart(64, "0"), at, "hex");
    return this;
  }

  /** What was written, valid until the next {@link start}. */
  done(): Buffer {
    return this.buffer;
  }

  private low(value: bigint): this {
    const at = this.next();
    this.buffer.fill(0, at, at + 24);
    this.buffer.writeBigUInt64BE(value, at + 24);
    return this;
  }

  /** The low 128 bits of `value`, under 16 bytes that say its sign. */
  private half(value: bigint, sign: number): this {
    const at = this.next();
    this.buffer.fill(sign, at, at + 16);
    this.buffer.writeBigUInt64BE(BigInt.asUintN(64, value >> 64n), at + 16);
    this.buffer.writeBigUInt64BE(BigInt.asUintN(64, value), at + 24);
    return this;
  }

  private next(): number {
    const at = this.position;
    this.position = at + 32;
    return at;
  }
}
