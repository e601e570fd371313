/** How many closes of one moment can all be answered in time. */
export function defendable(terms: {
  /** Answers that one block takes. */
  readonly perBlock: number;
  /** The period, and the time between blocks. */
  readonly seconds: number;
  readonly blockSeconds: number;
  /** The part of each block's gas that the answers get, above 0 and up to 1. */
  readonly share: number;
}): number {
  const blocks = Math.floor(terms.seconds / terms.blockSeconds);
  return Math.floor(blocks * terms.perBlock * terms.share);
}
