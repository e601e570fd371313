/** When an endpoint that does not take an event is tried again. All in milliseconds. */
export interface RetryPolicy {
  /** Before the second attempt; doubled with each that fails. */
  readonly first: number;
  /** Between two attempts at most. */
  readonly longest: number;
  /** From the first failure until the endpoint is given up. */
  readonly patience: number;
  /** For one attempt, from the connection to the answer. */
  readonly timeout: number;
}

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

export const RETRY_POLICY: RetryPolicy = {
  first: 5 * SECOND,
  longest: 6 * HOUR,
  patience: 72 * HOUR,
  timeout: 15 * SECOND,
};

/**
 * Milliseconds to wait after so many failures in a row: exponential, half of it by chance, so that what failed together does
 * not come back together.
 */
export function retryAfter({ first, longest }: RetryPolicy, failures: number, chance = Math.random()): number {
  const full = Math.min(longest, first * 2 ** (failures - 1));
  return Math.round((full * (1 + chance)) / 2);
}
