/** Unix seconds, by a clock without an error. */
export function trueTime(): bigint {
  return BigInt(Math.floor(Date.now() / 1_000));
}
