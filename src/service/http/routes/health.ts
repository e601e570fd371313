import * as wire from "../../../wire";
import { BY_ANYONE, type Api } from "../api";

/** For whoever runs the process. */
export function healthRoutes({ app, services }: Api): void {
  app.get(
    "/healthz",
    { schema: { ...BY_ANYONE, summary: "Whether the process lives", response: { 200: wire.status } } },
    () => ({ status: "ok" as const }),
  );

  app.get(
    "/readyz",
    {
      schema: {
        ...BY_ANYONE,
        summary: "Whether it takes requests: it leads its systems, and its store answers",
        response: { 200: wire.status },
      },
    },
    async () => {
      await Promise.all(services.all().map((service) => service.requireReady()));
      return { status: "ok" as const };
    },
  );
}
