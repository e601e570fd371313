import { existsSync, readFileSync, writeFileSync } from "node:fs";

import { Services } from "../src/service";
import { Metrics } from "../src/service/telemetry/metrics";

// Writes docs/METRICS.md from what the service registers; with --check it fails if the file is not what it would write.

const FILE = "docs/METRICS.md";

const metrics = new Metrics();
metrics.watch(new Services([]), new Map<never, never>());

const rows = metrics.registry.getMetricsAsArray().map((metric) => {
  const { name, help, type } = metric;
  const { labelNames = [] } = metric as unknown as { labelNames?: readonly string[] };
  return `| \`${name}\` | ${type} | ${labelNames.map((label) => `\`${label}\``).join(", ")} | ${help} |`;
});
const text = [
  "# Metrics",
  "",
  "`GET /metrics` in Prometheus's text format, with the operator's key as bearer token (`authorization` in a scrape job). A name ends with",
  "its unit: `_seconds`, `_requests`, `_leaves`, `_base_units` (of the asset, as near as a floating-point number comes), `_total` for what is",
  "counted since the start. Beside them `prom-client`'s own of process and runtime: `process_*` (CPU seconds, resident memory, open files)",
  "and `nodejs_*` (event-loop lag, heap, garbage collection). Written by `npx tsx scripts/metrics.ts` from `src/service/telemetry`.",
  "",
  "| metric | type | labels | meaning |",
  "|---|---|---|---|",
  ...rows,
  "",
].join("\n");

if (!process.argv.includes("--check")) writeFileSync(FILE, text);
else if (!existsSync(FILE) || readFileSync(FILE, "utf8") !== text) {
  console.error(`${FILE} is not what src/service/telemetry says: run npx tsx scripts/metrics.ts`);
  process.exitCode = 1;
}
