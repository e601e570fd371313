import { Command } from "commander";

import { count, run, say, show } from "./commandLine";
import { tryTower, type TrialOptions } from "./watchtower/trial";

// A system closes all its channels with what was revoked, within one challenge period, while the fees rise tenfold and neither
// service nor users are there: the watchtower has to answer every one of them in time.

interface Options extends Omit<TrialOptions, "say" | "period"> {
  readonly period: number;
  readonly json: boolean;
}

run(
  new Command("torture:watchtower")
    .description(
      "Has every channel closed fraudulently at once; the watchtower answers in blocks that others want into.",
    )
    .option("--closes <count>", "users, each with one channel", count, 1_000)
    .option("--kills <count>", "times that the watchtower is killed while it answers", count, 5)
    .option("--period <seconds>", "the challenge period; the shortest that the hub takes unless given", count, 3_600)
    .option("--pace <milliseconds>", "what the watchtower has for a block; a real chain gives it 12,000", count, 1_000)
    .option("--json", "print one JSON object", false)
    .action(async ({ json, period, ...options }: Options) => {
      const result = await tryTower({ ...options, period: BigInt(period), say });
      show(result, json);
      if (result.answered < result.closes || result.mismatches > 0) process.exitCode = 1;
    }),
);
