import { run } from "../../src/cli/run";

/** What a run of the command line came to. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

let turn: Promise<unknown> = Promise.resolve();

/** Runs `starledger` in this process, without a terminal, and with no settings but those given; one run after the other. */
export function commandLine(words: readonly string[], environment: Readonly<Record<string, string>>): Promise<Outcome> {
  const outcome = turn.then(() => runNow(words, environment));
  turn = outcome.catch(() => undefined);
  return outcome;
}

async function runNow(words: readonly string[], environment: Readonly<Record<string, string>>): Promise<Outcome> {
  const { env, exitCode, stdin } = process;
  const isTTY = stdin.isTTY;
  const [stdout, stderr] = [capture(process.stdout), capture(process.stderr)];
  const { PATH } = env;
  process.env = { ...(PATH !== undefined && { PATH }), NO_COLOR: "1", ...environment };
  Object.assign(process, { exitCode: undefined });
  stdin.isTTY = false;
  try {
    await run(words);
    return { code: Number(process.exitCode ?? 0), stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    for (const stream of [stdout, stderr]) stream.release();
    Object.assign(process, { env, exitCode });
    stdin.isTTY = isTTY;
  }
}

function capture(stream: NodeJS.WriteStream) {
  const write = stream.write.bind(stream);
  const parts: string[] = [];
  stream.write = (part: string | Uint8Array) => {
    parts.push(typeof part === "string" ? part : Buffer.from(part).toString());
    return true;
  };
  return { text: () => parts.join(""), release: () => void (stream.write = write) };
}
