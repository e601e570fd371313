import { z } from "zod";

import type { HostedInvoice } from "../../../engine";
import { fail } from "../../../errors";
import { decodeInvoice, encodeInvoice, type ChannelId, type Hash } from "../../../protocol";
import * as wire from "../../../wire";
import type { AccountService } from "../../accountService";
import type { Payment, PaymentId } from "../../payments";
import type { Request } from "../../requests";
import type { Services } from "../../services";
import type { Api } from "../api";
import { concerning, NOTHING, requireAccess, type Concern } from "../auth";
import { carryOut, keyed } from "../idempotency";
import { rehearsable, rehearse } from "../rehearsal";

const byHash = z.strictObject({ hash: wire.hash });

/** Whose they are is known when they are found. */
const READ = { access: "money:read", concerns: NOTHING } as const;
const WRITE = { access: "money:write", concerns: NOTHING } as const;

/** Invoices of hosted accounts, and the conditional payments that hosted accounts make. */
export function invoiceRoutes({ app, services }: Api): void {
  app.post(
    "/v1/invoices",
    {
      config: {
        access: "money:write",
        concerns: concerning("body", wire.invoiceRequest, ({ account, token }) => ({
          accounts: [account],
          tokens: [token],
        })),
      },
      schema: {
        summary: "Ask to be paid, in the name of a hosted account",
        description: "The service makes the secret that claims the money, and keeps it sealed.",
        headers: keyed,
        body: wire.invoiceRequest,
        response: { 201: wire.invoice },
      },
    },
    async (call, reply) => {
      const service = services.of(call.body.account);
      const { hash } = await carryOut(service, { type: "invoice", ...call.body }, call, reply);
      void reply.code(201);
      return viewOf(service, await service.payments.invoice(hash!));
    },
  );

  app.get(
    "/v1/invoices/:hash",
    { config: READ, schema: { summary: "An invoice", params: byHash, response: { 200: wire.invoice } } },
    async ({ params: { hash }, caller }) => {
      const { service, invoice } = await find(services, hash);
      requireAccess(caller, "money:read", concernOf(invoice));
      return viewOf(service, invoice);
    },
  );

  for (const [verb, type, summary] of [
    ["settle", "settleInvoice", "Claim what is promised under an invoice"],
    ["cancel", "cancelInvoice", "Take an invoice back, and give up what is promised under it"],
  ] as const) {
    app.post(
      `/v1/invoices/:hash/${verb}`,
      {
        config: WRITE,
        schema: { summary, params: byHash, headers: keyed, response: { 200: wire.invoice } },
      },
      async (call, reply) => {
        const { hash } = call.params;
        const { service, invoice } = await find(services, hash);
        requireAccess(call.caller, "money:write", concernOf(invoice));
        await carryOut(service, { type, hash }, call, reply);
        return viewOf(service, await service.payments.invoice(hash));
      },
    );
  }

  app.post(
    "/v1/payments",
    {
      config: {
        access: "money:write",
        // The token is in the invoice.
        concerns: concerning("body", wire.paymentRequest, ({ from }) => ({ accounts: [from], tokens: [] })),
      },
      schema: {
        summary: "Pay an invoice from a hosted account",
        description: "Locks the amount and the fee; the payee gets it when it claims it, else the payer gets it back.",
        headers: keyed,
        querystring: rehearsable,
        body: wire.paymentRequest,
        response: { 200: wire.rehearsal, 201: wire.paymentReceipt },
      },
    },
    async (call, reply) => {
      const { from, invoice, maxFee } = call.body;
      const service = services.of(from);
      const signed = typeof invoice === "string" ? decodeInvoice(invoice) : invoice;
      requireAccess(call.caller, "money:write", { accounts: [from], tokens: [signed.invoice.token] });
      const request: Request = { type: "payInvoice", from, signed, fee: 0n, maxFee };
      if (call.query.dryRun === "true") return rehearse(service, request);
      const { commit, channelId, version } = await carryOut(service, request, call, reply);
      const payment = await service.payments.begunBy(channelId!, version!, signed.invoice.hash);
      void reply.code(201);
      return { commit, ...paymentOf(service, payment) };
    },
  );

  app.get(
    "/v1/payments/:id",
    {
      config: READ,
      schema: {
        summary: "What became of a conditional payment",
        params: z.strictObject({ id: wire.paymentId }),
        response: { 200: wire.payment },
      },
    },
    async ({ params: { id }, caller }) => {
      const [payer, version, index] = id.split("-") as [string, string, string];
      const named: PaymentId = {
        payer: payer.toLowerCase() as ChannelId,
        version: BigInt(version),
        index: BigInt(index),
      };
      for (const service of services.all()) {
        const payment = await service.payments.payment(named);
        if (payment === undefined) continue;
        requireAccess(caller, "money:read", { accounts: [payment.from], tokens: [payment.token] });
        return paymentOf(service, payment);
      }
      return fail("unknown_payment", { id });
    },
  );
}

function concernOf({ invoice: { account, token } }: HostedInvoice): Concern {
  return { accounts: [account], tokens: [token] };
}

/** @throws unknown_invoice */
async function find(services: Services, hash: Hash): Promise<{ service: AccountService; invoice: HostedInvoice }> {
  for (const service of services.all()) {
    const invoice = await service.payments.findInvoice(hash);
    if (invoice !== undefined) return { service, invoice };
  }
  return fail("unknown_invoice", { hash });
}

function viewOf(service: AccountService, kept: HostedInvoice): z.output<typeof wire.invoice> {
  const { invoice, signature, hold, status, createdAt } = kept;
  const { decimals } = service.asset(invoice.token);
  const isLate = status === "open" && service.time >= invoice.expiry;
  const text = encodeInvoice(kept);
  return { ...invoice, decimals, hold, status: isLate ? "expired" : status, createdAt, text, signature };
}

function paymentOf(service: AccountService, payment: Payment): z.output<typeof wire.payment> {
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
