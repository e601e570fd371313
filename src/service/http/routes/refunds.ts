import { z } from "zod";

import { isCustomer, type LedgerEvent } from "../../../engine";
import * as wire from "../../../wire";
import type { Request } from "../../requests";
import type { Api } from "../api";
import { requireAccess } from "../auth";
import { ASKED_FOR, LOOKED_FOR, requireOneOf } from "../concern";
import { carryOut, keyed } from "../idempotency";
import { customersOf } from "../records";
import { locate, partiesOf, refundedId } from "../refundables";
import { rehearsable, rehearse } from "../rehearsal";

const params = z.strictObject({ id: wire.systemLogId });

/** Money that goes back to who paid it. */
export function refundRoutes(api: Api): void {
  const { app, records, services, store } = api;

  app.post(
    "/v1/refunds",
    {
      config: { access: "money:write", concerns: LOOKED_FOR },
      schema: {
        summary: "Give back what was paid, whole or in part, from the hosted account that was paid",
        description:
          "Of a redemption, the system gives it back. Never more in sum than was paid, without the fee; a refund costs nothing. Who holds its own key signs the refund itself.",
        headers: keyed,
        querystring: rehearsable,
        body: wire.refundRequest,
        response: { 200: wire.rehearsal, 201: wire.refundReceipt },
      },
    },
    async (call, reply) => {
      const { amount, reference } = call.body;
      const { system, payment, payee, payer, token } = await locate(services, store, call.body.payment);
      requireAccess(call.caller, "money:write", { accounts: [isCustomer(payee) ? payee : payer], tokens: [token] });
      const service = services.ofSystem(system);
      const request: Request = { type: "refund", payment, payee, amount, reference };
      if (call.query.dryRun === "true") return await rehearse(service, request);
      const { event: number, state } = await carryOut(service, request, call, reply);
      const event = await records.find({ system, number: number! }, "money.refunded");
      void reply.code(201);
      return { ...(await viewOf(api, event)), systemSignature: state ?? null };
    },
  );

  app.get(
    "/v1/refunds",
    {
      config: { access: "money:read", concerns: ASKED_FOR },
      schema: {
        summary: "What was given back, newest first",
        querystring: wire.refundQuery,
        response: { 200: wire.page(wire.refundRecord) },
      },
    },
    async ({ caller, query }) => {
      const of = query.payment === undefined ? undefined : await locate(services, store, query.payment);
      if (of !== undefined)
        requireOneOf(caller, "money:read", customersOf({ account: of.payer, counterparty: of.payee }), of.token);
      const asked = of === undefined ? query : { ...query, system: of.system };
      const page = await records.page(["money.refunded"], asked, of && { references: [of.payment] });
      return { ...page, data: await Promise.all(page.data.map((event) => viewOf(api, event))) };
    },
  );

  app.get(
    "/v1/refunds/:id",
    {
      config: { access: "money:read", concerns: LOOKED_FOR },
      schema: { summary: "A refund", params, response: { 200: wire.refundRecord } },
    },
    async ({ caller, params: { id } }) => {
      const event = await records.find(id, "money.refunded");
      requireOneOf(caller, "money:read", customersOf(event), event.token!);
      return await viewOf(api, event);
    },
  );
}

async function viewOf(
  { records, store }: Pick<Api, "records" | "store">,
  event: LedgerEvent<"money.refunded">,
): Promise<z.output<typeof wire.refundRecord>> {
  const { data } = event;
  return {
    ...(await records.moneyOf(event)),
    payment: await refundedId(store, event),
    ...(await partiesOf(store, event)),
    reference: data.mark,
    channelId: data.channelId ?? null,
    version: data.version ?? null,
  };
}
