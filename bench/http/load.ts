import { Agent, request } from "node:http";

import autocannon from "autocannon";

/** A call of the API. */
export interface Call {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** How calls went; latencies in milliseconds. */
export interface Load {
  readonly calls: number;
  readonly failed: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly slowest: number;
}

/**
 * As many calls as `connections` that each wait for their answer can make, or `overallRate` a second, in bursts; then what a late
 * answer keeps from being sent counts as late too (autocannon).
 */
export async function saturate(
  url: string,
  { connections, overallRate }: { readonly connections: number; readonly overallRate?: number },
  seconds: number,
  next: () => Call,
): Promise<Load> {
  const setupRequest = (template: autocannon.Request): autocannon.Request => ({ ...template, ...next() });
  const rate = overallRate === undefined ? {} : { overallRate };
  const result = await autocannon({ url, connections, ...rate, duration: seconds, requests: [{ setupRequest }] });
  const { latency, non2xx, errors, duration } = result;
  return {
    calls: result["2xx"],
    failed: non2xx + errors,
    perSecond: Math.round(result["2xx"] / duration),
    p50: latency.p50,
    p99: latency.p99,
    p999: latency.p99_9,
    slowest: latency.max,
  };
}

/**
 * Calls that arrive at random, `rate` a second on average, whether or not the earlier ones are answered. A call's latency
 * counts from the moment at which it was due.
 */
export async function arrive(url: string, rate: number, seconds: number, next: () => Call): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: 512, scheduling: "fifo" });
  const { hostname, port } = new URL(url);
  const latencies: number[] = [];
  let failed = 0;
  const make = ({ method, path, headers, body }: Call, due: number): Promise<void> =>
    new Promise((resolve) => {
      const failure = () => {
        failed += 1;
        resolve();
      };
      const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
      const sent = request({ agent, hostname, port, method, path, headers: { ...headers, ...length } }, (response) => {
        response.on("error", failure);
        response.on("end", () => {
          if (response.statusCode! >= 300) return failure();
          latencies.push(performance.now() - due);
          resolve();
        });
        response.resume();
      });
      sent.on("error", failure);
      sent.end(body);
    });

  const began = performance.now();
  const underWay: Promise<void>[] = [];
  let due = began;
  while (due < began + 1000 * seconds) {
    for (; due <= performance.now(); due += (-Math.log(1 - Math.random()) * 1000) / rate)
      underWay.push(make(next(), due));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(underWay);
  agent.destroy();

  const passed = (performance.now() - began) / 1000;
  const sorted = Float64Array.from(latencies).sort();
  const percentile = (share: number) => rounded(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]);
  return {
    calls: sorted.length,
    failed,
    perSecond: Math.round(sorted.length / passed),
    p50: percentile(0.5),
    p99: percentile(0.99),
    p999: percentile(0.999),
    slowest: percentile(1),
  };
}

function rounded(milliseconds: number | undefined): number {
  return Math.round((milliseconds ?? NaN) * 100) / 100;
}
