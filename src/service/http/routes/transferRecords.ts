import { z } from "zod";

import type { LedgerEvent } from "../../../engine";
import * as wire from "../../../wire";
import type { Api } from "../api";
import { ASKED_FOR, LOOKED_FOR, requireOneOf } from "../concern";
import { customerOf, customersOf, stateOf, type Records } from "../records";
import { nameOf } from "../refundables";

const params = z.strictObject({ id: wire.systemLogId });

/** Money that moved between accounts. */
export function transferRecordRoutes({ app, records }: Api): void {
  app.get(
    "/v1/transfers",
    {
      config: { access: "money:read", concerns: ASKED_FOR },
      schema: {
        summary: "Payments from account to account, newest first",
        querystring: wire.recordQuery,
        response: { 200: wire.page(wire.transferRecord) },
      },
    },
    async ({ query }) => {
      const page = await records.page(["money.transferred"], query);
      return { ...page, data: await Promise.all(page.data.map((event) => viewOf(records, event))) };
    },
  );

  app.get(
    "/v1/transfers/:id",
    {
      config: { access: "money:read", concerns: LOOKED_FOR },
      schema: { summary: "A transfer with its proof", params, response: { 200: wire.transferProof } },
    },
    async ({ caller, params: { id } }) => {
      const event = await records.find(id, "money.transferred");
      requireOneOf(caller, "money:read", customersOf(event), event.token!);
      const { channelId, version } = event.data;
      const isKnown = channelId !== undefined && version !== undefined;
      const systemSignature = isKnown ? await records.stateSignature(event.system, channelId, version) : undefined;
      return { ...(await viewOf(records, event)), systemSignature: systemSignature ?? null };
    },
  );
}

async function viewOf(records: Records, event: LedgerEvent<"money.transferred">) {
  const { account, counterparty, reference, data } = event;
  const sides = { from: customerOf(account), to: customerOf(counterparty) };
  const refunded = await records.refunded(event.system, nameOf(event), sides.to);
  return { ...(await records.moneyOf(event)), ...sides, reference, ...stateOf(data), refunded };
}
