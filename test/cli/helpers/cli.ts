import { spawn } from "node:child_process";

/** What a run of the command line came to. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a test's runs have in common. */
export type Environment = Readonly<Record<string, string>>;

/** Runs `starledger` from source as a process of its own, without a terminal, and with no settings but those given. */
export function starledger(words: readonly string[], environment: Environment = {}): Promise<Outcome> {
  const { PATH } = process.env;
  const child = spawn(process.execPath, ["--import", "tsx", "src/cli/main.ts", ...words], {
    env: { PATH, XDG_CONFIG_HOME: "/nonexistent", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (text: Buffer) => (output.stdout += text.toString()));
  child.stderr.on("data", (text: Buffer) => (output.stderr += text.toString()));
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, ...output })));
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
