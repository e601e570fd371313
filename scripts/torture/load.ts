import { execFileSync } from "node:child_process";

import { Command } from "commander";

import { count, run, say, show } from "./commandLine";
import { tryLoad, type LoadResult } from "./load/trial";
import { storeOption, STORES, type StoreKind } from "./stores";

// All kinds of abusers at once, in a process beside the service: customers who do nothing wrong must notice little of it.

/** What the trial has to keep within (docs/OPERATING.md says why). */
const BOUNDS = {
  /** Milliseconds within which 99 of 100 calls of the honest are answered meanwhile. */
  p99: 2_000,
  /** The share of their calls that may have to be made again. */
  again: 0.05,
  /** MiB that the service's process may take. */
  resident: 1_024,
  /** MiB that it may hold more at the end than before. */
  left: 64,
};

interface Options {
  readonly seconds: number;
  readonly idle: number;
  readonly store: StoreKind | "both";
  readonly seed: string;
  readonly json: boolean;
}

/** Open files that a process here may have. */
function openFiles(): number {
  return Number(execFileSync("sh", ["-c", "ulimit -Hn | sed s/unlimited/1000000/"], { encoding: "utf8" }));
}

run(
  new Command("torture:load")
    .description("Besieges the service by all kinds of abusers at once, and measures how honest customers fare.")
    .option("--seconds <count>", "for how long", count, 60)
    .option("--idle <count>", "connections to the stream on which nothing is asked for", count, 5_000)
    .addOption(storeOption("sqlite"))
    .option("--seed <text>", "decides what is paid", String(Date.now()))
    .option("--json", "print one JSON object", false)
    .action(async ({ json, store: kind, ...options }: Options) => {
      for (const store of kind === "both" ? STORES : [kind]) {
        const honest = { hosted: 16, own: 4 };
        const result = await tryLoad({
          ...{ ...options, store, calm: 15, honest, say },
          ...{ silent: 1_500, slow: 200, unread: 50, floods: 4 },
        });
        show({ ...result, bounds: BOUNDS, openFiles: openFiles() }, json);
        if (!isPassed(result)) process.exitCode = 1;
      }
    }),
);

function isPassed({ during, memory, died, ...verdict }: LoadResult): boolean {
  const { lost, doubled, uncalled, wrongBalances, differences } = verdict;
  const again = Object.values(during.again).reduce((sum, count) => sum + count, 0) / during.calls;
  const isServed = during.p99 <= BOUNDS.p99 && again <= BOUNDS.again;
  const isBounded = memory.most.resident <= BOUNDS.resident && memory.after.used <= memory.before.used + BOUNDS.left;
  return !died && isServed && isBounded && lost + doubled + uncalled + wrongBalances + differences === 0;
}
