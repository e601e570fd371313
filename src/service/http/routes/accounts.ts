import { z } from "zod";

import { available, balance } from "../../../protocol";
import * as wire from "../../../wire";
import type { AccountService } from "../../accountService";
import { placementOf } from "../../placement";
import type { Api } from "../api";
import { concerning } from "../auth";
import { carryOut, keyed, keyOf } from "../idempotency";
import type { Address } from "../../../protocol";

const params = z.strictObject({ address: wire.address });

/** Opening accounts, and what is in them. */
export function accountRoutes({ app, services, store }: Api): void {
  app.post(
    "/v1/accounts",
    {
      config: {
        access: "accounts:write",
        concerns: concerning("body", wire.accountOpening, ({ tokens }) => ({ tokens })),
      },
      schema: {
        summary: "Open an account with a channel per token",
        description:
          "`self`: the customer holds the key. `hosted`: the service makes it and signs in the customer's name.",
        headers: keyed,
        body: wire.accountOpening,
        response: { 201: wire.account },
      },
    },
    async (call, reply) => {
      const { body } = call;
      const { tokens, system } = body;
      const address = body.custody === "self" ? body.address : null;
      const service = await placementOf(services, store, { address, tokens, system, request: keyOf(call) });
      const request =
        body.custody === "self"
          ? ({ type: "openAccount", address: body.address, tokens } as const)
          : ({ type: "openHostedAccount", tokens } as const);
      const { account } = await carryOut(service, request, call, reply);
      void reply.code(201);
      return viewOf(service, account!);
    },
  );

  app.get(
    "/v1/accounts/:address",
    {
      config: {
        access: "accounts:read",
        concerns: concerning("params", params, ({ address }) => ({ accounts: [address], tokens: [] })),
      },
      schema: { summary: "An account", params, response: { 200: wire.account } },
    },
    ({ params: { address } }) => viewOf(services.of(address), address),
  );

  app.get(
    "/v1/accounts/:address/balances",
    {
      config: {
        access: "accounts:read",
        concerns: concerning("params", params, ({ address }) => ({ accounts: [address] })),
      },
      schema: { summary: "What an account has, per token", params, response: { 200: wire.balances } },
    },
    ({ params }) => {
      const account = params.address;
      const service = services.of(account);
      const balances = [...service.assets()].flatMap(({ token, decimals }) => {
        const channel = service.channelOf(account, token);
        if (channel === undefined) return [];
        const { id, status, funds, state, note, pending } = channel;
        const sums = { balance: balance(funds, state, note), available: available(funds, state, note, pending) };
        return [{ token, decimals, channelId: id, status, locked: state.locked, ...sums }];
      });
      return { account, balances };
    },
  );
}

/** An account as it goes over the wire. */
export function viewOf(service: AccountService, account: Address) {
  const { address, system, custody, status } = service.account(account);
  return { address, system, custody, status };
}
