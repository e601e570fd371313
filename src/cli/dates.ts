/** A time of the chain, in Unix seconds, as people read it. */
export function dateOf(seconds: bigint): string {
  return new Date(Number(seconds) * 1_000).toISOString();
}
