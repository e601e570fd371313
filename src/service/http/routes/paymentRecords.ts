import { z } from "zod";

import { fail } from "../../../errors";
import type { ChannelId } from "../../../protocol";
import * as wire from "../../../wire";
import type { AccountService } from "../../accountService";
import type { Payment, PaymentId } from "../../payments";
import type { Api } from "../api";
import { ASKED_FOR, LOOKED_FOR, requireOneOf } from "../concern";
import { pageOfLog, serviceFor } from "../records";

const params = z.strictObject({ id: wire.paymentId });

/** What became of conditional payments. */
export function paymentRecordRoutes({ app, services }: Api): void {
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
      const service = serviceFor(services, query);
      const page = await pageOfLog(service, ["payment.locked"], query);
      const payments = await Promise.all(
        page.data.map(async ({ data: { channelId, version }, reference }) => {
          // An older program did not say which state it was.
          if (channelId === undefined || version === undefined) return [];
          return [paymentOf(service, await service.payments.begunBy(channelId, version, reference))];
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
      for (const service of services.all()) {
        const payment = await service.payments.payment(placeOf(id));
        if (payment === undefined) continue;
        requireOneOf(caller, "money:read", [payment.from, payment.to], payment.token);
        return paymentOf(service, payment);
      }
      return fail("unknown_payment", { id });
    },
  );
}

function placeOf(id: string): PaymentId {
  const [payer, version, index] = id.split("-") as [string, string, string];
  return { payer: payer.toLowerCase() as ChannelId, version: BigInt(version), index: BigInt(index) };
}

/** A conditional payment as it goes over the wire. */
export function paymentOf(service: AccountService, payment: Payment): z.output<typeof wire.payment> {
  const { htlc, from, to, token, preimage } = payment;
  const { payer, version, outgoing, incoming, status, over } = htlc;
  return {
    id: `${payer}-${version}-${outgoing.index}`,
    status,
    from,
    to,
    token,
    amount: incoming.amount,
    decimals: service.asset(token).decimals,
    fee: outgoing.amount - incoming.amount,
    hash: outgoing.hash,
    expiry: outgoing.expiry,
    preimage,
    isOver: over,
  };
}
