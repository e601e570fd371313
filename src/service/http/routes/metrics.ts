import { z } from "zod";

import type { Api } from "../api";

/** For Prometheus. */
export function metricsRoutes({ app, metrics }: Api): void {
  app.get(
    "/metrics",
    {
      config: { access: "service:read" },
      schema: {
        summary: "What the process counts and measures (docs/METRICS.md), in Prometheus's text format",
        produces: ["text/plain"],
        response: { 200: z.string() },
      },
    },
    async (_, reply) => {
      void reply.type(metrics.registry.contentType);
      return await metrics.registry.metrics();
    },
  );
}
