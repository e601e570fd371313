/** Public nodes refuse to search more blocks at once. */
export const RANGE = 10_000n;

/** What lies between two blocks, both included, in parts that a node searches; oldest first. */
export function* ranges(first: bigint, last: bigint): Generator<readonly [from: bigint, to: bigint]> {
  for (let from = first; from <= last; from += RANGE) {
    const to = from + RANGE - 1n;
    yield [from, to < last ? to : last];
  }
}
