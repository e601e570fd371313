import type { z } from "zod";

import { hashOfPreimage, type ChannelId } from "../../../protocol";
import type { ClientMessage, streamResults } from "../../../wire";
import type { AccountService } from "../../accountService";
import type { Services } from "../../services";
import { requireAccess, type Caller } from "../auth";
import { ofChannel } from "../concern";
import { submitAs } from "../idempotency";
import { channelView } from "../routes/channels";
import { withdrawalReceipt } from "../routes/withdrawals";

type Results = { readonly [Type in keyof typeof streamResults]: z.output<(typeof streamResults)[Type]> };

/** A message that asks what HTTP calls ask too. */
export type Call = Extract<ClientMessage, { type: "channel" | "submitState" | "withdraw" | "reveal" }>;

/** What a call came to. */
export interface Answered {
  readonly replayed: boolean;
  readonly result: Results[Call["type"] | "subscribe"];
}

/**
 * Carries out a call as its HTTP route does: under the same key it is the same request, whichever way it came.
 * @throws what the route throws
 */
export async function answerCall(services: Services, caller: Caller | null, call: Call): Promise<Answered> {
  switch (call.type) {
    case "channel": {
      const { channelId } = call;
      const service = readable(services, caller, channelId);
      return answered(await channelView(service, channelId));
    }
    case "submitState": {
      const { channelId } = call.body.proposal;
      const request = { type: "submitState", ...call.body } as const;
      const service = services.ofChannel(channelId);
      const { commit, state, replayed } = await submitAs(service, request, caller, channelId, call.idempotencyKey);
      return answered({ commit, systemSignature: state! }, replayed);
    }
    case "withdraw": {
      const { channelId } = call.body.withdrawal;
      const service = services.ofChannel(channelId);
      const request = { type: "withdraw", ...call.body } as const;
      const reply = await submitAs(service, request, caller, channelId, call.idempotencyKey);
      return answered(await withdrawalReceipt(service, reply), reply.replayed);
    }
    case "reveal": {
      const { preimage } = call.body;
      const service = services.ofHash(hashOfPreimage(preimage));
      const request = { type: "reveal", preimage } as const;
      const { commit, replayed } = await submitAs(service, request, caller, preimage, call.idempotencyKey);
      return answered({ commit }, replayed);
    }
  }
}

function answered(result: Answered["result"], replayed = false): Answered {
  return { replayed, result };
}

/**
 * The service of a channel that the caller may read.
 * @throws unauthorized, forbidden, unknown_channel
 */
export function readable(services: Services, caller: Caller | null, id: ChannelId): AccountService {
  requireAccess(caller, "channels:read", ofChannel(services, id));
  return services.ofChannel(id);
}
