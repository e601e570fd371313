import { z } from "zod";

import type { LedgerEvent } from "../../../engine";
import { fail } from "../../../errors";
import type { Hash } from "../../../protocol";
import * as wire from "../../../wire";
import type { Api } from "../api";
import { ASKED_FOR, LOOKED_FOR, requireOneOf } from "../concern";
import { customerOf, type Records } from "../records";
import { withdrawalProgress, type WithdrawalProgress } from "../withdrawalProgress";

type Signed = LedgerEvent<"withdrawal.signed">;
type Ended = LedgerEvent<"withdrawal.settled" | "withdrawal.expired">;

const END = { "withdrawal.settled": "settled", "withdrawal.expired": "expired" } as const;

const params = z.strictObject({ id: wire.hash });

/** What was signed to the chain, and what became of it. */
export function withdrawalRecordRoutes({ app, records, store, services, sides }: Api): void {
  const progressOf = withdrawalProgress({ store, services, sides });

  app.get(
    "/v1/withdrawals",
    {
      config: { access: "money:read", concerns: ASKED_FOR },
      schema: {
        summary: "Withdrawals that were signed, and what became of them, newest first",
        querystring: wire.recordQuery,
        response: { 200: wire.page(wire.withdrawalRecord) },
      },
    },
    async ({ query }) => {
      const page = await records.page(["withdrawal.signed"], query);
      return { ...page, data: await viewsOf(records, page.data, await progressOf(page.data)) };
    },
  );

  app.get(
    "/v1/withdrawals/:id",
    {
      config: { access: "money:read", concerns: LOOKED_FOR },
      schema: { summary: "A withdrawal", params, response: { 200: wire.withdrawalRecord } },
    },
    async ({ caller, params: { id } }) => {
      const channelId = (await store.signed.consent(id))?.message.channelId;
      const system = channelId && (await store.whereabouts.ofChannel(channelId));
      const signed = { types: ["withdrawal.signed"], references: [id], limit: 1 } as const;
      const found = (system === undefined ? [] : await records.events(system, signed)) as Signed[];
      const [view] = await viewsOf(records, found, await progressOf(found));
      if (view === undefined) return fail("unknown_record", { id });
      requireOneOf(caller, "money:read", [view.account], view.token);
      return view;
    },
  );
}

async function viewsOf(records: Records, signed: readonly Signed[], progress: (one: Signed) => WithdrawalProgress) {
  const ends = await endsOf(records, signed);
  return await Promise.all(signed.map((one) => viewOf(records, one, progress(one), ends.get(one.reference))));
}

async function viewOf(records: Records, signed: Signed, progress: WithdrawalProgress, end: Ended | undefined) {
  const { system, commit, time, account, token, reference, data } = signed;
  const { amount, fee = 0n, recipient, channelId, deadline } = data;
  return {
    ...{ id: reference, commit, time, account: customerOf(account), token: token! },
    ...{ amount, fee, recipient, channelId, deadline },
    decimals: await records.decimalsOf(system, token!),
    ...progress,
    ...(end !== undefined && { status: END[end.type], confirmations: null }),
    ended: end?.time ?? null,
  } as const;
}

async function endsOf(records: Records, signed: readonly Signed[]): Promise<Map<Hash, Ended>> {
  const types = ["withdrawal.settled", "withdrawal.expired"] as const;
  const ends = await Promise.all(
    [...new Set(signed.map(({ system }) => system))].map((system) => {
      const references = signed.filter((one) => one.system === system).map(({ reference }) => reference);
      return records.events(system, { types, references, limit: references.length });
    }),
  );
  return new Map(ends.flat().map((end) => [end.reference, end as Ended]));
}
