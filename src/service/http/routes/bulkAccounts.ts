import type { z } from "zod";

import type { Address } from "../../../protocol";
import * as wire from "../../../wire";
import { placementOf } from "../../placement";
import type { Api } from "../api";
import { concerning } from "../auth";
import { carryOut, keyed, keyOf } from "../idempotency";

/** Addresses and tokens of thousands take more room than other calls. */
const BULK_BODY = 2 ** 21;

type Item = z.output<typeof wire.bulkOpening>["items"][number];

/** Many accounts at once. */
export function bulkAccountRoutes(api: Api): void {
  const { app, services, store } = api;

  app.post(
    "/v1/accounts/batch",
    {
      config: {
        access: "accounts:write",
        concerns: concerning("body", wire.bulkOpening, ({ items }) => ({ tokens: tokensOf(items) })),
      },
      bodyLimit: BULK_BODY,
      schema: {
        summary: "Open many accounts of one system, each as if it were alone",
        description: `Up to ${wire.OPENINGS} in one commit; what is refused of them fails none of the others.`,
        headers: keyed,
        body: wire.bulkOpening,
        response: { 201: wire.bulkOpened },
      },
    },
    async (call, reply) => {
      const { system, items } = call.body;
      const tokens = tokensOf(items);
      const service = await placementOf(services, store, { address: null, tokens, system, request: keyOf(call) });
      await requireNotElsewhere(api, service.identity.system, call.body, keyOf(call));
      const openings = items.map((item) => ({
        address: item.custody === "self" ? item.address : null,
        tokens: item.tokens,
      }));
      const { commit, opened } = await carryOut(service, { type: "openMany", openings }, call, reply);
      void reply.code(201);
      return {
        commit,
        system: service.identity.system,
        items: opened!.map((one) => ({ address: null, refused: null, details: {}, ...one })),
      };
    },
  );
}

function tokensOf(items: readonly Item[]) {
  return [...new Set(items.flatMap(({ tokens }) => tokens))];
}

/**
 * Where several systems are served, each customer's address is given to this one first: no account is ever opened at two.
 * @throws account_exists
 */
async function requireNotElsewhere(
  { services, store }: Pick<Api, "services" | "store">,
  system: Address,
  { items }: z.output<typeof wire.bulkOpening>,
  request: string,
): Promise<void> {
  if (services.systems.length < 2) return;
  for (const item of items) {
    if (item.custody === "hosted") continue;
    await placementOf(services, store, { address: item.address, tokens: item.tokens, system, request });
  }
}
