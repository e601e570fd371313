import { commandLine, type Outcome } from "../../helpers/commandLine";

export type { Outcome };

/** What a test's runs have in common. */
export type Environment = Readonly<Record<string, string>>;

/** Runs `starledger` with no settings but those given. */
export function starledger(words: readonly string[], environment: Environment = {}): Promise<Outcome> {
  return commandLine(words, { XDG_CONFIG_HOME: "/nonexistent", ...environment });
}

/** A run that did what it was asked, with nothing to say but its result. */
export function done(stdout: string): Outcome {
  return { code: 0, stdout, stderr: "" };
}

/** The same with `--json`. */
export function doneJson(data: unknown): Outcome {
  return done(`${JSON.stringify(data)}\n`);
}

/** A run that was stopped by an error. */
export function stopped(code: number, error: { code: string; message: string; hint: string }): Outcome {
  return { code, stdout: "", stderr: `${error.code}: ${error.message}\n${error.hint}\n` };
}
