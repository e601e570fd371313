import { z } from "zod";

import type { EventType, LedgerEvent } from "../../../engine";
import * as wire from "../../../wire";
import type { AccountService } from "../../accountService";
import type { Api } from "../api";
import { ASKED_FOR, LOOKED_FOR, requireOneOf } from "../concern";
import { customerOf, customersOf, eventOfId, moneyOf, pageOfLog, serviceFor, stateOf } from "../records";

const params = z.strictObject({ id: wire.systemLogId });

/** A kind of record: what of the log it is, and how it is told. */
interface Kind<Type extends EventType> {
  readonly path: string;
  readonly list: string;
  readonly one: string;
  readonly type: Type;
  readonly item: z.ZodType;
  readonly view: (service: AccountService, event: LedgerEvent<Type>) => unknown;
}

/** Money that came, went and moved, as lists. */
export function recordRoutes(api: Api): void {
  addList(api, {
    path: "/v1/issuances",
    list: "New money that was given, newest first",
    one: "An issuance",
    type: "money.issued",
    item: wire.issuanceRecord,
    view: (service, event): z.output<typeof wire.issuanceRecord> => ({
      ...moneyOf(service, event),
      account: customerOf(event.counterparty),
      reference: event.reference,
    }),
  });
  addList(api, {
    path: "/v1/redemptions",
    list: "Money that was taken out of circulation, newest first",
    one: "A redemption",
    type: "money.redeemed",
    item: wire.redemptionRecord,
    view: (service, event): z.output<typeof wire.redemptionRecord> => ({
      ...moneyOf(service, event),
      account: customerOf(event.account),
      reference: event.reference,
      ...stateOf(event.data),
    }),
  });
  addList(api, {
    path: "/v1/deposits",
    list: "Money that came from the chain, newest first",
    one: "A deposit",
    type: "deposit.credited",
    item: wire.depositRecord,
    view: (service, event): z.output<typeof wire.depositRecord> => ({
      ...moneyOf(service, event),
      account: customerOf(event.counterparty),
      channelId: event.data.channelId ?? null,
    }),
  });
}

function addList<Type extends EventType>(
  { app, services }: Api,
  { path, list, one, type, item, view }: Kind<Type>,
): void {
  app.get(
    path,
    {
      config: { access: "money:read", concerns: ASKED_FOR },
      schema: {
        summary: list,
        querystring: wire.recordQuery,
        response: { 200: wire.page(item) },
      },
    },
    async ({ query }) => {
      const service = serviceFor(services, query);
      const page = await pageOfLog(service, [type], query);
      return { ...page, data: page.data.map((event) => view(service, event)) };
    },
  );

  app.get(
    `${path}/:id`,
    {
      config: { access: "money:read", concerns: LOOKED_FOR },
      schema: { summary: one, params, response: { 200: item } },
    },
    async ({ caller, params: { id } }) => {
      const { service, event } = await eventOfId(services, id, type);
      requireOneOf(caller, "money:read", customersOf(event), event.token!);
      return view(service, event);
    },
  );
}
