import { fail } from "../../../errors";
import type { Withdrawal } from "../../../protocol";
import * as wire from "../../../wire";
import type { Api } from "../api";
import { requireAccess } from "../auth";
import { carryOut, keyed } from "../idempotency";
import { rehearsable, rehearse } from "../rehearsal";
import type { AccountService } from "../../accountService";
import type { Reply, Request } from "../../requests";

/** Withdrawals, signed by both sides; whoever likes sends them to the hub. */
export function withdrawalRoutes({ app, services }: Api): void {
  app.post(
    "/v1/withdrawals",
    {
      config: { access: "anyone" },
      schema: {
        summary: "Sign a withdrawal to the chain",
        description:
          "`self`: the user has signed it. `hosted`: the service signs for the user; needs `money:write`. Where it costs something, the withdrawal and the state that pays for it are signed in one commit. The fee is for the signature: one that nobody sends to the chain before its deadline is not given back.",
        headers: keyed,
        querystring: rehearsable,
        body: wire.withdrawalRequest,
        response: { 200: wire.rehearsal, 201: wire.withdrawalReceipt },
      },
    },
    async (call, reply) => {
      const { body, query } = call;
      if (body.custody === "hosted") {
        requireAccess(call.caller, "money:write", { accounts: [body.from], tokens: [body.token] });
      }
      const { custody, ...terms } = body;
      const service = body.custody === "self" ? services.ofChannel(body.withdrawal.channelId) : services.of(body.from);
      const request = { type: custody === "self" ? "withdraw" : "withdrawHosted", ...terms } as Request;
      if (query.dryRun === "true") return await rehearse(service, request);
      const subject = body.custody === "self" ? body.withdrawal.channelId : undefined;
      const done = await carryOut(service, request, call, reply, subject);
      void reply.code(201);
      return await withdrawalReceipt(service, done);
    },
  );
}

/** What a withdrawal was answered with, with both signatures. */
export async function withdrawalReceipt(
  service: AccountService,
  { commit, consentHash, fee = 0n, version, state }: Reply,
) {
  const signed = (await service.signatures.consent(consentHash!)) ?? fail("store_corrupt", { consentHash });
  const { message, signature: userSignature, systemSignature } = signed;
  const payment = version !== undefined && state ? { version, systemSignature: state } : null;
  return { id: consentHash!, commit, withdrawal: message as Withdrawal, userSignature, systemSignature, fee, payment };
}
