import { z } from "zod";

import { ERRORS, fail, StarledgerError, type ErrorCode } from "../errors";
import {
  channel,
  problem,
  revelation,
  revelationReceipt,
  stateReceipt,
  stateSubmission,
  withdrawalReceipt,
  withdrawalRequest,
} from "../wire";
import type { ServiceApi } from "./api";

/** How a service is reached over HTTP. */
export interface HttpApiOptions {
  /** Milliseconds until a call counts as unanswered; 30,000 by default. */
  readonly timeout?: number;
}

/**
 * A service as wallets reach it over HTTP. What comes back is read, not believed: the wallet checks it. Whatever is not
 * an answer of the service is `unreachable`, so that a signed state whose fate is unknown is sent again, never dropped.
 * @param url without the path of a call: `https://host:port`
 */
export function httpApi(url: string, { timeout = 30_000 }: HttpApiOptions = {}): ServiceApi {
  const call = async <T extends z.ZodType>(path: string, answer: T, body?: { key: string; content: unknown }) => {
    const response = await answered(async () => {
      const got = await fetch(new URL(path, url), {
        signal: AbortSignal.timeout(timeout),
        ...(body && {
          method: "POST",
          headers: { "content-type": "application/json", "idempotency-key": body.key },
          body: JSON.stringify(body.content),
        }),
      });
      return { ok: got.ok, content: await got.json() };
    });
    if (!response.ok) throw await answered(() => refusal(response.content));
    return await answered(() => answer.parse(response.content));
  };

  return {
    submitState: async (request) => {
      const path = `/v1/channels/${request.proposal.channelId}/states`;
      const content = z.encode(stateSubmission, request);
      return (await call(path, stateReceipt, { key: request.signature, content })).systemSignature;
    },
    withdraw: async (request) => {
      const content = z.encode(withdrawalRequest, { custody: "self", ...request });
      return (await call("/v1/withdrawals", withdrawalReceipt, { key: request.signature, content })).systemSignature;
    },
    latestNote: async (id) => (await call(`/v1/channels/${id}`, channel)).note ?? undefined,
    reveal: async (preimage) => {
      await call("/v1/preimages", revelationReceipt, { key: preimage, content: z.encode(revelation, { preimage }) });
    },
    lockOutcomes: async (id) => (await call(`/v1/channels/${id}`, channel)).outcomes,
  };
}

/** @throws unreachable */
async function answered<T>(act: () => T | Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    return fail("unreachable", { reason: error instanceof Error ? error.message : error });
  }
}

function refusal(content: unknown): StarledgerError {
  const { code, details } = problem.parse(content);
  // A code of a newer service: what it means for the request is not known.
  if (!(code in ERRORS)) throw new Error(`unknown code ${code}`);
  return new StarledgerError(code as ErrorCode, details);
}
