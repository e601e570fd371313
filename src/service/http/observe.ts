import type { Metrics } from "../telemetry/metrics";
import type { Tracing } from "../telemetry/tracing";
import type { Api } from "./api";

/** Counts, times and logs every request; neither bodies nor addresses with their parameters are logged. */
export function observeRequests(app: Api["app"], metrics: Metrics, tracing?: Tracing): void {
  app.decorateReply("refusal", undefined);
  app.addHook("onResponse", (request, reply, done) => {
    const { method, routeOptions, log } = request;
    const { statusCode: status, refusal, elapsedTime } = reply;
    const route = routeOptions.url;
    const answered = { method, route, status, refusal, seconds: elapsedTime / 1000 };
    metrics.answered(answered);
    tracing?.answered(answered);
    log.info({ method, route, status, milliseconds: Math.round(elapsedTime * 1000) / 1000, refusal }, "answered");
    done();
  });
}
