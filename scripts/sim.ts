import { Command, InvalidArgumentError } from "commander";

import { shrink } from "../test/sim/shrink";
import { simulate, type Run } from "../test/sim/simulation";

interface Options {
  readonly seed: string;
  readonly steps: number;
  readonly patience: number;
  readonly json: boolean;
}

function count(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new InvalidArgumentError("A whole number.");
  return Number(text);
}

/** One seed, or every one of a range, such as `1..200`. */
function seedsOf(text: string): string[] {
  const [, from, to] = /^(\d+)\.\.(\d+)$/.exec(text) ?? [];
  if (from === undefined) return [text];
  return Array.from({ length: Number(to) - Number(from) + 1 }, (_, i) => String(Number(from) + i));
}

function shown({ seed, violation, hash, actions, coverage, trace, choices }: Run, seconds: number): string {
  const lines = [`seed ${seed}, ${choices.length} steps, ${seconds.toFixed(1)} s, trace ${hash.slice(0, 16)}`];
  for (const [name, times] of Object.entries({ ...actions, ...coverage })) lines.push(`  ${name.padEnd(34)}${times}`);
  if (violation !== undefined) lines.push(...trace, `VIOLATION in step ${violation.step}: ${violation.message}`);
  return `${lines.join("\n")}\n`;
}

async function main({ seed, steps, patience, json }: Options): Promise<void> {
  for (const one of seedsOf(seed)) {
    const began = process.hrtime.bigint();
    const run = await simulate(one, steps);
    const seconds = Number(process.hrtime.bigint() - began) / 1e9;
    const { violation, hash, actions, coverage } = run;
    const shrunk = await shrink(run, patience);
    const trace = violation && shrunk.trace;
    if (json) {
      process.stdout.write(
        `${JSON.stringify({ seed: one, steps, violation, hash, seconds, actions, coverage, trace })}\n`,
      );
    } else process.stdout.write(shown(shrunk, seconds));
    if (violation === undefined) continue;
    process.exitCode = 1;
    return;
  }
}

// Node says at every start that its timers for tests are an experiment.
process.removeAllListeners("warning");

new Command("sim")
  .description("Simulates customers, service, network, disks and clocks from one seed; nothing may be lost or doubled.")
  .option("--seed <text>", "decides everything; 1..200 for one after the other", "1")
  .option("--steps <count>", "what happens", count, 5_000)
  .option("--patience <count>", "runs that a failure is shrunk with at most", count, 200)
  .option("--json", "print one JSON object per seed", false)
  .action(main)
  .parseAsync()
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
