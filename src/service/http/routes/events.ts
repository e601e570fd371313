import * as wire from "../../../wire";
import type { Api } from "../api";
import { ASKED_FOR } from "../concern";

/** The log, for whoever follows it from any number on (case 32). */
export function eventRoutes({ app, records }: Api): void {
  app.get(
    "/v1/events",
    {
      config: { access: "events:read", concerns: ASKED_FOR },
      schema: {
        summary: "Everything that happened in a system, in its order or newest first",
        querystring: wire.eventQuery,
        response: { 200: wire.events },
      },
    },
    async ({ query }) => {
      const { after, before, order, limit, type, account, token } = query;
      const filter = { ...(type && { types: type }), ...(account && { account }), ...(token && { token }) };
      const range = { after, ...(before !== undefined && { before }), ...(order && { order }) };
      const found = await records.events(await records.systemOf(query), { ...range, limit: limit + 1, ...filter });
      const data = found.slice(0, limit);
      return { data, last: data.at(-1)?.number ?? after, hasMore: found.length > limit };
    },
  );
}
