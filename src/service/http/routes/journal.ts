import * as wire from "../../../wire";
import type { Api } from "../api";
import { serviceFor } from "../records";

/** The hash chain of a system's log, for whoever verifies it. */
export function journalRoutes({ app, services, store }: Api): void {
  const route = { config: { access: "events:read" as const } };

  app.get(
    "/v1/journal/commits",
    {
      ...route,
      schema: {
        summary: "The commits of a system: the hashes of their events, and the head that they lead to",
        querystring: wire.journalQuery,
        response: { 200: wire.journalCommits },
      },
    },
    async ({ query: { system, after, limit } }) => {
      const service = serviceFor(services, { system, account: undefined });
      return { data: await store.journal.commits(service.identity.system, after, limit) };
    },
  );

  app.get(
    "/v1/journal/events",
    {
      ...route,
      schema: {
        summary: "The events of a system as text that their hashes are of",
        querystring: wire.journalQuery,
        response: { 200: wire.journalEvents },
      },
    },
    async ({ query: { system, after, limit } }) => {
      const service = serviceFor(services, { system, account: undefined });
      return { data: await store.journal.events(service.identity.system, after, limit) };
    },
  );
}
