import { z } from "zod";

import { fail } from "../../../errors";
import * as wire from "../../../wire";
import type { Api } from "../api";
import { concerning } from "../auth";
import { ofChannel } from "../concern";
import { carryOut, keyed } from "../idempotency";

const params = z.strictObject({ id: wire.channelId });

/** How a wallet and the service begin anew after a loss of data of either (S7). */
export function resynchronisationRoutes({ app, services }: Api): void {
  app.post(
    "/v1/channels/:id/outsets",
    {
      config: {
        access: "channels:read",
        concerns: concerning("params", params, ({ id }) => ofChannel(services, id)),
      },
      schema: {
        summary: "Ask what follows from what both sides have of a channel after a loss of data",
        description:
          "Nothing changes. Refused until nothing that was signed before the loss can be sent any more, and every lock has ended on the final chain.",
        params,
        headers: keyed,
        body: wire.shownPosition,
        response: { 201: wire.outset },
      },
    },
    async ({ params: { id }, body }, reply) => {
      void reply.code(201);
      return await services.ofChannel(id).outset(id, body);
    },
  );

  app.post(
    "/v1/channels/:id/resynchronisations",
    {
      config: { access: "anyone" },
      schema: {
        summary: "Complete the state that both sides begin anew with after a loss of data",
        description:
          "Its version, and the seq of the note that it folds, are 2^32 above the best that both have, or 2^30 times the time of the outset, whichever is more. It holds no locks.",
        params,
        headers: keyed,
        body: wire.resynchronisationRequest,
        response: { 201: wire.resynchronised },
      },
    },
    async (call, reply) => {
      const { body, params: named } = call;
      const { id } = named;
      const got = body.proposal.channelId;
      if (got !== id) fail("invalid_request", { field: "body/proposal/channelId", got, want: id });
      const request = { type: "resynchronise", ...body } as const;
      const { commit, state } = await carryOut(services.ofChannel(id), request, call, reply, id);
      void reply.code(201);
      return { commit, systemSignature: state! };
    },
  );
}
