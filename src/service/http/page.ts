import swaggerUi from "@fastify/swagger-ui";

import type { Api } from "./api";

const PAGE = "/docs";

/** The page is all that a browser may do anything with, and only with what comes from here. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
].join("; ");

/** Lets anyone open the page that {@link addPage} adds; to be called before it is asked for whom routes are. */
export function openPage(app: Api["app"]): void {
  app.addHook("onRoute", (route) => {
    if (route.url === PAGE || route.url.startsWith(`${PAGE}/`)) route.config = { ...route.config, access: "anyone" };
  });
}

/** Adds `/docs`: the API's document to read and to try out, with nothing from elsewhere. */
export async function addPage(app: Api["app"]): Promise<void> {
  await app.register(swaggerUi, {
    routePrefix: PAGE,
    staticCSP: POLICY,
    uiConfig: { docExpansion: "list", filter: true, deepLinking: true, persistAuthorization: false },
    theme: { title: "Starledger" },
  });
}
