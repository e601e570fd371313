import { readFile } from "node:fs/promises";
import path from "node:path";

import files from "@fastify/static";
import type { FastifyReply } from "fastify";

import type { Api } from "./api";

/** Where the console's scripts and styles are, each under a name with its content's hash. */
export const ASSETS = "/assets";

/** What a browser may be at; the console decides what to show there. */
const PAGES = ["/", "/wallet", "/wallet/*", "/operator", "/operator/*", "/pay/*"];

const YEAR = 365 * 86_400_000;

/** Everything comes from here, but for what the chain's nodes answer. */
function policy(nodes: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src ${["'self'", ...new Set(nodes.map((url) => new URL(url).origin))].join(" ")}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join("; ");
}

/**
 * Serves the built console: one page under every address that it has, asked for again each time, and files that never change.
 * @param folder as `npm run build:console` fills it
 * @param nodes URLs of the chain's nodes that the page may ask
 */
export async function addConsole(app: Api["app"], folder: string, nodes: readonly string[]): Promise<void> {
  const page = await readFile(path.join(folder, "index.html"));
  const csp = policy(nodes);
  const show = (_call: unknown, reply: FastifyReply) =>
    reply
      .type("text/html; charset=utf-8")
      .header("content-security-policy", csp)
      .header("cache-control", "no-cache")
      .send(page);
  for (const url of PAGES) app.get(url, { config: { access: "anyone" }, schema: { hide: true } }, show);
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
