import { readFile } from "node:fs/promises";
import path from "node:path";

import files from "@fastify/static";
import type { FastifyReply } from "fastify";

import type { Api } from "./api";
import type { Surroundings } from "./surroundings";

/** Where the console's scripts and styles are, each under a name with its content's hash. */
export const ASSETS = "/assets";

/** What a browser may be at; the console decides what to show there. */
const PAGES = ["/", "/wallet", "/wallet/*", "/operator", "/operator/*", "/pay/*"];

const YEAR = 365 * 86_400_000;

/** Everything comes from here, but for what the chain's nodes and watchtowers answer. */
function policy({ nodes, watchtowers }: Surroundings): string {
  const others = [...nodes, ...watchtowers].map((url) => new URL(url).origin);
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src ${["'self'", ...new Set(others)].join(" ")}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join("; ");
}

/** What keeps the wallet in a browser; it may ask the service alone, and is asked for again each time. */
const WORKER = "/worker.js";
const WORKER_POLICY = "default-src 'none'; connect-src 'self'";

/**
 * Serves the built console: one page under every address that it has, asked for again each time, and files that never change.
 * @param folder as `npm run build:console` fills it
 * @param surroundings whom the page may ask besides the service
 */
export async function addConsole(app: Api["app"], folder: string, surroundings: Surroundings): Promise<void> {
  const page = await readFile(path.join(folder, "index.html"));
  const csp = policy(surroundings);
  const show = (_call: unknown, reply: FastifyReply) =>
    reply
      .type("text/html; charset=utf-8")
      .header("content-security-policy", csp)
      .header("cache-control", "no-cache")
      .send(page);
  for (const url of PAGES) app.get(url, { config: { access: "anyone" }, schema: { hide: true } }, show);
  const worker = await readFile(path.join(folder, WORKER));
  app.get(WORKER, { config: { access: "anyone" }, schema: { hide: true } }, (_call, reply) =>
    reply
      .type("text/javascript; charset=utf-8")
      .header("content-security-policy", WORKER_POLICY)
      .header("cache-control", "no-cache")
      .send(worker),
  );
  // Apart from what the API's page brings of the same kind.
  await app.register(async (own) => {
    const root = path.join(folder, ASSETS);
    await own.register(files, {
      root,
      prefix: `${ASSETS}/`,
      immutable: true,
      maxAge: YEAR,
      preCompressed: true,
      index: false,
    });
  });
}
