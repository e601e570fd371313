import { fail } from "../../errors";

/** A way to a chain's node (EIP-1193): a browser wallet's provider, or {@link httpProvider}. */
export interface Eip1193Provider {
  /** Resolves with the method's result; rejects with an error that has a `code`. */
  request(call: { readonly method: string; readonly params?: readonly unknown[] }): Promise<unknown>;
}

/** A node's refusal of a call (EIP-1474). */
export class RpcError extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly data: unknown,
  ) {
    super(message);
  }
}

interface Answer {
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

/**
 * A node as it is reached over HTTP, by JSON-RPC. What it answers with an error is thrown as {@link RpcError}.
 * @param timeout milliseconds until a call counts as unanswered
 */
export function httpProvider(url: string, timeout = 20_000): Eip1193Provider {
  let id = 0;
  return {
    request: async ({ method, params = [] }) => {
      const body = JSON.stringify({ jsonrpc: "2.0", id: (id += 1), method, params });
      const { result, error } = await answerTo(url, body, timeout);
      if (error !== undefined) throw new RpcError(error.code, error.message, error.data);
      return result;
    },
  };
}

/** @throws chain_unreachable */
async function answerTo(url: string, body: string, timeout: number): Promise<Answer> {
  try {
    const headers = { "content-type": "application/json" };
    const response = await fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(timeout) });
    return (await response.json()) as Answer;
  } catch (error) {
    return fail("chain_unreachable", { reason: error instanceof Error ? error.message : error });
  }
}
