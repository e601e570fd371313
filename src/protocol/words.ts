import type { Hex } from "./types";

const TWO_64 = 2n ** 64n;
const MASK_64 = TWO_64 - 1n;
const NEGATIVE = Buffer.alloc(32, 0xff);

/** ABI-encodes static values: one 32-byte word each, written into a buffer of its own that is reused from call to call. */
export class Words {
  private readonly buffer: Buffer;
  private position = 0;

  constructor(count: number) {
    this.buffer = Buffer.alloc(32 * count);
  }

  start(): this {
    this.position = 0;
    return this;
  }

  /** 32 bytes, or fewer that are padded on the left as an address is. */
  hex(value: Hex): this {
    const end = this.position + 32;
    const length = (value.length - 2) / 2;
    if (length < 32) this.buffer.fill(0, this.position, end - length);
    this.buffer.write(value.slice(2), end - length, "hex");
    this.position = end;
    return this;
  }

  /** An integer of at most 128 bits and its sign. */
  integer(value: bigint): this {
    const at = this.position;
    if (value < 0n) NEGATIVE.copy(this.buffer, at);
    else this.buffer.fill(0, at, at + 16);
    const low = BigInt.asUintN(128, value);
    this.buffer.writeBigUInt64BE(low / TWO_64, at + 16);
    this.buffer.writeBigUInt64BE(low & MASK_64, at + 24);
    this.position = at + 32;
    return this;
  }

  /** What was written, valid until the next {@link start}. */
  done(): Buffer {
    return this.buffer;
  }
}
