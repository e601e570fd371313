import { z } from "zod";

import type { HostedInvoice } from "../../../engine";
import { fail, StarledgerError } from "../../../errors";
import { decodeInvoice, encodeInvoice, type Hash } from "../../../protocol";
import * as wire from "../../../wire";
import type { AccountService } from "../../accountService";
import type { Request } from "../../requests";
import type { Services } from "../../services";
import type { Store } from "../../../store";
import type { Api } from "../api";
import { concerning, requireAccess, type Concern } from "../auth";
import { ASKED_FOR, LOOKED_FOR } from "../concern";
import { carryOut, keyed, keyOf } from "../idempotency";
import { pageOfInvoices } from "../invoicePages";
import { serviceFor } from "../records";
import { rehearsable, rehearse } from "../rehearsal";
import { paymentOf } from "./paymentRecords";

const byHash = z.strictObject({ hash: wire.hash });

/** Invoices of hosted accounts, and the conditional payments that hosted accounts make. */
export function invoiceRoutes({ app, records, services, store, crossing }: Api): void {
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
    "/v1/invoices",
    {
      config: { access: "money:read", concerns: ASKED_FOR },
      schema: {
        summary: "Invoices of hosted accounts, newest first",
        querystring: wire.invoiceQuery,
        response: { 200: wire.page(wire.invoice) },
      },
    },
    async ({ query }) => {
      const service = serviceFor(services, query);
      const page = await pageOfInvoices(service, query);
      return { ...page, data: page.data.map((kept) => viewOf(service, kept)) };
    },
  );

  app.get(
    "/v1/invoices/:hash",
    {
      config: { access: "money:read", concerns: LOOKED_FOR },
      schema: { summary: "An invoice", params: byHash, response: { 200: wire.invoice } },
    },
    async ({ params: { hash }, caller }) => {
      const { service, invoice } = await find(services, store, hash);
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
        config: { access: "money:write", concerns: LOOKED_FOR },
        schema: { summary, params: byHash, headers: keyed, response: { 200: wire.invoice } },
      },
      async (call, reply) => {
        const { hash } = call.params;
        const { service, invoice } = await find(services, store, hash);
        requireAccess(call.caller, "money:write", concernOf(invoice));
        await carryOut(service, { type, hash }, call, reply).catch(async (error: unknown) =>
          refuse(error, await service.payments.invoice(hash)),
        );
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
      const { account, token } = signed.invoice;
      const target = await crossing.targetOf(service, account, token);
      const isDry = call.query.dryRun === "true";
      const planned = target && crossing.payment(service, target, from, signed, keyOf(call));
      const forward = planned && !isDry ? await crossing.begin(planned) : planned;
      const request: Request = forward
        ? await crossing.lockFor(service, forward, maxFee)
        : { type: "payInvoice", from, signed, fee: 0n, maxFee };
      if (isDry) return await rehearse(service, request);
      const { commit, channelId, version } = await carryOut(service, request, call, reply);
      if (forward) await crossing.sendOff(forward);
      const payment = await service.payments.begunBy(channelId!, version!, signed.invoice.hash);
      void reply.code(201);
      return { commit, ...(await paymentOf(records, service.identity.system, payment)) };
    },
  );
}

function concernOf({ invoice: { account, token } }: HostedInvoice): Concern {
  return { accounts: [account], tokens: [token] };
}

/** @throws unknown_invoice, not_leader if another process leads its system */
async function find(
  services: Services,
  { whereabouts }: Store,
  hash: Hash,
): Promise<{ service: AccountService; invoice: HostedInvoice }> {
  const service = services.ofSystem((await whereabouts.ofInvoice(hash)) ?? fail("unknown_invoice", { hash }));
  return { service, invoice: await service.payments.invoice(hash) };
}

/** The ledger has forgotten what is over. */
function refuse(error: unknown, { status, invoice: { hash } }: HostedInvoice): never {
  if (error instanceof StarledgerError && error.code === "unknown_invoice") fail("invoice_closed", { hash, status });
  throw error;
}

function viewOf(service: AccountService, kept: HostedInvoice): z.output<typeof wire.invoice> {
  const { invoice, signature, hold, status, createdAt } = kept;
  const { decimals } = service.asset(invoice.token);
  const isLate = status === "open" && service.time >= invoice.expiry;
  const text = encodeInvoice(kept);
  const created = 1_000 * Number(createdAt);
  return { ...invoice, decimals, hold, status: isLate ? "expired" : status, created, text, signature };
}
