import { StarledgerError, type ErrorCode } from "../errors";
import { Refusal } from "../sdk";

/** How a command ends; `docs/CLI.md` and every shell script rely on them. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  refused: 3,
  unreachable: 4,
  declined: 5,
  notYet: 6,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What each of {@link EXIT} means. */
export const EXIT_MEANINGS: Readonly<Record<ExitCode, string>> = {
  0: "done",
  1: "failed; what was done before is in the output",
  2: "not used as documented; nothing was done",
  3: "the service refused",
  4: "the service, or the chain's node, is not reachable or too busy: try again",
  5: "not confirmed; nothing was sent",
  6: "nothing can be done yet: come back at the time printed",
};

const BY_CODE: Partial<Readonly<Record<ErrorCode, ExitCode>>> = {
  wrong_usage: EXIT.usage,
  invalid_decimal: EXIT.usage,
  missing_secret: EXIT.usage,
  unreachable: EXIT.unreachable,
  chain_unreachable: EXIT.unreachable,
  signer_unavailable: EXIT.unreachable,
  declined: EXIT.declined,
  not_yet: EXIT.notYet,
  closing_pending: EXIT.notYet,
};

/** How a command ends that was stopped by `error`. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof Refusal) return error.retryable ? EXIT.unreachable : EXIT.refused;
  if (error instanceof StarledgerError) return BY_CODE[error.code] ?? EXIT.failed;
  return EXIT.failed;
}
