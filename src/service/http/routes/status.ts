import * as wire from "../../../wire";
import type { Api } from "../api";
import { NOTHING } from "../auth";

/** For whoever runs the process: more than whether it is ready. */
export function statusRoutes({ app, services }: Api): void {
  app.get(
    "/v1/status",
    {
      config: { access: "service:read", concerns: NOTHING },
      schema: {
        summary: "How far the process and its systems have come",
        response: { 200: wire.progress },
      },
    },
    () => ({
      uptimeSeconds: Math.floor(process.uptime()),
      systems: services.all().map(({ identity, status }) => ({ address: identity.system, ...status })),
    }),
  );
}
