import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";

import { bundledProgram } from "../../scripts/bundled/program";

/**
 * Starts a program of the tests as a process of its own that talks by messages.
 * @param source from the folder of the tests, without its ending
 */
export function startProgram(source: string, ...args: readonly string[]): ChildProcess {
  return fork(bundledProgram(`test/${source}.ts`), args);
}

/** What the program says next; it rejects if it ends before. */
export async function messageOf(child: ChildProcess): Promise<unknown> {
  const done = new AbortController();
  const { signal } = done;
  const ended = once(child, "exit", { signal }).then(([code]) => {
    throw new Error(`the program ended with ${code as number}`);
  });
  try {
    return await Promise.race([once(child, "message", { signal }).then(([message]) => message as unknown), ended]);
  } finally {
    ended.catch(() => undefined);
    done.abort();
  }
}
