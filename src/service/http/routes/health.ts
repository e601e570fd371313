import * as wire from "../../../wire";
import type { Api } from "../api";

/** For whoever runs the process. */
export function healthRoutes({ app, services, store }: Api): void {
  app.get(
    "/healthz",
    {
      config: { access: "anyone", pressureHandler: () => undefined },
      schema: { summary: "Whether the process lives", response: { 200: wire.status } },
    },
    () => ({ status: "ok" as const }),
  );

  app.get(
    "/readyz",
    {
      config: { access: "anyone" },
      schema: {
        summary: "Whether it takes requests: it leads, or knows who does, and its store and its signers answer",
        response: { 200: wire.status },
      },
    },
    async () => {
      await Promise.all([store.candidates.leaderships(), ...services.all().map((service) => service.requireReady())]);
      return { status: "ok" as const };
    },
  );
}
