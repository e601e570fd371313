import type { z } from "zod";

import type { Webhook } from "../../../store";
import * as wire from "../../../wire";
import type { Api } from "../api";
import { requireAccess, type Caller } from "../auth";
import { LOOKED_FOR } from "../concern";
import { keyed, markReplayed } from "../idempotency";
import { readPage, within } from "../pages";

/** Endpoints that are told what happens in a system (docs/WEBHOOKS.md). */
export function webhookRoutes(api: Api): void {
  const { app, records, services, webhooks } = api;

  app.get(
    "/v1/webhooks",
    {
      config: { access: "webhooks:read", concerns: LOOKED_FOR },
      schema: {
        summary: "The webhooks of a system that the caller may see, oldest first",
        querystring: wire.webhookQuery,
        response: { 200: wire.page(wire.webhook) },
      },
    },
    async ({ caller, query }) => {
      const system = await records.systemOf(query);
      const seen = (await webhooks.of(system)).filter((webhook) => mayReach(caller!, "webhooks:read", webhook));
      const page = await readPage(query, keyOf, within(seen, keyOf));
      return { ...page, data: page.data.map(viewOf) };
    },
  );

  app.post(
    "/v1/webhooks",
    {
      config: { access: "webhooks:write", concerns: LOOKED_FOR },
      schema: {
        summary: "Make a webhook",
        description:
          "Its secret is shown this once. Whoever makes one must be allowed to read the events that it tells.",
        headers: keyed,
        body: wire.webhookOrder,
        response: { 201: wire.newWebhook },
      },
    },
    async ({ caller, body, headers }, reply) => {
      const { after = null, ...order } = body;
      requireReader(caller, order);
      const system = await records.systemOf({ system: order.system, account: order.account ?? undefined });
      services.ofSystem(system);
      const asked = { ...order, system, after };
      const { webhook, secret, replayed } = await webhooks.create(asked, caller!.id, headers["idempotency-key"]);
      if (replayed) markReplayed(reply);
      void reply.code(201);
      return { ...viewOf(webhook), secret };
    },
  );

  app.get(
    "/v1/webhooks/:id",
    {
      config: { access: "webhooks:read", concerns: LOOKED_FOR },
      schema: { summary: "A webhook", params: wire.webhookPath, response: { 200: wire.webhook } },
    },
    async ({ caller, params: { id } }) => {
      const webhook = await webhooks.get(id);
      requireReach(caller, "webhooks:read", webhook);
      return viewOf(webhook);
    },
  );

  app.patch(
    "/v1/webhooks/:id",
    {
      config: { access: "webhooks:write", concerns: LOOKED_FOR },
      schema: {
        summary: "Change a webhook, disable or enable it, or have it told again",
        description: "What is not named stays. A webhook that was given up goes on where it stood when it is enabled.",
        params: wire.webhookPath,
        body: wire.webhookChange,
        response: { 200: wire.webhook },
      },
    },
    async ({ caller, params: { id }, body }) => {
      const { account } = await webhookToChange(api, caller, id);
      requireReader(caller, { account: body.account === undefined ? account : body.account });
      return viewOf(await webhooks.change(id, body));
    },
  );

  app.delete(
    "/v1/webhooks/:id",
    {
      config: { access: "webhooks:write", concerns: LOOKED_FOR },
      schema: {
        summary: "Delete a webhook, and what is kept of it",
        params: wire.webhookPath,
        response: { 200: wire.status },
      },
    },
    async ({ caller, params: { id } }) => {
      await webhookToChange(api, caller, id);
      await webhooks.remove(id);
      return { status: "ok" as const };
    },
  );

  app.post(
    "/v1/webhooks/:id/secret",
    {
      config: { access: "webhooks:write", concerns: LOOKED_FOR },
      schema: {
        summary: "Make a new secret",
        description: "The one before signs beside it for a day, so that receivers can change over.",
        headers: keyed,
        params: wire.webhookPath,
        response: { 201: wire.newWebhookSecret },
      },
    },
    async ({ caller, params: { id }, headers }, reply) => {
      await webhookToChange(api, caller, id);
      const { webhook, secret, replayed } = await webhooks.rotate(id, `${caller!.id}:${headers["idempotency-key"]}`);
      if (replayed) markReplayed(reply);
      void reply.code(201);
      return { secret, formerSecretUntil: webhook.formerUntil };
    },
  );
}

/**
 * A webhook that the caller may change, of a system that is led here.
 * @throws unknown_webhook, unauthorized, forbidden, not_leader
 */
export async function webhookToChange(
  { webhooks, services }: Api,
  caller: Caller | null,
  id: string,
): Promise<Webhook> {
  const webhook = await webhooks.get(id);
  requireReach(caller, "webhooks:write", webhook);
  services.ofSystem(webhook.system);
  return webhook;
}

/**
 * Whoever is confined has to do with those webhooks alone that tell no more than it may know.
 * @throws unauthorized, forbidden
 */
export function requireReach(caller: Caller | null, scope: wire.Scope, { account }: Pick<Webhook, "account">): void {
  requireAccess(caller, scope, account === null ? {} : { accounts: [account] });
}

/** A webhook tells what `GET /v1/events` answers: nobody learns by it what it could not ask for. */
function requireReader(caller: Caller | null, webhook: Pick<Webhook, "account">): void {
  requireReach(caller, "events:read", webhook);
}

function mayReach(caller: Caller, scope: wire.Scope, webhook: Webhook): boolean {
  try {
    requireReach(caller, scope, webhook);
    return true;
  } catch {
    return false;
  }
}

function keyOf({ id }: Webhook): string {
  return id.slice("wh_".length);
}

function viewOf(webhook: Webhook): z.output<typeof wire.webhook> {
  const { id, system, owner, url, description, types, account, status, created, progress, formerUntil } = webhook;
  const { position, failures, failingSince, nextAttempt } = progress;
  return {
    ...{ id, system, owner, url, description, types, account, status, position, failures },
    failingSince: failingSince || null,
    nextAttempt: nextAttempt || null,
    formerSecretUntil: formerUntil > Date.now() ? formerUntil : null,
    created,
  };
}
