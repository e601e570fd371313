import { Buffer } from "buffer";

import { fail } from "../errors";
import { fromHex, INT128_MAX, INT128_MIN, UINT128_MAX, UINT256_MAX, UINT64_MAX, within } from "./primitives";
import type { Address, ChannelId, Hash } from "./types";
import { writeHex } from "./writeHex";

const UINT16_MAX = 2 ** 16 - 1;

/**
 * ABI-encodes static values: one 32-byte word each, written into a buffer of its own that is reused from call to call.
 * Takes nothing but values of the type named: two messages that differ in anything never encode the same, so nobody can
 * sign one and have another believed.
 */
export class Words {
  private readonly buffer: Buffer;
  private readonly numbers: DataView;
  private readonly first: number;
  private position = 0;

  /** @param tag A first word that never changes: the type hash. */
  constructor(count: number, tag?: Hash) {
    this.buffer = Buffer.alloc(32 * count);
    this.numbers = new DataView(this.buffer.buffer, this.buffer.byteOffset, this.buffer.length);
    this.first = tag === undefined ? 0 : fromHex(tag, 32).copy(this.buffer);
  }

  start(): this {
    this.position = this.first;
    return this;
  }

  /** @throws invalid_hex */
  hash(value: Hash | ChannelId): this {
    writeHex(value, 32, this.buffer, this.next());
    return this;
  }

  /** @throws invalid_hex */
  address(value: Address): this {
    const at = this.next();
    this.numbers.setBigUint64(at, 0n);
    this.numbers.setUint32(at + 8, 0);
    writeHex(value, 20, this.buffer, at + 12);
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
    return this.half(within(value, 0n, UINT128_MAX, "uint128"), 0n);
  }

  /** @throws out_of_range */
  int128(value: bigint): this {
    return this.half(within(value, INT128_MIN, INT128_MAX, "int128"), value < 0n ? UINT64_MAX : 0n);
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
    this.numbers.setBigUint64(at, 0n);
    this.numbers.setBigUint64(at + 8, 0n);
    this.numbers.setBigUint64(at + 16, 0n);
    this.numbers.setBigUint64(at + 24, value);
    return this;
  }

  /** The low 128 bits of `value`, under two words of 8 bytes that say its sign. */
  private half(value: bigint, sign: bigint): this {
    const at = this.next();
    this.numbers.setBigUint64(at, sign);
    this.numbers.setBigUint64(at + 8, sign);
    this.numbers.setBigUint64(at + 16, BigInt.asUintN(64, value >> 64n));
    this.numbers.setBigUint64(at + 24, BigInt.asUintN(64, value));
    return this;
  }

  private next(): number {
    const at = this.position;
    this.position = at + 32;
    return at;
  }
}
