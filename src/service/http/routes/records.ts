import { z } from "zod";

import type { EventType, LedgerEvent } from "../../../engine";
import * as wire from "../../../wire";
import type { Api } from "../api";
import { ASKED_FOR, LOOKED_FOR, requireOneOf } from "../concern";
import { customerOf, customersOf, stateOf, type Records } from "../records";
import { nameOf } from "../refundables";

const params = z.strictObject({ id: wire.systemLogId });

/** A kind of record: what of the log it is, and how it is told. */
interface Kind<Type extends EventType> {
  readonly path: string;
  readonly list: string;
  readonly one: string;
  readonly type: Type;
  readonly item: z.ZodType;
  readonly view: (records: Records, event: LedgerEvent<Type>) => Promise<unknown>;
}

/** Money that came, went and moved, as lists. */
export function recordRoutes(api: Api): void {
  addList(api, {
    path: "/v1/issuances",
    list: "New money that was given, newest first",
    one: "An issuance",
    type: "money.issued",
    item: wire.issuanceRecord,
    view: async (records, event): Promise<z.output<typeof wire.issuanceRecord>> => ({
      ...(await records.moneyOf(event)),
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
    view: async (records, event): Promise<z.output<typeof wire.redemptionRecord>> => ({
      ...(await records.moneyOf(event)),
      account: customerOf(event.account),
      reference: event.reference,
      ...stateOf(event.data),
      refunded: await records.refunded(event.system, nameOf(event), "redeemed"),
    }),
  });
  addList(api, {
    path: "/v1/deposits",
    list: "Money that came from the chain, newest first",
    one: "A deposit",
    type: "deposit.credited",
    item: wire.depositRecord,
    view: async (records, event): Promise<z.output<typeof wire.depositRecord>> => ({
      ...(await records.moneyOf(event)),
      account: customerOf(event.counterparty),
      channelId: event.data.channelId ?? null,
    }),
  });
}

function addList<Type extends EventType>(
  { app, records }: Api,
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
      const page = await records.page([type], query);
      return { ...page, data: await Promise.all(page.data.map((event) => view(records, event))) };
    },
  );

  app.get(
    `${path}/:id`,
    {
      config: { access: "money:read", concerns: LOOKED_FOR },
      schema: { summary: one, params, response: { 200: item } },
    },
    async ({ caller, params: { id } }) => {
      const event = await records.find(id, type);
      requireOneOf(caller, "money:read", customersOf(event), event.token!);
      return await view(records, event);
    },
  );
}
