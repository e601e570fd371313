import { z } from "zod";

import type { LedgerEvent } from "../../../engine";
import { fail } from "../../../errors";
import * as wire from "../../../wire";
import type { AccountService } from "../../accountService";
import type { Api } from "../api";
import { ASKED_FOR, LOOKED_FOR, requireOneOf } from "../concern";
import { customerOf, pageOfLog, serviceFor } from "../records";

type Signed = LedgerEvent<"withdrawal.signed">;
type Ended = LedgerEvent<"withdrawal.settled" | "withdrawal.expired">;

const params = z.strictObject({ id: wire.hash });

/** What was signed to the chain, and what became of it. */
export function withdrawalRecordRoutes({ app, services }: Api): void {
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
      const service = serviceFor(services, query);
      const page = await pageOfLog(service, ["withdrawal.signed"], query);
      return { ...page, data: await viewsOf(service, page.data) };
    },
  );

  app.get(
    "/v1/withdrawals/:id",
    {
      config: { access: "money:read", concerns: LOOKED_FOR },
      schema: { summary: "A withdrawal", params, response: { 200: wire.withdrawalRecord } },
    },
    async ({ caller, params: { id } }) => {
      for (const service of services.all()) {
        const found = await service.events({ types: ["withdrawal.signed"], references: [id], limit: 1 });
        const [view] = await viewsOf(service, found as Signed[]);
        if (view === undefined) continue;
        requireOneOf(caller, "money:read", [view.account], view.token);
        return view;
      }
      return fail("unknown_record", { id });
    },
  );
}

async function viewsOf(service: AccountService, signed: readonly Signed[]) {
  const ends = await endsOf(service, signed);
  return signed.map(({ commit, time, account, token, reference, data }) => {
    const { amount, recipient, channelId, deadline } = data;
    const end = ends.get(reference);
    return {
      ...{
        id: reference,
        commit,
        time,
        account: customerOf(account),
        token: token!,
        amount,
        recipient,
        channelId,
        deadline,
      },
      decimals: service.asset(token!).decimals,
      status: end === undefined ? "signed" : end.type === "withdrawal.settled" ? "settled" : "expired",
      ended: end?.time ?? null,
    } as const;
  });
}

async function endsOf(service: AccountService, signed: readonly Signed[]): Promise<Map<string, Ended>> {
  if (signed.length === 0) return new Map();
  const references = signed.map(({ reference }) => reference);
  const types = ["withdrawal.settled", "withdrawal.expired"] as const;
  const ends = await service.events({ types, references, limit: signed.length });
  return new Map(ends.map((end) => [end.reference, end as Ended]));
}
