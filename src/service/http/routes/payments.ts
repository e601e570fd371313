import { hashOfPreimage } from "../../../protocol";
import * as wire from "../../../wire";
import { BY_ANYONE, BY_OPERATOR, type Api } from "../api";
import { carryOut, keyed } from "../idempotency";

/** Money that the operator issues or moves for hosted accounts, and preimages that claim it. */
export function paymentRoutes({ app, services, operator }: Api): void {
  const onRequest = operator.requireFirst;

  app.post(
    "/v1/issuances",
    {
      onRequest,
      schema: {
        ...BY_OPERATOR,
        summary: "Give an account new money",
        headers: keyed,
        body: wire.issuance,
        response: { 201: wire.issuanceReceipt },
      },
    },
    async ({ body, headers }, reply) => {
      const service = services.of(body.account);
      const { commit } = await carryOut(service, { type: "issue", ...body }, "operator", headers, reply);
      void reply.code(201);
      return { commit, ...body, decimals: service.asset(body.token).decimals };
    },
  );

  app.post(
    "/v1/transfers",
    {
      onRequest,
      schema: {
        ...BY_OPERATOR,
        summary: "Pay from a hosted account to another account",
        headers: keyed,
        body: wire.transfer,
        response: { 201: wire.transferReceipt },
      },
    },
    async ({ body, headers }, reply) => {
      const service = services.of(body.from);
      const done = await carryOut(service, { type: "pay", ...body }, "operator", headers, reply);
      const { commit, channelId, version, state } = done;
      const completed = { channelId: channelId!, version: version!, systemSignature: state! };
      void reply.code(201);
      return { commit, ...body, decimals: service.asset(body.token).decimals, ...completed };
    },
  );

  app.post(
    "/v1/preimages",
    {
      schema: {
        ...BY_ANYONE,
        summary: "Claim what is promised under the hash of a preimage",
        headers: keyed,
        body: wire.revelation,
        response: { 201: wire.revelationReceipt },
      },
    },
    async ({ body: { preimage }, headers }, reply) => {
      const service = services.ofHash(hashOfPreimage(preimage));
      const { commit } = await carryOut(service, { type: "reveal", preimage }, preimage, headers, reply);
      void reply.code(201);
      return { commit };
    },
  );
}
