import { context, SpanStatusCode, trace, type Tracer } from "@opentelemetry/api";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, NodeTracerProvider, type SpanExporter } from "@opentelemetry/sdk-trace-node";

import type { CommitReport } from "../commitReport";
import type { Answered } from "./metrics";

/** Spans of requests and commits, for OpenTelemetry: made when they are over, from what was measured anyway. */
export class Tracing {
  private readonly provider: NodeTracerProvider;
  private readonly tracer: Tracer;

  constructor(exporter: SpanExporter) {
    this.provider = new NodeTracerProvider({
      resource: resourceFromAttributes({ "service.name": "starledger" }),
      spanProcessors: [new BatchSpanProcessor(exporter)],
    });
    this.tracer = this.provider.getTracer("starledger");
  }

  /** A request that was answered just now. */
  answered({ method, route = "none", status, refusal, seconds }: Answered): void {
    const end = performance.now();
    const attributes = {
      "http.request.method": method,
      "http.route": route,
      "http.response.status_code": status,
      ...(refusal !== undefined && { "error.type": refusal }),
    };
    const span = this.tracer.startSpan(`${method} ${route}`, { startTime: wall(end - 1000 * seconds), attributes });
    if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(wall(end));
  }

  /** A commit with its parts. */
  committed({ system, commit, requests, leaves, times }: CommitReport): void {
    const { began, lookup, steps, sign, store } = times;
    const attributes = { system, commit: commit.toString(), requests: requests.length, leaves };
    const whole = this.tracer.startSpan("commit", { startTime: wall(began), attributes });
    const within = trace.setSpan(context.active(), whole);
    for (const [part, start, end] of [
      ["lookup", began, lookup],
      ["steps", lookup, steps],
      ["sign", steps, sign],
      ["store", sign, store],
    ] as const) {
      this.tracer.startSpan(part, { startTime: wall(start) }, within).end(wall(end));
    }
    whole.end(wall(store));
  }

  /** Sends what is left. */
  stop(): Promise<void> {
    return this.provider.shutdown();
  }
}

/** A time of `performance.now()` as Unix milliseconds. */
function wall(time: number): number {
  return performance.timeOrigin + time;
}
