import { cpus, loadavg, totalmem } from "node:os";

import { Command, Option } from "commander";

import { openStore } from "../src/store";
import { Databases } from "./measure/databases";
import { plainLedger } from "./measure/ledger";
import { asManyAsItTakes, atRate, percentile, type Latencies } from "./measure/load";
import { rawChecksPerSecond } from "./measure/rawChecks";
import { staged, type Stages } from "./measure/stages";
import { SCENARIOS } from "./scenarios";
import { World } from "./scenarios/world";

// Durable payments per second through the service in process, beside what the processor could check of signatures and what
// a plain ledger on PostgreSQL does. Whatever owners sign is signed before.

interface Options {
  readonly scenario: readonly string[];
  readonly accounts: number;
  readonly payments: number;
  readonly seconds: number;
  readonly store: "sqlite" | "postgres";
  readonly rate: number | "max";
  readonly json?: boolean;
}

const number = (text: string) => Number(text);
const program = new Command("bench")
  .addOption(
    new Option("--scenario <names...>", "which of them")
      .choices(Object.keys(SCENARIOS))
      .default(Object.keys(SCENARIOS)),
  )
  .option("--accounts <n>", "accounts, each with money", number, 1_000)
  .option("--payments <n>", "of each scenario", number, 20_000)
  .option("--seconds <n>", "of each measurement that is not of the service", number, 3)
  .addOption(
    new Option("--store <kind>", "a new database of this kind").choices(["sqlite", "postgres"]).default("sqlite"),
  )
  .option(
    "--rate <n>",
    "payments that arrive per second, or max",
    (text) => (text === "max" ? text : Number(text)),
    "max",
  )
  .option("--json", "JSON on standard output, one object a line");

async function main(options: Options): Promise<void> {
  const databases = await Databases.start();
  try {
    const raw = await rawChecksPerSecond(1000 * options.seconds);
    const ledger = await plainLedger(await databases.postgres(), options.accounts, options.seconds);
    const machine = { processor: cpus()[0]!.model, cores: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30) };
    print(options, { ...machine, node: process.version, loadBefore: loadavg()[0], plainLedgerPerSecond: ledger });
    for (const name of options.scenario) print(options, await measure(name, raw, databases, options));
  } finally {
    await databases.stop();
  }
}

async function measure(name: string, raw: number, databases: Databases, options: Options) {
  const { accounts, payments, rate } = options;
  const { custody, plan } = SCENARIOS[name]!;
  const store = await openStore(options.store === "sqlite" ? databases.sqlite() : await databases.postgres());
  const empty = process.memoryUsage().rss;
  const world = await World.open(store, custody, accounts);
  const opened = process.memoryUsage().rss;
  const { service } = world;
  const planned = plan(world, payments);
  const before = { ...service.counters };
  const [began, processor] = [performance.now(), process.cpuUsage()];
  const { result: latencies, stages } = await staged(async () => {
    const all: Latencies[] = [];
    for (const wave of planned.waves) {
      all.push(await (rate === "max" ? asManyAsItTakes(service, wave) : atRate(service, wave, rate)));
    }
    return all.flat();
  });
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(processor);
  const commits = service.counters.commits - before.commits;
  const checks = (service.counters.signaturesVerified - before.signaturesVerified) / planned.payments;
  const tps = planned.payments / seconds;
  if (!(await service.audit.isConserved(world.token))) throw new Error("Money was made or lost");
  await service.stop();
  await store.close();
  const perPayment = (user + system) / planned.payments;
  return {
    scenario: name,
    store: options.store,
    transport: "engine",
    accounts,
    tps: Math.round(tps),
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    p999Ms: percentile(latencies, 0.999),
    commits,
    perCommit: Math.round(planned.payments / commits),
    verifiesPerSecondRaw: raw,
    ratio: Math.round(((tps * checks) / raw) * 1000) / 1000,
    cpuMicrosPerPayment: microseconds(stages, perPayment),
    rssBytes: opened,
    bytesPerAccount: Math.round((opened - empty) / accounts),
  };
}

function microseconds(stages: Stages, perPayment: number): Stages {
  const entries = Object.entries(stages).map(([stage, share]) => [stage, Math.round(share * perPayment)]);
  return Object.fromEntries(entries) as Stages;
}

function print({ json }: Options, report: object): void {
  if (json === true) console.log(JSON.stringify(report));
  else console.log(report);
}

void main(program.parse().opts<Options>());
