import * as z from "zod";

import { StarledgerError } from "../errors";
import type { Address } from "../protocol";
import * as wire from "../wire";
import { httpCalls, Refusal, type Call, type HttpCalls } from "./httpCalls";

/** Milliseconds between a try and the next; the last one counts for all further. */
const PAUSES = [200, 500, 1_000, 2_000] as const;

/** How a service is called. */
export interface OperatorOptions {
  /** Milliseconds until a call counts as unanswered; 30,000 by default. */
  readonly timeout?: number;
  /** How often a call is made before it fails for want of an answer; 5 times by default. */
  readonly tries?: number;
}

/** How a call that changes something is made. */
export interface Keyed {
  /** The idempotency key: given again with the same request, it changes nothing more. A new random one by default. */
  readonly idempotencyKey?: string;
}

/** Calls with the operator's key, repeated a few times under the same idempotency key until there is an answer. */
export interface OperatorCalls {
  readonly repeated: HttpCalls;
  readonly get: <T extends z.ZodType>(path: string, answer: T) => Promise<z.output<T>>;
  readonly post: <In extends z.ZodType, Out extends z.ZodType>(
    path: string,
    schemas: readonly [In, Out],
    value: z.output<In>,
    options?: Keyed,
  ) => Promise<z.output<Out>>;
  /** What is on the pages of a list, as it is asked for. */
  readonly pages: <T extends z.ZodType>(path: string, item: T, system?: Address) => AsyncGenerator<z.output<T>, void>;
}

/** @param url without the path of a call: `https://host:port` */
export function operatorCalls(
  url: string,
  key: string | undefined,
  { timeout = 30_000, tries = PAUSES.length + 1 }: OperatorOptions = {},
): OperatorCalls {
  const calls = httpCalls(url, timeout);
  const bearer = key === undefined ? {} : { token: key };

  const repeated = async <T extends z.ZodType>(call: Call<T>): Promise<z.output<T>> => {
    for (let tried = 1; ; tried++) {
      try {
        return await calls({ ...call, ...bearer });
      } catch (error) {
        if (!(error instanceof StarledgerError) || !error.retryable) throw error;
        if (tried >= tries) throw withKey(error, call.idempotencyKey);
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSES[tried - 1] ?? PAUSES[3]));
    }
  };

  const get: OperatorCalls["get"] = (path, answer) => repeated({ path, answer });

  const post: OperatorCalls["post"] = (path, [request, answer], value, { idempotencyKey = crypto.randomUUID() } = {}) =>
    repeated({ path, answer, body: z.encode(request, value), idempotencyKey });

  const pages: OperatorCalls["pages"] = async function* (path, item, system) {
    let cursor: string | undefined;
    do {
      const query = new URLSearchParams({ ...(system && { system }), ...(cursor !== undefined && { cursor }) });
      const page = await get(`${path}?${query.toString()}`, wire.page(item));
      yield* page.data;
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
  };

  return { repeated, get, post, pages };
}

function withKey(error: StarledgerError, idempotencyKey: string | undefined): StarledgerError {
  if (idempotencyKey === undefined) return error;
  const details = { ...error.details, idempotencyKey };
  return error instanceof Refusal ? new Refusal(error.code, details) : new StarledgerError(error.code, details);
}
