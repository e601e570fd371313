import { z } from "zod";

import { fail } from "../../../errors";
import { keccakText } from "../../../protocol";
import * as wire from "../../../wire";
import { proveAccount, publicationFor } from "../../liabilities/proofs";
import type { Publication } from "../../../store";
import type { Api } from "../api";
import { concerning } from "../auth";
import { keyed, keyOf, markReplayed } from "../idempotency";
import { serviceFor } from "../records";

const params = z.strictObject({ account: wire.address });

/** What the systems have published of what they owe. */
export function proofRoutes({ app, services, store, publishers }: Api): void {
  app.get(
    "/v1/proofs",
    {
      config: { access: "anyone" },
      schema: {
        summary: "What a system has published of what it owes in a token, newest first",
        querystring: wire.publicationQuery,
        response: { 200: wire.publications },
      },
    },
    async ({ query }) => {
      const { token, before, limit } = query;
      const service = serviceFor(services, { system: query.system, account: undefined });
      const { decimals } = service.asset(token);
      const found = await store.publications.list(service.identity.system, token, limit + 1, before);
      const data = found.slice(0, limit).map((one) => viewOf(one, decimals));
      return { anchor: publishers.anchor, data, hasMore: found.length > limit };
    },
  );

  app.post(
    "/v1/proofs",
    {
      config: {
        access: "assets:write",
        concerns: concerning("body", wire.publishing, ({ token }) => ({ accounts: [], tokens: [token] })),
      },
      schema: {
        summary: "Publish now what a system owes in a token",
        description:
          "Answers when it is kept and on its way to the chain. While one is on its way, that is the answer.",
        headers: keyed,
        body: wire.publishing,
        response: { 201: wire.publication },
      },
    },
    async (call, reply) => {
      const { token } = call.body;
      const service = serviceFor(services, { system: call.body.system, account: undefined });
      const { decimals } = service.asset(token);
      const request = keccakText(keyOf(call));
      const earlier = await store.publications.answerTo(request);
      const made = earlier ?? (await publishers.publish(service, token));
      const { system, token: published } = made.statement;
      if (published !== token || system !== service.identity.system) fail("idempotency_conflict");
      if (earlier === undefined) await store.publications.answer(request, made);
      else markReplayed(reply);
      void reply.code(201);
      return viewOf(made, decimals);
    },
  );

  app.get(
    "/v1/proofs/:account",
    {
      config: {
        access: "accounts:read",
        concerns: ({ params: of, query }) => ({
          accounts: [(of as z.output<typeof params>).account],
          tokens: [(query as z.output<typeof wire.proofQuery>).token],
        }),
      },
      schema: {
        summary: "Prove that what an account has is in what was published",
        params,
        querystring: wire.proofQuery,
        response: { 200: wire.liabilityProof },
      },
    },
    async ({ params: { account }, query: { token, period } }) => {
      const service = services.of(account);
      const { decimals } = service.asset(token);
      const publication = await publicationFor(store, service.identity.system, token, period);
      const { channelId, path, version, seq, salt, balance } = await proveAccount(service, account, publication);
      return { publication: viewOf(publication, decimals), leaf: { channelId, salt, balance }, path, version, seq };
    },
  );
}

function viewOf({ statement, time, channels, status, anchored, recorded }: Publication, decimals: number) {
  return { statement, time, decimals, channels, status, transactions: { anchored, recorded } };
}
