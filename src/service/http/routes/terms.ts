import { z } from "zod";

import type { Address } from "../../../protocol";
import * as wire from "../../../wire";
import type { AccountService } from "../../accountService";
import type { Api } from "../api";
import { concerning } from "../auth";
import { byToken, listing, ofSystem } from "../listing";

const byAddress = z.strictObject({ address: wire.address });

/** What payments cost and how large they may be. */
export function termRoutes({ app, services }: Api): void {
  const ofToken = concerning("params", byToken, ({ token }) => ({ accounts: [], tokens: [token] }));
  const ofAccount = concerning("params", byAddress, ({ address }) => ({ accounts: [address] }));
  const asset = { params: byToken, querystring: ofSystem };
  const account = { params: byAddress, response: { 200: wire.accountTerms } };

  app.get(
    "/v1/assets/:token/fees",
    {
      config: { access: "anyone" },
      schema: { ...asset, summary: "What payments cost", response: { 200: wire.assetFees } },
    },
    ({ params, query }) => listing(services, params.token, query.system).asset(params.token),
  );

  app.put(
    "/v1/assets/:token/fees",
    {
      config: { access: "assets:write", concerns: ofToken },
      schema: {
        ...asset,
        summary: "Set what payments cost",
        body: wire.feeSchedule,
        response: { 200: wire.assetFees },
      },
    },
    async ({ params: { token }, query, body: fees }) => {
      const service = listing(services, token, query.system);
      await service.submit({ type: "setFees", system: service.identity.system, token, fees });
      return service.asset(token);
    },
  );

  app.get(
    "/v1/assets/:token/limits",
    {
      config: { access: "assets:read", concerns: ofToken },
      schema: { ...asset, summary: "How large payments may be", response: { 200: wire.assetLimits } },
    },
    ({ params, query }) => listing(services, params.token, query.system).asset(params.token),
  );

  app.put(
    "/v1/assets/:token/limits",
    {
      config: { access: "assets:write", concerns: ofToken },
      schema: { ...asset, summary: "Limit payments", body: wire.limits, response: { 200: wire.assetLimits } },
    },
    async ({ params: { token }, query, body: limits }) => {
      const service = listing(services, token, query.system);
      await service.submit({ type: "setPaymentLimits", system: service.identity.system, token, limits });
      return service.asset(token);
    },
  );

  app.get(
    "/v1/accounts/:address/limits",
    {
      config: { access: "accounts:read", concerns: ofAccount },
      schema: { ...account, summary: "What an account may pay and have, and whether it pays fees" },
    },
    ({ params: { address } }) => termsOf(services.of(address), address),
  );

  app.put(
    "/v1/accounts/:address/limits",
    {
      config: { access: "accounts:write", concerns: ofAccount },
      schema: { ...account, summary: "Limit one account by itself", body: wire.accountLimiting },
    },
    async ({ params: { address }, body: { token, limits } }) => {
      const service = services.of(address);
      const { system } = service.identity;
      await service.submit({ type: "setAccountTerms", system, token, account: address, limits });
      return termsOf(service, address);
    },
  );

  app.put(
    "/v1/accounts/:address/fees",
    {
      config: { access: "accounts:write", concerns: ofAccount },
      schema: { ...account, summary: "Waive an account's fees", body: wire.feeWaiver },
    },
    async ({ params: { address }, body: { token, waived } }) => {
      const service = services.of(address);
      const { system } = service.identity;
      await service.submit({ type: "setAccountTerms", system, token, account: address, feesWaived: waived });
      return termsOf(service, address);
    },
  );
}

function termsOf(service: AccountService, account: Address): z.output<typeof wire.accountTerms> {
  const terms = [...service.assets()].flatMap(({ token, decimals, limits }) => {
    if (service.channelOf(account, token) === undefined) return [];
    const { feesWaived = false, limits: own = null } = service.termsOf(account, token) ?? {};
    return [{ token, decimals, feesWaived, limits: own ?? limits, own }];
  });
  return { account, terms };
}
