import { existsSync, readFileSync } from "node:fs";

import { fail } from "../errors";

/** Where a secret may come from; never from the command line, where every process of the machine can read it. */
export interface Sources {
  /** What the secret is, as the prompt says it. */
  readonly what: string;
  readonly file: string | undefined;
  /** The option that names the file. */
  readonly option: string;
  readonly variable: string;
}

/**
 * A secret from its file, the environment, or whoever is asked.
 * @throws missing_secret, invalid_input if there is no such file
 */
export async function readSecret(sources: Sources): Promise<string> {
  return secretAtHand(sources) ?? (await ask(sources));
}

/**
 * The same without asking anybody.
 * @throws invalid_input if there is no such file
 */
export function secretAtHand({ file, variable }: Sources): string | undefined {
  if (file !== undefined) {
    if (!existsSync(file)) fail("invalid_input", { file, reason: "no such file" });
    return readFileSync(file, "utf8").trim();
  }
  const value = process.env[variable];
  return value === "" ? undefined : value;
}

async function ask({ what, option, variable }: Sources): Promise<string> {
  if (!process.stdin.isTTY) return fail("missing_secret", { secret: what, sources: `${option}, ${variable}` });
  const { read } = await import("read");
  const answer = await read({ prompt: `${what}: `, silent: true, output: process.stderr }).catch(() => "");
  return answer === "" ? fail("missing_secret", { secret: what, sources: `${option}, ${variable}` }) : answer;
}
