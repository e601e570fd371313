import { z } from "zod";

import { fail } from "../../../errors";
import { available, balance, hashWithdrawal, type ChannelId } from "../../../protocol";
import * as wire from "../../../wire";
import type { AccountService } from "../../accountService";
import type { Api } from "../api";
import { concerning } from "../auth";
import { carryOut, keyed } from "../idempotency";

const params = z.strictObject({ id: wire.channelId });

/** What wallets of self-custody users ask for and send. */
export function channelRoutes({ app, services }: Api): void {
  app.get(
    "/v1/channels/:id",
    {
      config: {
        access: "channels:read",
        concerns: concerning("params", params, ({ id }) => {
          const [key] = services.all().flatMap((service) => service.channel(id)?.key ?? []);
          return key === undefined ? {} : { accounts: [key.user], tokens: [key.token] };
        }),
      },
      schema: {
        summary: "A channel with all that proves it on chain",
        params,
        response: { 200: wire.channel },
      },
    },
    ({ params: { id } }) => viewOf(services.ofChannel(id), id),
  );

  app.post(
    "/v1/channels/:id/states",
    {
      config: { access: "anyone" },
      schema: {
        summary: "Complete a state that the user signed",
        params,
        headers: keyed,
        body: wire.stateSubmission,
        response: { 201: wire.stateReceipt },
      },
    },
    async (call, reply) => {
      const { body } = call;
      const { id } = call.params;
      const named = body.proposal.channelId;
      if (named !== id) fail("invalid_request", { field: "body/proposal/channelId", got: named, want: id });
      const { commit, state } = await carryOut(
        services.ofChannel(id),
        { type: "submitState", ...body },
        call,
        reply,
        id,
      );
      void reply.code(201);
      return { commit, systemSignature: state! };
    },
  );
}

async function viewOf(service: AccountService, id: ChannelId): Promise<z.output<typeof wire.channel>> {
  const channel = service.channel(id) ?? fail("unknown_channel", { channel: id });
  // All of it is one moment's: what must be fetched is named before anything is waited for.
  const { key, status, funds, state, note, pending, outgoing } = channel;
  const outcomes = service.lockOutcomes(id);
  const [complete, held, consent] = await Promise.all([
    service.completeState(id, state.version),
    service.latestNote(id),
    pending && service.consent(hashWithdrawal(pending)),
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
    withdrawal:
      pending && consent
        ? { withdrawal: pending, userSignature: consent.signature, systemSignature: consent.systemSignature }
        : null,
  };
}
