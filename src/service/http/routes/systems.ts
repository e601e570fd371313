import * as wire from "../../../wire";
import { BY_ANYONE, type Api } from "../api";

/** What the service serves. */
export function systemRoutes({ app, service }: Api): void {
  app.get(
    "/v1/systems",
    { schema: { ...BY_ANYONE, summary: "The systems that are served here", response: { 200: wire.systems } } },
    () => {
      const { system, domain, signer } = service.identity;
      return { systems: [{ address: system, ...domain, signer }] };
    },
  );

  app.get(
    "/v1/assets",
    { schema: { ...BY_ANYONE, summary: "The tokens that accounts are kept in", response: { 200: wire.assets } } },
    () => ({ assets: [...service.assets()] }),
  );
}
