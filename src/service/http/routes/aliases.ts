import { z } from "zod";

import { fail } from "../../../errors";
import type { Address } from "../../../protocol";
import * as wire from "../../../wire";
import { accountNamed, COOL_DOWN } from "../../names";
import type { Api } from "../api";
import { concerning } from "../auth";

const params = z.strictObject({ address: wire.address });
const concerns = concerning("params", params, ({ address }) => ({ accounts: [address], tokens: [] }));

/** Names that stand for accounts. */
export function aliasRoutes({ app, services, store, host }: Api): void {
  const viewOf = async (name: string, account: Address) => {
    const system = (await store.whereabouts.ofAccount(account)) ?? fail("store_corrupt", { name, account });
    const identity = services.identities.find((one) => one.system === system) ?? fail("unknown_system", { system });
    return { alias: `${name}@${host}`, account, system, ...identity.domain };
  };

  const lookUp = async (text: string) => {
    const named = wire.readAlias(text) ?? fail("bad_alias", { alias: text });
    return await viewOf(named.name, await accountNamed({ store, host }, named));
  };

  app.get(
    "/v1/accounts/:address/alias",
    {
      config: { access: "accounts:read", concerns },
      schema: { summary: "An account's name", params, response: { 200: wire.alias } },
    },
    async ({ params: { address } }) => {
      const found = (await store.aliases.of(address)) ?? fail("unknown_alias", { account: address });
      return await viewOf(found.name, address);
    },
  );

  app.put(
    "/v1/accounts/:address/alias",
    {
      config: { access: "accounts:write", concerns },
      schema: {
        summary: "Give an account a name, in place of any that it has",
        description: "The old name is kept for the account for 90 days; nobody else gets it meanwhile.",
        params,
        body: wire.aliasChange,
        response: { 200: wire.alias },
      },
    },
    async ({ params: { address }, body: { name } }) => {
      const { status } = services.of(address).account(address);
      if (status === "closed") fail("account_closed", { account: address });
      const given = await store.aliases.give(name, address, Date.now(), COOL_DOWN);
      return await viewOf((given ?? fail("alias_taken", { name })).name, address);
    },
  );

  app.delete(
    "/v1/accounts/:address/alias",
    {
      config: { access: "accounts:write", concerns },
      schema: {
        summary: "Take an account's name away",
        description: "It is kept for the account for 90 days; nobody else gets it meanwhile.",
        params,
        response: { 200: wire.status },
      },
    },
    async ({ params: { address } }) => {
      await store.aliases.release(services.of(address).account(address).address, Date.now());
      return { status: "ok" as const };
    },
  );

  app.get(
    "/v1/aliases/:name",
    {
      config: { access: "anyone" },
      schema: {
        summary: "The account that a name stands for",
        params: z.strictObject({ name: z.string() }),
        response: { 200: wire.alias },
      },
    },
    ({ params: { name } }) => lookUp(name),
  );

  app.get(
    "/.well-known/webfinger",
    {
      config: { access: "anyone" },
      schema: {
        summary: "The account that a name with its host stands for, as other hosts ask for it (RFC 7033)",
        querystring: wire.webFingerQuery,
        response: { 200: wire.webFinger },
      },
    },
    async ({ query: { resource } }, reply) => {
      const { alias, account, system, chainId, hub } = await lookUp(resource.slice("acct:".length));
      void reply.type("application/jrd+json").header("access-control-allow-origin", "*");
      return {
        subject: `acct:${alias}`,
        properties: {
          "urn:starledger:account": account,
          "urn:starledger:system": system,
          "urn:starledger:chain": chainId,
          "urn:starledger:hub": hub,
        },
      };
    },
  );
}
