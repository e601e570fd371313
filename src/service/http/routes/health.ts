import * as wire from "../../../wire";
import { BY_ANYONE, type Api } from "../api";

/** For whoever runs the process. */
export function healthRoutes({ app, service }: Api): void {
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
        summary: "Whether it takes requests: it leads its system, and its store answers",
        response: { 200: wire.status },
      },
    },
    async () => {
      await service.requireReady();
      return { status: "ok" as const };
    },
  );
}
