import type * as z from "zod";

import { ERRORS, fail, StarledgerError, type ErrorCode } from "../errors";
import { problem } from "../wire";

/** The service's own answer: it did not do what it was asked. */
export class Refusal extends StarledgerError {}

/** A call of the service over HTTP. */
export interface Call<T extends z.ZodType = z.ZodType> {
  readonly path: string;
  /** What its answer is held to. */
  readonly answer: T;
  /** JSON. */
  readonly body?: unknown;
  /** A POST with a body, else a GET, unless it says otherwise. */
  readonly method?: "PUT" | "PATCH" | "DELETE";
  /** Whether the answer is text, as of a table or of metrics. */
  readonly isText?: boolean;
  readonly idempotencyKey?: string;
  /** What the call carries as bearer token. */
  readonly token?: string;
}

/**
 * Makes a call; resolves with its answer.
 * @throws unreachable, and, as a {@link Refusal}, what the service refuses it with
 */
export type HttpCalls = <T extends z.ZodType>(call: Call<T>) => Promise<z.output<T>>;

/**
 * Calls of the service at `url`. Whatever is not an answer of the service is `unreachable`.
 * @param timeout milliseconds until a call counts as unanswered
 */
export function httpCalls(url: string, timeout: number): HttpCalls {
  return async ({ path, answer, body, method, isText = false, idempotencyKey, token }) => {
    const response = await answered(async () => {
      const got = await fetch(new URL(path, url), {
        signal: AbortSignal.timeout(timeout),
        headers: {
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(idempotencyKey !== undefined && { "idempotency-key": idempotencyKey }),
          ...(body !== undefined && { "content-type": "application/json" }),
        },
        method: method ?? (body === undefined ? "GET" : "POST"),
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return { ok: got.ok, content: got.ok && isText ? await got.text() : ((await got.json()) as unknown) };
    });
    if (!response.ok) throw await answered(() => refusal(response.content));
    return await answered(() => answer.parse(response.content));
  };
}

/** @throws unreachable */
async function answered<T>(act: () => T | Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    return fail("unreachable", { reason: reasonOf(error) });
  }
}

/** What `fetch` says is only that it failed; its cause says why. */
function reasonOf(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  return error.cause instanceof Error && error.cause.message !== "" ? error.cause.message : error.message;
}

function refusal(content: unknown): Refusal {
  const { code, details } = problem.parse(content);
  // A code of a newer service: what it means for the request is not known.
  if (!(code in ERRORS)) throw new Error(`unknown code ${code}`);
  return new Refusal(code as ErrorCode, details);
}
