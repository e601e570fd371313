import { createHash } from "node:crypto";

/** Numbers that a seed decides. */
export class Random {
  private count = 0;

  constructor(private readonly seed: string) {}

  /** 32 bytes. */
  bytes(): Buffer {
    this.count += 1;
    return createHash("sha256").update(`${this.seed} ${this.count}`).digest();
  }

  /** From 0 on, below 1. */
  next(): number {
    return this.bytes().readUInt32BE() / 2 ** 32;
  }

  /** A whole number of the range, its ends included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /** One of them. */
  of<T>(choices: readonly T[]): T {
    return choices[this.between(0, choices.length - 1)]!;
  }

  chance(share: number): boolean {
    return this.next() < share;
  }
}
