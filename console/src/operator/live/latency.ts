import type { Samples } from "./metricsText";

/** How long payments took between two looks, in milliseconds. */
export interface Latency {
  /** Half of them took no longer. */
  readonly median: number;
  /** All but a hundredth took no longer. */
  readonly slow: number;
}

const NAME = "starledger_http_request_duration_seconds_bucket";

/** The calls that move money. */
const PAYING = new Set(["/v1/transfers", "/v1/payments", "/v1/batches", "/v1/channels/:id/states", "/v1/redemptions"]);

/** Undefined where nothing was paid between. */
export function latencyBetween(before: Samples, after: Samples): Latency | undefined {
  const [old, now] = [countsOf(before), countsOf(after)];
  const counts = [...now].map(([bound, count]) => [bound, count - (old.get(bound) ?? 0)] as const);
  counts.sort(([a], [b]) => a - b);
  const all = counts.at(-1)?.[1] ?? 0;
  return all <= 0 ? undefined : { median: 1_000 * quantile(counts, 0.5), slow: 1_000 * quantile(counts, 0.99) };
}

/** Requests that took up to so many seconds, by these. */
function countsOf(samples: Samples): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { labels, value } of samples.get(NAME) ?? []) {
    const { method, route = "", status = "", le = "" } = labels;
    if (method !== "POST" || !PAYING.has(route) || !status.startsWith("2")) continue;
    const bound = le === "+Inf" ? Infinity : Number(le);
    counts.set(bound, (counts.get(bound) ?? 0) + value);
  }
  return counts;
}

/** As Prometheus estimates it: evenly spread within a bucket. */
function quantile(counts: readonly (readonly [bound: number, count: number])[], share: number): number {
  const rank = share * counts.at(-1)![1];
  let [lower, below] = [0, 0];
  for (const [bound, count] of counts) {
    if (count >= rank) {
      if (bound === Infinity || count === below) return lower;
      return lower + ((bound - lower) * (rank - below)) / (count - below);
    }
    [lower, below] = [bound, count];
  }
  return lower;
}
