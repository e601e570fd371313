import { z } from "zod";

import { fail } from "../../../errors";
import type { Address } from "../../../protocol";
import * as wire from "../../../wire";
import { Payments, type Payment } from "../../payments";
import type { Api } from "../api";
import { ASKED_FOR, LOOKED_FOR, requireOneOf } from "../concern";
import type { Records } from "../records";
import { paymentPlace } from "../refundables";

const params = z.strictObject({ id: wire.paymentId });

/** What became of conditional payments. */
export function paymentRecordRoutes({ app, records, services, store }: Api): void {
  app.get(
    "/v1/payments",
    {
      config: { access: "money:read", concerns: ASKED_FOR },
      schema: {
        summary: "Conditional payments, newest first",
        querystring: wire.recordQuery,
        response: { 200: wire.page(wire.payment) },
      },
    },
    async ({ query }) => {
      const page = await records.page(["payment.locked"], query);
      const payments = await Promise.all(
        page.data.map(async ({ system, data: { channelId, version }, reference }) => {
          // An older program did not say which state it was.
          if (channelId === undefined || version === undefined) return [];
          const payment = await new Payments(store, system).begunBy(channelId, version, reference);
          return [await paymentOf(records, system, payment)];
        }),
      );
      return { ...page, data: payments.flat() };
    },
  );

  app.get(
    "/v1/payments/:id",
    {
      config: { access: "money:read", concerns: LOOKED_FOR },
      schema: { summary: "What became of a conditional payment", params, response: { 200: wire.payment } },
    },
    async ({ params: { id }, caller }) => {
      const place = paymentPlace(id);
      const system = services.known(
        (await store.whereabouts.ofChannel(place.payer)) ?? fail("unknown_payment", { id }),
      );
      const payment = (await new Payments(store, system).payment(place)) ?? fail("unknown_payment", { id });
      requireOneOf(caller, "money:read", [payment.from, payment.to], payment.token);
      return await paymentOf(records, system, payment);
    },
  );
}

/** A conditional payment as it goes over the wire. */
export async function paymentOf(
  records: Records,
  system: Address,
  payment: Payment,
): Promise<z.output<typeof wire.payment>> {
  const { htlc, from, to, payee, token, preimage } = payment;
  const { payer, version, outgoing, incoming, status, over } = htlc;
  return {
    id: `${payer}-${version}-${outgoing.index}`,
    status,
    from,
    to,
    token,
    amount: incoming.amount,
    decimals: await records.decimalsOf(system, token),
    fee: outgoing.amount - incoming.amount,
    hash: outgoing.hash,
    expiry: outgoing.expiry,
    preimage,
    refunded: await records.refunded(system, outgoing.hash, payee),
    isOver: over,
  };
}
