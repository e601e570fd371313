import { hashOfPreimage } from "../../../protocol";
import * as wire from "../../../wire";
import type { Api } from "../api";
import { concerning } from "../auth";
import { carryOut, keyed } from "../idempotency";

/** Money that the operator issues or moves for hosted accounts, and preimages that claim it. */
export function paymentRoutes({ app, services }: Api): void {
  app.post(
    "/v1/issuances",
    {
      config: {
        access: "money:write",
        concerns: concerning("body", wire.issuance, ({ account, token }) => ({ accounts: [account], tokens: [token] })),
      },
      schema: {
        summary: "Give an account new money",
        headers: keyed,
        body: wire.issuance,
        response: { 201: wire.issuanceReceipt },
      },
    },
    async (call, reply) => {
      const { body } = call;
      const service = services.of(body.account);
      const { commit } = await carryOut(service, { type: "issue", ...body }, call, reply);
      void reply.code(201);
      return { commit, ...body, decimals: service.asset(body.token).decimals };
    },
  );

  app.post(
    "/v1/transfers",
    {
      config: {
        access: "money:write",
        concerns: concerning("body", wire.transfer, ({ from, token }) => ({ accounts: [from], tokens: [token] })),
      },
      schema: {
        summary: "Pay from a hosted account to another account",
        headers: keyed,
        body: wire.transfer,
        response: { 201: wire.transferReceipt },
      },
    },
    async (call, reply) => {
      const { body } = call;
      const service = services.of(body.from);
      const done = await carryOut(service, { type: "pay", ...body }, call, reply);
      const { commit, channelId, version, state } = done;
      const completed = { channelId: channelId!, version: version!, systemSignature: state! };
      void reply.code(201);
      return { commit, ...body, decimals: service.asset(body.token).decimals, ...completed };
    },
  );

  app.post(
    "/v1/preimages",
    {
      config: { access: "anyone" },
      schema: {
        summary: "Claim what is promised under the hash of a preimage",
        headers: keyed,
        body: wire.revelation,
        response: { 201: wire.revelationReceipt },
      },
    },
    async (call, reply) => {
      const { preimage } = call.body;
      const service = services.ofHash(hashOfPreimage(preimage));
      const { commit } = await carryOut(service, { type: "reveal", preimage }, call, reply, preimage);
      void reply.code(201);
      return { commit };
    },
  );
}
