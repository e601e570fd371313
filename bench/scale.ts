import { cpus, loadavg, totalmem } from "node:os";

import { Command } from "commander";

import { accountsAt } from "./scale/accounts";
import { historyAt } from "./scale/history";
import { locksAt } from "./scale/locks";

// How what things cost grows with accounts, pending locks and history: microseconds of processor, at each of these sizes.

interface Options {
  readonly accounts: readonly number[];
  readonly locks: readonly number[];
  readonly history: readonly number[];
  readonly json?: boolean;
}

const numbers = (text: string) =>
  text
    .split(",")
    .filter((part) => part !== "")
    .map(Number);
const program = new Command("bench:scale")
  .option("--accounts <list>", "numbers of accounts", numbers, [1_000, 10_000, 100_000])
  .option("--locks <list>", "numbers of locks pending in one channel", numbers, [10, 100, 1_000, 10_000])
  .option("--history <list>", "numbers of events before", numbers, [100_000, 1_000_000, 3_000_000])
  .option("--json", "JSON on standard output, one object a line");

async function main({ accounts, locks, history, json }: Options): Promise<void> {
  const print = (report: object) => console.log(json === true ? JSON.stringify(report) : report);
  const machine = { processor: cpus()[0]!.model, cores: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30) };
  print({ ...machine, node: process.version, loadBefore: loadavg()[0] });
  for (const one of accounts) print(await accountsAt(one));
  for (const one of locks) print(await locksAt(one));
  for (const one of history) print(await historyAt(one));
}

void main(program.parse().opts<Options>());
