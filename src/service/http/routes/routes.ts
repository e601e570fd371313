import { z } from "zod";

import { fail } from "../../../errors";
import type { ChannelId } from "../../../protocol";
import * as wire from "../../../wire";
import type { Services } from "../../services";
import type { Api } from "../api";
import { concerning } from "../auth";
import { ofChannel } from "../concern";
import { keyed } from "../idempotency";

const params = z.strictObject({ id: wire.channelId });

/** How those who keep their own keys pay accounts of other systems. */
export function routeRoutes({ app, services, routes }: Api): void {
  app.post(
    "/v1/channels/:id/routes",
    {
      config: {
        access: "channels:read",
        concerns: concerning("params", params, ({ id }) => ofChannel(services, id)),
      },
      schema: {
        summary: "Ask how an account of another system is paid from a channel",
        description:
          "The system signs an invoice of its router, by which the payer locks the amount. Nothing is kept: the payer names its lock when it is complete.",
        params,
        headers: keyed,
        body: wire.routeOrder,
        response: { 201: wire.route },
      },
    },
    async ({ params: { id }, body }, reply) => {
      const found = await routes.find(...at(services, id), body);
      void reply.code(201);
      return found;
    },
  );

  app.post(
    "/v1/channels/:id/forwards",
    {
      config: { access: "anyone" },
      schema: {
        summary: "Have the lock of a route sent on",
        description: "Once more changes nothing. Without it the lock ends unpaid, and its money comes back.",
        params,
        headers: keyed,
        body: wire.sentRoute,
        response: { 201: wire.sent },
      },
    },
    async ({ params: { id }, body: { order, route } }, reply) => {
      await routes.send(...at(services, id), order, route);
      void reply.code(201);
      return { sent: true as const };
    },
  );
}

function at(services: Services, id: ChannelId) {
  const service = services.ofChannel(id);
  return [service, service.channel(id) ?? fail("unknown_channel", { channel: id })] as const;
}
