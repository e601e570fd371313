import type { AccountService, Request } from "../../src/service";

/** Requests under way at once where as many are made as are answered. */
const CLIENTS = 4_096;

/** Milliseconds of each request, from when it was due to its answer. */
export type Latencies = number[];

// Requests are taken from the end of those that are left: what was made lives on in the service alone, whose garbage is its own.

/** As many requests as the service answers: the next begins when one is answered. */
export async function asManyAsItTakes(service: AccountService, left: Request[]): Promise<Latencies> {
  const latencies: Latencies = [];
  const client = async () => {
    for (let request = left.pop(); request !== undefined; request = left.pop()) {
      const began = performance.now();
      await service.submit(request);
      latencies.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return latencies;
}

/** Requests that arrive at random, `rate` a second on average, whether or not the earlier ones are answered (Poisson). */
export async function atRate(service: AccountService, left: Request[], rate: number): Promise<Latencies> {
  const latencies: Latencies = [];
  const underWay: Promise<void>[] = [];
  const make = async (request: Request, due: number) => {
    await service.submit(request);
    latencies.push(performance.now() - due);
  };
  let due = performance.now();
  for (; left.length > 0; await new Promise((resolve) => setTimeout(resolve, 1))) {
    for (; due <= performance.now() && left.length > 0; due += (-Math.log(1 - Math.random()) * 1000) / rate) {
      underWay.push(make(left.pop()!, due));
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
