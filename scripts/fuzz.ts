import { Command } from "commander";

import { fuzz } from "./fuzz/fuzz";
import { count, run, show } from "./torture/commandLine";

// What strangers, nodes and disks hand over is read or refused, whatever it is.

interface Options {
  readonly seconds: number;
  readonly seed: string;
  readonly json: boolean;
}

run(
  new Command("fuzz:decoders")
    .description(
      "Gives every decoder real messages with mistakes in them: each is read, or refused by an error with a code.",
    )
    .option("--seconds <count>", "for how long", count, 60)
    .option("--seed <text>", "decides the mistakes", String(Date.now()))
    .option("--json", "print one JSON object", false)
    .action(async ({ seconds, seed, json }: Options) => {
      process.stderr.write(`Seed ${seed}\n`);
      const until = Date.now() + 1_000 * seconds;
      const decoders = await fuzz(seed, () => Date.now() > until);
      show({ ...decoders, seed }, json);
    }),
);
