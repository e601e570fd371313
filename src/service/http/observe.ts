import type { ErrorCode } from "../../errors";
import type { Metrics } from "../telemetry/metrics";
import type { Api } from "./api";

declare module "fastify" {
  interface FastifyReply {
    /** The problem that was answered with. */
    refusal: ErrorCode | undefined;
  }
}

/** Counts, times and logs every request; neither bodies nor addresses with their parameters are logged. */
export function observeRequests(app: Api["app"], metrics: Metrics): void {
  app.decorateReply("refusal", undefined);
  app.addHook("onResponse", (request, reply, done) => {
    const { method, routeOptions, log } = request;
    const { statusCode: status, refusal, elapsedTime } = reply;
    const route = routeOptions.url;
    metrics.answered({ method, route, status, refusal, seconds: elapsedTime / 1000 });
    log.info({ method, route, status, milliseconds: Math.round(elapsedTime * 1000) / 1000, refusal }, "answered");
    done();
  });
}
