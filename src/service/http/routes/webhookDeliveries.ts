import type { FastifyReply } from "fastify";
import type { z } from "zod";

import type { Delivery } from "../../../store";
import * as wire from "../../../wire";
import { isTaken } from "../../webhooks/deliverer";
import type { Asked } from "../../webhooks/terms";
import type { Api } from "../api";
import { LOOKED_FOR } from "../concern";
import { keyed, markReplayed } from "../idempotency";
import { readPage } from "../pages";
import { requireReach, webhookToChange } from "./webhooks";

/** What came of telling webhooks, and telling them once more. */
export function webhookDeliveryRoutes(api: Api): void {
  const { app, webhooks } = api;

  app.get(
    "/v1/webhooks/:id/deliveries",
    {
      config: { access: "webhooks:read", concerns: LOOKED_FOR },
      schema: {
        summary: "The latest attempts to deliver to a webhook, newest first",
        description: "The newest thousand are kept.",
        params: wire.webhookPath,
        querystring: wire.deliveryQuery,
        response: { 200: wire.page(wire.delivery) },
      },
    },
    async ({ caller, params: { id }, query }) => {
      requireReach(caller, "webhooks:read", await webhooks.get(id));
      const page = await readPage(
        query,
        (delivery: Delivery) => delivery.id,
        ({ key, direction, limit }) => {
          const edge = key === null ? {} : direction === "on" ? { before: key } : { after: key };
          return webhooks.deliveries(id, { ...edge, limit });
        },
      );
      return { ...page, data: page.data.map(viewOf) };
    },
  );

  app.post(
    "/v1/webhooks/:id/deliveries",
    {
      config: { access: "webhooks:write", concerns: LOOKED_FOR },
      schema: {
        summary: "Deliver one event once more, at once",
        headers: keyed,
        params: wire.webhookPath,
        body: wire.redelivery,
        response: { 201: wire.delivery },
      },
    },
    async ({ caller, params: { id }, body: { event }, headers }, reply) => {
      await webhookToChange(api, caller, id);
      const request = `${caller!.id}:${headers["idempotency-key"]}`;
      return answered(await webhooks.redeliver(id, event, request), reply);
    },
  );

  app.post(
    "/v1/webhooks/:id/pings",
    {
      config: { access: "webhooks:write", concerns: LOOKED_FOR },
      schema: {
        summary: "Send a test",
        description: "It is signed like any delivery, and tells of nothing.",
        headers: keyed,
        params: wire.webhookPath,
        response: { 201: wire.delivery },
      },
    },
    async ({ caller, params: { id }, headers }, reply) => {
      await webhookToChange(api, caller, id);
      return answered(await webhooks.ping(id, `${caller!.id}:${headers["idempotency-key"]}`), reply);
    },
  );
}

function answered({ delivery, replayed }: Asked, reply: FastifyReply): z.output<typeof wire.delivery> {
  if (replayed) markReplayed(reply);
  void reply.code(201);
  return viewOf(delivery);
}

function viewOf(delivery: Delivery): z.output<typeof wire.delivery> {
  const { id, event, time, status, response, duration } = delivery;
  const taken = isTaken(delivery);
  return { id, event: event === 0n ? null : event, time, taken, status, response, milliseconds: duration };
}
