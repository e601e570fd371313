import { z } from "zod";

import * as wire from "../../../wire";
import type { Api } from "../api";
import { concerning } from "../auth";
import { carryOut, keyed } from "../idempotency";
import { viewOf } from "./accounts";

const params = z.strictObject({ address: wire.address });
const concerns = concerning("params", params, ({ address }) => ({ accounts: [address], tokens: [] }));

/** What the operator does to accounts that are open. */
export function lifecycleRoutes({ app, services, store }: Api): void {
  app.put(
    "/v1/accounts/:address/status",
    {
      config: { access: "accounts:write", concerns },
      schema: {
        summary: "Freeze an account, open it again, or close it for good",
        description: "A closed account must be empty, and loses its name. Withdrawing always works.",
        params,
        body: wire.accountStatusChange,
        response: { 200: wire.account },
      },
    },
    async ({ params: { address }, body: { status } }) => {
      const service = services.of(address);
      await service.submit({ type: "setAccountStatus", account: address, status });
      if (status === "closed") await store.aliases.release(address, Date.now());
      return viewOf(service, address);
    },
  );

  app.post(
    "/v1/accounts/:address/tokens",
    {
      config: {
        access: "accounts:write",
        concerns: ({ params: of, body }) => ({
          accounts: [(of as z.output<typeof params>).address],
          tokens: (body as z.output<typeof wire.accountTokens>).tokens,
        }),
      },
      schema: {
        summary: "Keep an account in more tokens",
        params,
        headers: keyed,
        body: wire.accountTokens,
        response: { 201: wire.account },
      },
    },
    async (call, reply) => {
      const { address } = call.params;
      const { tokens } = call.body;
      const service = services.of(address);
      await carryOut(service, { type: "openChannels", account: address, tokens }, call, reply);
      void reply.code(201);
      return viewOf(service, address);
    },
  );

  app.get(
    "/v1/accounts/:address/metadata",
    {
      config: { access: "accounts:read", concerns },
      schema: { summary: "What is kept with an account", params, response: { 200: wire.metadata } },
    },
    async ({ params: { address } }) => {
      const account = services.of(address).account(address);
      return JSON.parse(await store.metadata.of(account.address)) as z.output<typeof wire.metadata>;
    },
  );

  app.put(
    "/v1/accounts/:address/metadata",
    {
      config: { access: "accounts:write", concerns },
      schema: {
        summary: "Keep this with an account, in place of what is kept",
        params,
        body: wire.metadata,
        response: { 200: wire.metadata },
      },
    },
    async ({ params: { address }, body }) => {
      const account = services.of(address).account(address);
      await store.metadata.put(account.address, JSON.stringify(body), Date.now());
      return body;
    },
  );
}
