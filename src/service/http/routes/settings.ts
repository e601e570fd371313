import * as wire from "../../../wire";
import type { Api } from "../api";
import { NOTHING } from "../auth";

/** What the process that answers runs with. */
export function settingRoutes({ app, shown }: Api): void {
  app.get(
    "/v1/settings",
    {
      config: { access: "service:read", concerns: NOTHING },
      schema: {
        summary: "What the process that answers is configured with",
        description: "Secrets are not told, and of addresses elsewhere only the host.",
        response: { 200: wire.settings },
      },
    },
    () => ({ settings: [...shown] }),
  );
}
