import { fail } from "../../../errors";
import type { Address } from "../../../protocol";
import * as wire from "../../../wire";
import { routerOf } from "../../crossing";
import { byToken, listing, ofSystem } from "../listing";
import type { Api } from "../api";
import { concerning } from "../auth";
import { keyed } from "../idempotency";

/** What the service serves. */
export function systemRoutes({ app, services, store, keystore, listings, surroundings }: Api): void {
  app.get(
    "/v1/systems",
    {
      config: { access: "anyone" },
      schema: { summary: "The systems that are served here", response: { 200: wire.systems } },
    },
    () => ({
      systems: services.identities.map(({ system, domain, signer }) => {
        return { address: system, ...domain, router: routerOf(keystore, system), signer };
      }),
    }),
  );

  app.get(
    "/v1/surroundings",
    {
      config: { access: "anyone" },
      schema: {
        summary: "Whom a wallet may ask besides the service: nodes of the chain, watchtowers, a block explorer",
        response: { 200: wire.surroundings },
      },
    },
    () => surroundings,
  );

  app.get(
    "/v1/assets",
    {
      config: { access: "anyone" },
      schema: { summary: "The tokens that accounts are kept in", response: { 200: wire.assets } },
    },
    async () => {
      const assetsOf = async (system: Address) =>
        services.find(system)?.assets() ?? (await store.ledger.assets(system));
      const lists = await Promise.all(services.systems.map(assetsOf));
      return { assets: lists.flatMap((assets) => [...assets]) };
    },
  );

  app.put(
    "/v1/assets/:token/crediting",
    {
      config: {
        access: "assets:write",
        concerns: concerning("params", byToken, ({ token }) => ({ accounts: [], tokens: [token] })),
      },
      schema: {
        summary: "Pause or resume crediting in a token",
        description:
          "While it is paused nobody is promised anything new: no issue, no transfer, no conditional payment. What was promised is kept, deposits count, and whoever wants to leave can. It is also paused by itself, when the backing covers less than is owed or the records differ; only this resumes it.",
        params: byToken,
        querystring: ofSystem,
        body: wire.crediting,
        response: { 200: wire.asset },
      },
    },
    async ({ params: { token }, query, body: { paused } }) => {
      const service = listing(services, token, query.system);
      const { system } = service.identity;
      await service.submit({ type: "pauseCrediting", system, token, cause: paused ? "operator" : null });
      return service.asset(token);
    },
  );

  app.post(
    "/v1/assets",
    {
      config: {
        access: "assets:write",
        concerns: concerning("body", wire.assetListing, ({ token }) => ({ accounts: [], tokens: [token] })),
      },
      schema: {
        summary: "Take over a token as the hub lists it now",
        description:
          "Adds what was listed lately, and reads again what the system may owe; both also happen by themselves.",
        headers: keyed,
        body: wire.assetListing,
        response: { 201: wire.asset },
      },
    },
    async ({ body: { system, token } }, reply) => {
      const [only, ...others] = services.systems;
      const named = system ?? (others.length === 0 ? only : undefined);
      if (named === undefined) return fail("invalid_request", { field: "body/system", reason: "several are served" });
      const asset = await listings.refresh(services.ofSystem(named), token);
      void reply.code(201);
      return asset;
    },
  );
}
