import { setTimeout as delay } from "node:timers/promises";

import { caller, idempotencyKey, type Answer, type CallOptions, type Method } from "./http";

/** Milliseconds between two attempts. */
const PAUSE = 20;

/** Asks again what may be asked again, as a customer would: what was refused for now, and what nobody answered. */
export async function insist(call: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    const answer = await call().catch(ifBroken);
    if (answer !== undefined && !isRetryable(answer)) return answer;
    // Where the test is over, it keeps no process alive.
    await delay(PAUSE, undefined, { ref: false });
  }
}

/** Calls through real HTTP that insist: every attempt has the same key. */
export function insistentCaller(url: string, method: Method) {
  const call = caller(url, method);
  return (path: string, options: CallOptions = {}): Promise<Answer> => {
    const key = options.key ?? idempotencyKey();
    return insist(() => call(path, { ...options, key }));
  };
}

function isRetryable({ status, body }: Answer): boolean {
  return status === 503 && (body as { readonly retryable: boolean }).retryable;
}

/** What `fetch` says of a connection that could not be made or was cut. */
function ifBroken(error: unknown): undefined {
  if (!(error instanceof TypeError)) throw error;
}
