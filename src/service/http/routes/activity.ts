import { fail } from "../../../errors";
import * as wire from "../../../wire";
import { activityOf } from "../../activity";
import type { Api } from "../api";
import { byToken } from "../listing";

/** What happened in an asset over time, for charts. */
export function activityRoutes({ app, records, store }: Api): void {
  app.get(
    "/v1/activity/:token",
    {
      config: { access: "statements:read" },
      schema: {
        summary: "Payments, volume and flows of an asset, period by period",
        description: "It takes the longer, the more has happened since `from`.",
        params: byToken,
        querystring: wire.activityQuery,
        response: { 200: wire.activity },
      },
    },
    async ({ params: { token }, query }) => {
      const { from, to, step } = query;
      if (to - from > wire.PERIODS * step * 1_000) fail("out_of_range", { field: "querystring/step", got: step });
      const system = await records.systemOf({ system: query.system });
      const decimals = await records.decimalsOf(system, token);
      const periods = await activityOf(store.activity, system, token, { from, to, length: step * 1_000 });
      return { system, token, decimals, step, periods };
    },
  );
}
