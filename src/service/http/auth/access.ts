import type { FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";

import { fail } from "../../../errors";
import type { Address } from "../../../protocol";
import type { Scope } from "../../../wire";
import type { Api } from "../api";
import type { Caller } from "./caller";
import { isWithin } from "./networks";

/** The accounts and tokens that a request reads or acts for; undefined where it may be any. */
export interface Concern {
  readonly accounts?: readonly Address[] | undefined;
  readonly tokens?: readonly Address[] | undefined;
}

declare module "fastify" {
  interface FastifyContextConfig {
    /** The scope that a call needs; anyone may ask for what is public or signed. */
    access?: Scope | "anyone";
    /** What a valid request is about. Whoever is confined is refused where this is not said. */
    concerns?: (request: FastifyRequest) => Concern;
  }
  interface FastifyRequest {
    /** Null for whoever does not say. */
    caller: Caller | null;
  }
}

/** A request's concern, from parts of it that its route has checked by `schema`. */
export function concerning<T extends z.ZodType>(
  part: "body" | "params" | "query",
  _schema: T,
  concern: (value: z.output<T>) => Concern,
): (request: FastifyRequest) => Concern {
  return (request) => concern(request[part] as z.output<T>);
}

/** Of what belongs to no account and no token. */
export const NOTHING = (): Concern => ({ accounts: [], tokens: [] });

/**
 * Counts every call, and lets through what the caller may ask for: its scope before the body is read, its restrictions once that is checked. Routes
 * that come after it and do not say for whom they are stop the start.
 */
export function enforceAccess(
  app: Api["app"],
  callerOf: (request: FastifyRequest) => Promise<Caller | null>,
  count: (request: FastifyRequest, reply: FastifyReply) => Promise<void>,
): void {
  app.decorateRequest("caller", null);
  app.addHook("onRoute", ({ method, url, config }) => {
    if (config?.access === undefined) throw new Error(`${String(method)} ${url} does not say for whom it is`);
  });
  app.addHook("onRequest", async (request, reply) => {
    try {
      request.caller = await callerOf(request);
    } finally {
      // Whoever is not who it says counts as anybody.
      await count(request, reply);
    }
    const { access = "anyone" } = request.routeOptions.config;
    requireCall(request, request.caller);
    if (access !== "anyone") requireScope(request.caller, access);
  });
  app.addHook("preHandler", (request, _reply, done) => {
    const { access = "anyone", concerns } = request.routeOptions.config;
    if (access !== "anyone") requireWithin(request.caller, concerns?.(request) ?? {});
    done();
  });
}

/**
 * For routes whose body decides what they need.
 * @throws unauthorized, forbidden
 */
export function requireAccess(caller: Caller | null, scope: Scope, concern: Concern): void {
  requireScope(caller, scope);
  requireWithin(caller, concern);
}

/** A key that is confined to calls or networks is so for what anyone may call too. */
export function requireCall({ method, routeOptions, ip }: FastifyRequest, caller: Caller | null): void {
  const { calls, addresses } = caller?.restrictions ?? {};
  const path = routeOptions.url?.replace(/:(\w+)/g, "{$1}");
  if (calls && !calls.includes(`${method === "HEAD" ? "GET" : method} ${path}`))
    fail("forbidden", { restriction: "calls" });
  if (addresses && !isWithin(ip, addresses)) fail("forbidden", { restriction: "addresses" });
}

function requireScope(caller: Caller | null, scope: Scope): void {
  if (!(caller ?? fail("unauthorized")).scopes.has(scope)) fail("forbidden", { scope });
}

function requireWithin(caller: Caller | null, { accounts, tokens }: Concern): void {
  const { restrictions } = caller ?? fail("unauthorized");
  requireEach("accounts", accounts, restrictions.accounts);
  requireEach("tokens", tokens, restrictions.tokens);
}

/** What is refused is not named: whose a channel is, say, is known to those alone who may read it. */
function requireEach(
  restriction: string,
  concerned: readonly Address[] | undefined,
  allowed: readonly Address[] | null,
): void {
  if (allowed === null) return;
  if (concerned?.every((one) => allowed.includes(one)) !== true) fail("forbidden", { restriction });
}
