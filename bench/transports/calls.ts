import { z } from "zod";

import type { Address } from "../../src/protocol";
import type { Request } from "../../src/service";
import { revelation, stateSubmission } from "../../src/wire";

/** What a load generator sends: over HTTP a body to a path, over the stream a message. */
export interface Call {
  /** Calls of one lane are sent in their order: states of one channel follow each other. */
  readonly lane: string;
  readonly path: string;
  /** Of the stream's message; null where the stream has none. */
  readonly type: "submitState" | "reveal" | null;
  readonly key: string;
  readonly body: unknown;
}

let keys = 0;

/** A request as those who are not in the service's process make it. */
export function callOf(request: Request): Call {
  const key = `bench-${(keys += 1)}`;
  switch (request.type) {
    case "submitState": {
      const { proposal, operations, signature } = request;
      const { channelId } = proposal;
      const body = z.encode(stateSubmission, { proposal, operations: [...operations], signature });
      return { lane: channelId, path: `/v1/channels/${channelId}/states`, type: "submitState", key, body };
    }
    case "reveal": {
      const body = z.encode(revelation, { preimage: request.preimage });
      return { lane: request.preimage, path: "/v1/preimages", type: "reveal", key, body };
    }
    case "pay": {
      const { from, token, amount } = request;
      const body = { from, to: request.to as Address, token, amount: amount.toString() };
      return { lane: key, path: "/v1/transfers", type: null, key, body };
    }
    case "issue": {
      const { account, token, amount } = request;
      return { lane: key, path: "/v1/issuances", type: null, key, body: { account, token, amount: amount.toString() } };
    }
    default:
      throw new Error(`No scenario sends ${request.type}`);
  }
}
