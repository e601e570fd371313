import type { z } from "zod";

import { keccakText, toJson } from "../../../protocol";
import * as wire from "../../../wire";
import { spread } from "../../spreading";
import type { Api } from "../api";
import { concerning } from "../auth";
import { keyed, keyOf, markReplayed } from "../idempotency";

/** Addresses and tokens of thousands take more room than other calls. */
const BULK_BODY = 2 ** 21;

type Item = z.output<typeof wire.bulkOpening>["items"][number];

/** Many accounts at once. */
export function bulkAccountRoutes({ app, services, store }: Api): void {
  app.post(
    "/v1/accounts/batch",
    {
      config: {
        access: "accounts:write",
        concerns: concerning("body", wire.bulkOpening, ({ items }) => ({ tokens: tokensOf(items) })),
      },
      bodyLimit: BULK_BODY,
      schema: {
        summary: "Open many accounts, each as if it were alone",
        description: `Up to ${wire.OPENINGS}, spread over the systems unless one is named, in one commit of each; what is refused of them fails none of the others.`,
        headers: keyed,
        body: wire.bulkOpening,
        response: { 201: wire.bulkOpened },
      },
    },
    async (call, reply) => {
      const { system, items } = call.body;
      const openings = items.map((item) => ({
        address: item.custody === "self" ? item.address : null,
        tokens: item.tokens,
      }));
      const request = keyOf(call);
      const { shares, elsewhere } = await spread(services, store, { openings, system, request });
      const isOne = services.systems.length === 1;
      const whole = isOne ? undefined : keccakText(toJson(openings));
      const opened: (z.output<typeof wire.bulkOpened>["items"][number] | undefined)[] = items.map(() => undefined);
      const nothing = { address: null, refused: null, details: {} };
      for (const { service, places } of shares) {
        const { system: at } = service.identity;
        const some = places.map((place) => openings[place]!);
        const order = { type: "openMany", openings: some, whole } as const;
        const done = await service.submit(order, isOne ? request : `${request} ${at}`, call.caller?.budgets);
        if (done.replayed) markReplayed(reply);
        done.opened!.forEach(
          (one, i) => (opened[places[i]!] = { ...nothing, system: at, commit: done.commit, ...one }),
        );
      }
      for (const [place, at] of elsewhere) {
        const details = { account: openings[place]!.address!, system: at };
        opened[place] = { ...nothing, system: at, commit: null, refused: "account_exists", details };
      }
      void reply.code(201);
      return { items: opened.flatMap((one) => one ?? []) };
    },
  );
}

function tokensOf(items: readonly Item[]) {
  return [...new Set(items.flatMap(({ tokens }) => tokens))];
}
