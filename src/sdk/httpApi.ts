import { z } from "zod";

import {
  channel,
  revelation,
  revelationReceipt,
  stateReceipt,
  stateSubmission,
  withdrawalReceipt,
  withdrawalRequest,
} from "../wire";
import type { ServiceApi } from "./api";
import { httpCalls } from "./httpCalls";
import { signedIn, type SignInOptions } from "./signedIn";

/** How a service is reached over HTTP, and as whom: what is a user's own, only that user may read. */
export interface HttpApiOptions extends SignInOptions {
  /** Milliseconds until a call counts as unanswered; 30,000 by default. */
  readonly timeout?: number;
}

/**
 * A service as wallets reach it over HTTP. What comes back is read, not believed: the wallet checks it. Whatever is not
 * an answer of the service is `unreachable`, so that a signed state whose fate is unknown is sent again, never dropped.
 * @param url without the path of a call: `https://host:port`
 */
export function httpApi(url: string, { timeout = 30_000, ...user }: HttpApiOptions): ServiceApi {
  const calls = httpCalls(url, timeout);
  const own = signedIn(calls, url, user);

  return {
    submitState: async (request) => {
      const { signature: idempotencyKey, proposal } = request;
      const path = `/v1/channels/${proposal.channelId}/states`;
      const body = z.encode(stateSubmission, request);
      return (await calls({ path, answer: stateReceipt, idempotencyKey, body })).systemSignature;
    },
    withdraw: async (request) => {
      const { signature: idempotencyKey } = request;
      const body = z.encode(withdrawalRequest, { custody: "self", ...request });
      const path = "/v1/withdrawals";
      return (await calls({ path, answer: withdrawalReceipt, idempotencyKey, body })).systemSignature;
    },
    latestNote: async (id) => (await own({ path: `/v1/channels/${id}`, answer: channel })).note ?? undefined,
    reveal: async (preimage) => {
      const body = z.encode(revelation, { preimage });
      await calls({ path: "/v1/preimages", answer: revelationReceipt, idempotencyKey: preimage, body });
    },
    lockOutcomes: async (id) => (await own({ path: `/v1/channels/${id}`, answer: channel })).outcomes,
  };
}
