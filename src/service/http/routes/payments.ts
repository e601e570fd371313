import type { z } from "zod";

import { hashOfPreimage } from "../../../protocol";
import * as wire from "../../../wire";
import { ofItem } from "../../hosted";
import { accountNamed, type Names } from "../../names";
import type { Reply, Request } from "../../requests";
import type { Api } from "../api";
import { concerning } from "../auth";
import { planBatch, type Crossing, type CrossingOutcome } from "../../crossing";
import type { Forward } from "../../../store";
import { carryOut, keyed, keyOf } from "../idempotency";
import { idOf } from "../records";
import { rehearsable, rehearse } from "../rehearsal";

/** A batch's items and their references take more room than other calls. */
const BATCH_BODY = 2 ** 21;

/** Money that the operator issues, moves or redeems for hosted accounts, and preimages that claim it. */
export function paymentRoutes({ app, services, store, crossing, host }: Api): void {
  app.post(
    "/v1/issuances",
    {
      config: {
        access: "money:write",
        concerns: concerning("body", wire.issuance, ({ account, token }) => ({ accounts: [account], tokens: [token] })),
      },
      schema: {
        summary: "Give an account new money",
        headers: keyed,
        querystring: rehearsable,
        body: wire.issuance,
        response: { 200: wire.rehearsal, 201: wire.issuanceReceipt },
      },
    },
    async (call, reply) => {
      const { body, query } = call;
      const service = services.of(body.account);
      const request: Request = { type: "issue", ...body };
      if (query.dryRun === "true") return await rehearse(service, request);
      const { commit, event } = await carryOut(service, request, call, reply);
      void reply.code(201);
      return { id: idOf(service, event), commit, ...body, decimals: service.asset(body.token).decimals };
    },
  );

  app.post(
    "/v1/transfers",
    {
      config: {
        access: "money:write",
        concerns: concerning("body", wire.transfer, ({ from, token }) => ({ accounts: [from], tokens: [token] })),
      },
      schema: {
        summary: "Pay from a hosted account to another account",
        headers: keyed,
        querystring: rehearsable,
        body: wire.transfer,
        response: { 200: wire.rehearsal, 201: wire.transferReceipt },
      },
    },
    async (call, reply) => {
      const { body, query } = call;
      const service = services.of(body.from);
      const to = await accountNamed({ store, host }, body.to);
      const { from, token, amount, reference, maxFee } = body;
      const target = await crossing.targetOf(service, to, token);
      const order = { from, to, token, amount, reference };
      const isDry = query.dryRun === "true";
      const planned = target && crossing.transfer(service, target, order, keyOf(call));
      const forward = planned && !isDry ? await crossing.begin(planned) : planned;
      const request: Request = forward
        ? await crossing.lockFor(service, forward, maxFee)
        : { type: "pay", ...order, maxFee };
      if (isDry) return await rehearse(service, request);
      const done = await carryOut(service, request, call, reply);
      if (forward) {
        await crossing.sendOff(forward);
        await crossing.requirePaid(forward);
      }
      const { decimals } = service.asset(token);
      void reply.code(201);
      return { id: idOf(service, done.event), from, to, token, amount, decimals, reference, ...completedBy(done) };
    },
  );

  app.post(
    "/v1/batches",
    {
      config: {
        access: "money:write",
        concerns: concerning("body", wire.batch, ({ from, token }) => ({ accounts: [from], tokens: [token] })),
      },
      bodyLimit: BATCH_BODY,
      schema: {
        summary: "Pay many accounts from a hosted one: in one state, or none",
        description: `Up to ${wire.BATCH} payments of one asset in one state of the payer. Accounts of other systems are paid by locks of that state, 128 of one asset at a time: each is paid whole or comes back.`,
        headers: keyed,
        querystring: rehearsable,
        body: wire.batch,
        response: { 200: wire.rehearsal, 201: wire.batchReceipt },
      },
    },
    async (call, reply) => {
      const { body, query } = call;
      const { from, token } = body;
      const service = services.of(from);
      const isDry = query.dryRun === "true";
      const named = await namedItems({ store, host }, body.items);
      const plan = await planBatch(crossing, service, { from, token, items: named, request: keyOf(call), isDry });
      const request: Request = { type: "payBatch", ...body, items: plan.map(({ item }) => item) };
      if (isDry) return await rehearse(service, request);
      const done = await carryOut(service, request, call, reply);
      const outcomes = await Promise.all(plan.map(({ forward }) => finish(crossing, forward)));
      const { fee, ...completed } = completedBy(done);
      const feeOf = (item: number) => done.fees?.[item] ?? (named.length === 1 ? fee : 0n);
      void reply.code(201);
      return {
        from,
        token,
        decimals: service.asset(token).decimals,
        total: named.reduce((sum, { amount }) => sum + amount, 0n),
        fee,
        items: named.map((item, i) => ({ ...item, fee: feeOf(i), ...outcomes[i]! })),
        ...completed,
      };
    },
  );

  app.post(
    "/v1/redemptions",
    {
      config: {
        access: "money:write",
        concerns: concerning("body", wire.redemption, ({ from, token }) => ({ accounts: [from], tokens: [token] })),
      },
      schema: {
        summary: "Take money of a hosted account out of circulation",
        headers: keyed,
        querystring: rehearsable,
        body: wire.redemption,
        response: { 200: wire.rehearsal, 201: wire.redemptionReceipt },
      },
    },
    async (call, reply) => {
      const { body, query } = call;
      const service = services.of(body.from);
      const request: Request = { type: "pay", to: null, ...body };
      if (query.dryRun === "true") return await rehearse(service, request);
      const done = await carryOut(service, request, call, reply);
      const { from, token, amount, reference } = body;
      const { decimals } = service.asset(token);
      void reply.code(201);
      return { id: idOf(service, done.event), from, token, amount, decimals, reference, ...completedBy(done) };
    },
  );

  app.post(
    "/v1/preimages",
    {
      config: { access: "anyone" },
      schema: {
        summary: "Claim what is promised under the hash of a preimage",
        headers: keyed,
        body: wire.revelation,
        response: { 201: wire.revelationReceipt },
      },
    },
    async (call, reply) => {
      const { preimage } = call.body;
      const hash = hashOfPreimage(preimage);
      // What came from another system is claimed where its payee is.
      const forward = await store.forwards.find(hash);
      const service = forward ? services.ofSystem(forward.target) : services.ofHash(hash);
      const { commit } = await carryOut(service, { type: "reveal", preimage }, call, reply, preimage);
      void reply.code(201);
      return { commit };
    },
  );
}

/**
 * What a batch pays, to addresses.
 * @throws unknown_alias, with the number of the `item`
 */
async function namedItems(names: Names, items: z.output<typeof wire.batch>["items"]) {
  return await Promise.all(
    items.map(async ({ to, ...terms }, item) => {
      const account = await accountNamed(names, to).catch((error: unknown) => {
        throw ofItem(error, item);
      });
      return { to: account, ...terms };
    }),
  );
}

/** What one payment of a batch to an account of another system came to; one to an own account is made at once. */
async function finish(crossing: Crossing, forward: Pick<Forward, "hash"> | undefined): Promise<CrossingOutcome> {
  if (forward === undefined) return { status: "paid", refused: null };
  await crossing.sendOff(forward);
  return await crossing.outcomeOf(forward);
}

/** The state that a hosted payer's request completed. */
function completedBy({ commit, channelId, version, state, fee = 0n }: Reply) {
  return { commit, fee, channelId: channelId!, version: version!, systemSignature: state! };
}
