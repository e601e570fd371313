import { hashPair, lockLeaf } from "./merkle";
import { fromHex } from "./primitives";
import type { Lock } from "./types";

/**
 * The hashes of a list's locks, each by itself and every run of 2, 4, 8 … of them. What is below a hash of the list's tree is such a
 * run, but where the tree ends; as the list grows its tree is cut into other runs, most of which it was cut into before.
 */
export class Runs {
  /** By height and by the place of a run's first lock; undefined where nobody has asked yet. */
  private readonly levels: (Uint8Array | undefined)[][];

  constructor(locks: readonly Lock[]) {
    this.levels = [locks.map((lock) => fromHex(lockLeaf(lock), 32))];
  }

  /** How many locks there are. */
  get size(): number {
    return this.levels[0]!.length;
  }

  /** The hash of the 2^height locks from the one at `first` on. */
  at(height: number, first: number): Uint8Array {
    const { levels, size } = this;
    while (levels.length <= height) levels.push(new Array<undefined>(size).fill(undefined));
    const level = levels[height]!;
    return (level[first] ??= hashPair(this.at(height - 1, first), this.at(height - 1, first + 2 ** (height - 1))));
  }

  /** Puts a leaf where another was, which comes after it now. */
  put(place: number, leaf: Uint8Array): void {
    this.forget(place);
    this.levels.forEach((level, height) => level.splice(place, 0, height === 0 ? leaf : undefined));
  }

  /** Takes a leaf out. */
  take(place: number): Uint8Array {
    const leaf = this.at(0, place);
    this.forget(place);
    for (const level of this.levels) level.splice(place, 1);
    return leaf;
  }

  /** Forgets the runs that begin before a place and go on there. */
  private forget(place: number): void {
    this.levels.forEach((level, height) => level.fill(undefined, Math.max(place - 2 ** height + 1, 0), place));
  }
}
