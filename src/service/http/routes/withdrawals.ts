import { fail } from "../../../errors";
import type { Withdrawal } from "../../../protocol";
import * as wire from "../../../wire";
import { BY_ANYONE, type Api } from "../api";
import { carryOut, keyed, type Scope } from "../idempotency";
import type { Request } from "../../requests";

/** Withdrawals, signed by both sides; whoever likes sends them to the hub. */
export function withdrawalRoutes({ app, services, operator }: Api): void {
  app.post(
    "/v1/withdrawals",
    {
      schema: {
        ...BY_ANYONE,
        summary: "Sign a withdrawal to the chain",
        description:
          "`self`: the user has signed it. `hosted`: the service signs for the user; needs the operator's key.",
        headers: keyed,
        body: wire.withdrawalRequest,
        response: { 201: wire.withdrawalReceipt },
      },
    },
    async (httpRequest, reply) => {
      const { body, headers } = httpRequest;
      if (body.custody === "hosted") operator.require(httpRequest);
      const { custody, ...terms } = body;
      const service = body.custody === "self" ? services.ofChannel(body.withdrawal.channelId) : services.of(body.from);
      const request = { type: custody === "self" ? "withdraw" : "withdrawHosted", ...terms } as Request;
      const scope: Scope = body.custody === "self" ? body.withdrawal.channelId : "operator";
      const { commit, consentHash } = await carryOut(service, request, scope, headers, reply);
      const signed = (await service.consent(consentHash!)) ?? fail("store_corrupt", { consentHash });
      const { message, signature: userSignature, systemSignature } = signed;
      void reply.code(201);
      return { commit, withdrawal: message as Withdrawal, userSignature, systemSignature };
    },
  );
}
