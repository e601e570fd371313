import { z } from "zod";

import type { LedgerEvent } from "../../../engine";
import * as wire from "../../../wire";
import type { AccountService } from "../../accountService";
import type { Api } from "../api";
import { ASKED_FOR, LOOKED_FOR, requireOneOf } from "../concern";
import { customerOf, customersOf, eventOfId, moneyOf, pageOfLog, serviceFor, stateOf } from "../records";

const params = z.strictObject({ id: wire.systemLogId });

/** Money that moved between accounts. */
export function transferRecordRoutes({ app, services }: Api): void {
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
      const service = serviceFor(services, query);
      const page = await pageOfLog(service, ["money.transferred"], query);
      return { ...page, data: page.data.map((event) => viewOf(service, event)) };
    },
  );

  app.get(
    "/v1/transfers/:id",
    {
      config: { access: "money:read", concerns: LOOKED_FOR },
      schema: { summary: "A transfer with its proof", params, response: { 200: wire.transferProof } },
    },
    async ({ caller, params: { id } }) => {
      const { service, event } = await eventOfId(services, id, "money.transferred");
      requireOneOf(caller, "money:read", customersOf(event), event.token!);
      const { channelId, version } = event.data;
      const isKnown = channelId !== undefined && version !== undefined;
      const systemSignature = isKnown ? await service.stateSignature(channelId, version) : undefined;
      return { ...viewOf(service, event), systemSignature: systemSignature ?? null };
    },
  );
}

function viewOf(service: AccountService, event: LedgerEvent<"money.transferred">) {
  const { account, counterparty, reference, data } = event;
  const sides = { from: customerOf(account), to: customerOf(counterparty) };
  return { ...moneyOf(service, event), ...sides, reference, ...stateOf(data) };
}
