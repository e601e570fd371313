import * as wire from "../../../wire";
import type { Api } from "../api";

/** What the service serves. */
export function systemRoutes({ app, services }: Api): void {
  app.get(
    "/v1/systems",
    {
      config: { access: "anyone" },
      schema: { summary: "The systems that are served here", response: { 200: wire.systems } },
    },
    () => {
      const identities = services.all().map(({ identity }) => identity);
      return { systems: identities.map(({ system, domain, signer }) => ({ address: system, ...domain, signer })) };
    },
  );

  app.get(
    "/v1/assets",
    {
      config: { access: "anyone" },
      schema: { summary: "The tokens that accounts are kept in", response: { 200: wire.assets } },
    },
    () => ({ assets: services.all().flatMap((service) => [...service.assets()]) }),
  );
}
