import type { AccountService, Request } from "../../src/service";

/** Requests under way at once where as many are made as are answered. */
const CLIENTS = 4_096;

/** Milliseconds of each request, from when it was due to its answer. */
export type Latencies = number[];

/** As many requests as the service answers: the next begins when one is answered. */
export async function asManyAsItTakes(service: AccountService, requests: readonly Request[]): Promise<Latencies> {
  const latencies: Latencies = [];
  let next = 0;
  const client = async () => {
    while (next < requests.length) {
      const began = performance.now();
      await service.submit(requests[next++]!);
      latencies.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return latencies;
}

/** Requests that arrive at random, `rate` a second on average, whether or not the earlier ones are answered (Poisson). */
export async function atRate(service: AccountService, requests: readonly Request[], rate: number): Promise<Latencies> {
  const latencies: Latencies = [];
  const underWay: Promise<void>[] = [];
  const make = async (request: Request, due: number) => {
    await service.submit(request);
    latencies.push(performance.now() - due);
  };
  let due = performance.now();
  for (let next = 0; next < requests.length; await new Promise((resolve) => setTimeout(resolve, 1))) {
    for (; due <= performance.now() && next < requests.length; due += (-Math.log(1 - Math.random()) * 1000) / rate) {
      underWay.push(make(requests[next++]!, due));
    }
  }
  await Promise.all(underWay);
  return latencies;
}

/** In milliseconds, to hundredths. */
export function percentile(latencies: Latencies, share: number): number {
  const sorted = Float64Array.from(latencies).sort();
  const value = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
  return Math.round(value * 100) / 100;
}
