import { StarledgerError } from "../../src/errors";

/** What an honest wallet is never told, and never says: each would mean that a rule was broken. */
const NEVER = new Set([
  ...["equivocation", "locks_mismatch", "wrong_signer", "invalid_signature", "stale_note", "wrong_preimage"],
  ...["journal_unbalanced", "store_corrupt", "internal", "state_mismatch", "unknown_note", "wrong_outcome"],
]);

/** How something ended that a wallet was asked to do. */
export interface Outcome {
  readonly name: string;
  /** For good: the same is not asked for again. */
  readonly isRefused: boolean;
  /** Why it must not have ended so; undefined where it may. */
  readonly fault: string | undefined;
}

/** @param isTrusting both the user and the system are honest */
export function failureOf(error: unknown, isTrusting: boolean): Outcome {
  if (!(error instanceof StarledgerError)) {
    return { name: "failed", isRefused: false, fault: String((error as Error).stack) };
  }
  const { code: name, message, retryable } = error;
  return { name, isRefused: !retryable, fault: isTrusting && NEVER.has(name) ? `${name}: ${message}` : undefined };
}
