import * as wire from "../../../wire";
import type { Api } from "../api";

const SHOWN = 1_000;

/** Whether the books hold. */
export function reconciliationRoutes({ app, reconciler }: Api): void {
  app.get(
    "/v1/reconciliation",
    {
      config: { access: "service:read" },
      schema: {
        summary: "Hold memory, log, store and chain against each other, now, and name what differs",
        description: "Commits wait while it reads: seconds, for a long log.",
        response: { 200: wire.reconciliations },
      },
    },
    async () => {
      const found = await reconciler.run();
      return {
        systems: found.map(({ differences, ...rest }) => {
          return { ...rest, total: differences.length, differences: differences.slice(0, SHOWN) };
        }),
      };
    },
  );
}
