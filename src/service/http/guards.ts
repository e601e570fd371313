import cors from "@fastify/cors";
import helmet from "@fastify/helmet";
import underPressure from "@fastify/under-pressure";

import { fail } from "../../errors";
import type { Api } from "./api";
import type { HttpSettings } from "./settings";

/** Of the answers, what pages that are let in may read. */
const EXPOSED = ["idempotent-replayed", "ratelimit-limit", "ratelimit-remaining", "ratelimit-reset", "retry-after"];

/**
 * Guards a server against pages of other origins and against more than it can do.
 * @returns what throws `overloaded` while the process runs late, as calls over HTTP are refused then
 */
export async function guard(app: Api["app"], { allowedOrigins, maxDelay }: HttpSettings): Promise<() => void> {
  // No answer is a page: a browser that shows one as such gets to do nothing with it.
  const directives = { defaultSrc: ["'none'"], frameAncestors: ["'none'"] };
  await app.register(helmet, { contentSecurityPolicy: { useDefaults: false, directives } });
  if (allowedOrigins.length > 0) {
    await app.register(cors, {
      origin: [...allowedOrigins],
      methods: ["GET", "POST", "PUT", "PATCH", "DELETE"],
      allowedHeaders: ["authorization", "content-type", "idempotency-key"],
      exposedHeaders: EXPOSED,
      maxAge: 600,
    });
  }
  if (maxDelay === 0) return () => undefined;
  // Where nothing could be measured for so long, it was that late at least.
  const refuse = (late = maxDelay): never =>
    fail("overloaded", { late: Number.isFinite(late) ? Math.round(late) : maxDelay });
  await app.register(underPressure, {
    maxEventLoopDelay: maxDelay,
    pressureHandler: (_request, _reply, _type, late) => refuse(late),
  });
  return () => {
    if (app.isUnderPressure()) refuse(app.memoryUsage().eventLoopDelay);
  };
}
