import swaggerUi from "@fastify/swagger-ui";

import type { Api } from "./api";
import { ASSETS } from "./console";

const PAGE = "/docs";
/** What is under these is for anyone: files, with nothing in them of any account. */
const OPEN = [PAGE, ASSETS];

/** The page is all that a browser may do anything with, and only with what comes from here. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
].join("; ");

/** Lets anyone open what {@link addPage} and the console add; to be called before it is asked for whom routes are. */
export function openPages(app: Api["app"]): void {
  app.addHook("onRoute", (route) => {
    const isOpen = OPEN.some((folder) => route.url === folder || route.url.startsWith(`${folder}/`));
    if (isOpen) route.config = { ...route.config, access: "anyone" };
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
