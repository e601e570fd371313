import { z } from "zod";

import { fail } from "../../../errors";
import { available, balance, hashWithdrawal, type ChannelId, type Closing, type Signature } from "../../../protocol";
import * as wire from "../../../wire";
import type { AccountService } from "../../accountService";
import type { Request } from "../../requests";
import type { Api } from "../api";
import { concerning, requireAccess } from "../auth";
import { ofChannel } from "../concern";
import { carryOut, keyed } from "../idempotency";
import { rehearsable, rehearse } from "../rehearsal";

/** A state may pay as many as a batch. */
const STATE_BODY = 2 ** 22;

const params = z.strictObject({ id: wire.channelId });

/** What wallets of self-custody users ask for and send. */
export function channelRoutes({ app, services }: Api): void {
  app.get(
    "/v1/channels/:id",
    {
      config: {
        access: "channels:read",
        concerns: concerning("params", params, ({ id }) => ofChannel(services, id)),
      },
      schema: {
        summary: "A channel with all that proves it on chain",
        params,
        response: { 200: wire.channel },
      },
    },
    ({ params: { id } }) => channelView(services.ofChannel(id), id),
  );

  app.post(
    "/v1/channels/:id/states",
    {
      config: { access: "anyone" },
      bodyLimit: STATE_BODY,
      schema: {
        summary: "Complete a state that the user signed",
        params,
        headers: keyed,
        querystring: rehearsable,
        body: wire.stateSubmission,
        response: { 200: wire.rehearsal, 201: wire.stateReceipt },
      },
    },
    async (call, reply) => {
      const { body, query } = call;
      const { id } = call.params;
      const named = body.proposal.channelId;
      if (named !== id) fail("invalid_request", { field: "body/proposal/channelId", got: named, want: id });
      const service = services.ofChannel(id);
      const request: Request = { type: "submitState", ...body };
      if (query.dryRun === "true") return await rehearse(service, request);
      const { commit, state } = await carryOut(service, request, call, reply, id);
      void reply.code(201);
      return { commit, systemSignature: state! };
    },
  );

  app.post(
    "/v1/channels/:id/closings",
    {
      config: { access: "anyone" },
      schema: {
        summary: "Sign a cooperative closing of the channel's epoch",
        description:
          "`self`: the user has signed it. `hosted`: the service signs for the user; needs `money:write`. Nothing else is signed until it is on chain or its deadline has passed.",
        params,
        headers: keyed,
        querystring: rehearsable,
        body: wire.closingRequest,
        response: { 200: wire.rehearsal, 201: wire.closingReceipt },
      },
    },
    async (call, reply) => {
      const { body, query } = call;
      const { id } = call.params;
      const isHosted = body.custody === "hosted";
      if (isHosted) requireAccess(call.caller, "money:write", ofChannel(services, id));
      const service = services.ofChannel(id);
      const request = isHosted ? hostedClosing(service, id, body.deadline) : signedClosing(id, body);
      if (query.dryRun === "true") return await rehearse(service, request);
      const { commit, consentHash } = await carryOut(service, request, call, reply, isHosted ? undefined : id);
      const signed = (await service.signatures.consent(consentHash!)) ?? fail("store_corrupt", { consentHash });
      const { message, signature: userSignature, systemSignature } = signed;
      void reply.code(201);
      return { commit, closing: message as Closing, userSignature, systemSignature };
    },
  );
}

/** Of a channel that is not known: anything. */
function hostedClosing(service: AccountService, id: ChannelId, deadline: bigint): Request {
  const { key, status } = service.channel(id) ?? fail("unknown_channel", { channel: id });
  const { user: from, token } = key;
  if (status === "settled") fail("channel_frozen", { channel: id, status });
  return { type: "closeHosted", from, token, deadline };
}

function signedClosing(id: ChannelId, { closing, signature }: { closing: Closing; signature: Signature }): Request {
  const got = closing.channelId;
  if (got !== id) fail("invalid_request", { field: "body/closing/channelId", got, want: id });
  return { type: "closeCooperatively", closing, signature };
}

/** A channel with all that proves it on chain. */
export async function channelView(service: AccountService, id: ChannelId): Promise<z.output<typeof wire.channel>> {
  const channel = service.channel(id) ?? fail("unknown_channel", { channel: id });
  // All of it is one moment's: what must be fetched is named before anything is waited for.
  const { key, status, funds, state, note, pending, outgoing, freeze } = channel;
  const outcomes = service.lockOutcomes(id);
  const [complete, held, consent] = await Promise.all([
    service.signatures.completeState(id, state.version),
    service.latestNote(id),
    pending && service.signatures.consent(hashWithdrawal(pending)),
  ]);
  return {
    id,
    key,
    decimals: service.asset(key.token).decimals,
    status,
    funds,
    balance: balance(funds, state, note),
    available: available(funds, state, note, pending),
    state: complete ?? null,
    note: held ?? null,
    outgoing,
    outcomes,
    fees: service.feesFor(channel),
    lostUntil: freeze?.lost ?? null,
    withdrawal:
      pending && consent
        ? { withdrawal: pending, userSignature: consent.signature, systemSignature: consent.systemSignature }
        : null,
  };
}
