import { CommanderError, type Command } from "commander";

import { StarledgerError } from "../errors";
import { sessionOf } from "./define";
import { EXIT, exitCodeOf } from "./exitCodes";
import { buildProgram } from "./program";
import type { GlobalOptions } from "./session";
import { toJsonLine } from "./shown";

/**
 * Runs one command; the process's exit code says how it ended.
 * @param words without the program's name
 */
export async function run(words: readonly string[]): Promise<void> {
  const program = buildProgram();
  try {
    await program.parseAsync([...words], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return;
    report(program, words, toTyped(error));
  }
}

/** How commander says that a command is not used as documented. */
function toTyped(error: unknown): unknown {
  if (!(error instanceof CommanderError)) return error;
  // Without a command its help was shown instead.
  const reason = error.code === "commander.help" ? "a command is missing" : error.message.replace(/^error: /, "");
  return new StarledgerError("wrong_usage", { reason });
}

function report(program: Command, words: readonly string[], error: unknown): void {
  const { json, verbose } = program.opts<GlobalOptions>();
  const { code, message, hint, details } =
    error instanceof StarledgerError
      ? error
      : {
          code: "unexpected",
          message: String(error),
          hint: "With --verbose it says where; please report it.",
          details: {},
        };
  // A command line that cannot be read has no options.
  if (json === true || words.includes("--json")) {
    process.stdout.write(`${toJsonLine({ ...sessionOf(program)?.done, error: code, message, hint, details })}\n`);
  }
  process.stderr.write(`${code}: ${message}\n${hint}\n`);
  if ((verbose === true || words.includes("--verbose")) && error instanceof Error)
    process.stderr.write(`${error.stack ?? ""}\n`);
  process.exitCode = error instanceof StarledgerError ? exitCodeOf(error) : EXIT.failed;
}
