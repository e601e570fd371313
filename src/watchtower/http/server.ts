import cors from "@fastify/cors";
import helmet from "@fastify/helmet";
import rateLimit from "@fastify/rate-limit";
import { fastify, LogController, type FastifyServerOptions } from "fastify";
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";

import { fail } from "../../errors";
import {
  boundConnections,
  connectionLimits,
  describeRoutes,
  drainOnClose,
  refuseUnknown,
  sendProblem,
  serveDocument,
  type App,
} from "../../http";
import type { TowerMetrics } from "../metrics";
import type { Tower } from "../tower";
import { appointmentRoutes, operationRoutes } from "./routes";

/** Milliseconds. */
const REQUEST_TIMEOUT = 10_000;

/** What the HTTP API of a tower is made of. */
export interface TowerServerOptions {
  readonly tower: Tower;
  readonly metrics: TowerMetrics;
  /** Where users reach it; where it listens unless given. */
  readonly publicUrl?: string | undefined;
  /** Calls of one address per minute at most; 0: they are not counted. */
  readonly perMinute: number;
  /** Whose word for a caller's address is believed. */
  readonly trustedProxies: readonly string[];
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Nothing is logged unless given. */
  readonly logger?: FastifyServerOptions["logger"];
}

/** The HTTP API of a watchtower, ready to listen. */
export async function createTowerServer(options: TowerServerOptions): Promise<App> {
  const { tower, metrics, publicUrl, perMinute, trustedProxies, now, logger = false } = options;
  const app = fastify({
    logger,
    ...connectionLimits(REQUEST_TIMEOUT),
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: "request" }),
    return503OnClosing: false,
    frameworkErrors: sendProblem,
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(sendProblem);
  refuseUnknown(app);
  app.decorateReply("refusal", undefined);
  app.addHook("onResponse", ({ method, routeOptions, log }, { statusCode: status, refusal, elapsedTime }, done) => {
    if (refusal !== undefined) metrics.refused(refusal);
    log.info({ method, route: routeOptions.url, status, milliseconds: Math.round(elapsedTime), refusal }, "answered");
    done();
  });
  drainOnClose(app);
  boundConnections(app.server, trustedProxies);
  await describeRoutes(app, {
    title: "Starledger watchtower",
    description: "Shows the chain what its users handed over when somebody closes their channels with less.",
  });
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
  });
  // A pass is no cookie: no page carries it without having it.
  await app.register(cors, { origin: "*", methods: ["GET", "PUT"], allowedHeaders: ["authorization", "content-type"] });
  await app.register(rateLimit, { global: false, timeWindow: 60_000 });
  const count = app.createRateLimit({ max: perMinute });
  app.addHook("onRequest", async (request, reply) => {
    if (perMinute === 0) return;
    const counted = await count(request);
    if (counted.isAllowed || !counted.isExceeded) return;
    void reply.header("retry-after", counted.ttlInSeconds);
    fail("rate_limited", { limit: counted.max, seconds: counted.ttlInSeconds });
  });
  const url = (): string => publicUrl ?? app.listeningOrigin;
  for (const routes of [appointmentRoutes, operationRoutes]) routes({ app, tower, metrics, url, now });
  serveDocument(app);
  await app.ready();
  return app;
}
