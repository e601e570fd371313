import { cpus, loadavg, totalmem } from "node:os";
import { setTimeout as delay } from "node:timers/promises";

import { Command, Option } from "commander";

import { openStore } from "../src/store";
import { Databases } from "./measure/databases";
import { plainLedger } from "./measure/ledger";
import { asManyAsItTakes, percentile, type Latencies } from "./measure/load";
import { rawChecks, type RawChecks } from "./measure/rawChecks";
import { staged, type Stages } from "./measure/stages";
import { timed } from "./measure/timed";
import { SCENARIOS } from "./scenarios";
import { direct } from "./scenarios/direct";
import { hosted } from "./scenarios/hosted";
import type { Scenario } from "./scenarios/scenario";
import { World } from "./scenarios/world";
import { overNetwork } from "./transports/network";
import { inProcess, type Rate } from "./transports/transport";

// Durable payments per second through the service, beside what the processor could check of signatures and what
// a plain ledger on PostgreSQL does. Whatever owners sign is signed before.

interface Options {
  readonly scenario: readonly string[];
  readonly accounts: number;
  readonly payments: number;
  readonly seconds: number;
  readonly store: "sqlite" | "postgres";
  readonly transport: "engine" | "http" | "websocket";
  readonly rate: Rate;
  readonly json?: boolean;
}

/** Payments before the measurement. */
const WARM_UP = 2_000;

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
  .addOption(
    new Option(
      "--transport <kind>",
      "in process, or from another process by the API: the stream takes what owners sign",
    )
      .choices(["engine", "http", "websocket"])
      .default("engine"),
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
    const raw = await rawChecks(1000 * options.seconds);
    const ledger = await plainLedger(await databases.postgres(), options.accounts, options.seconds);
    const machine = { processor: cpus()[0]!.model, cores: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30) };
    print(options, { ...machine, node: process.version, loadBefore: loadavg()[0], plainLedgerPerSecond: ledger });
    for (const name of options.scenario) print(options, await measure(name, raw, databases, options));
  } finally {
    await databases.stop();
  }
}

async function measure(name: string, raw: RawChecks, databases: Databases, options: Options) {
  const { accounts, payments, rate, transport } = options;
  const { custody, plan } = SCENARIOS[name]!;
  const store = await openStore(options.store === "sqlite" ? databases.sqlite() : await databases.postgres());
  const empty = process.memoryUsage().rss;
  const { result: world, took: opening } = await timed(() => World.open(store, custody, accounts));
  const opened = process.memoryUsage().rss;
  const { service } = world;
  await warmUp(world, custody);
  const planned = plan(world, payments);
  const way = transport === "engine" ? inProcess(service, rate) : await overNetwork(service, transport, rate);
  const waves = await way.prepared(planned.waves);
  const before = { ...service.counters };
  const { result, took } = await timed(() =>
    staged(async () => {
      const all: Latencies[] = [];
      for (const make of waves) all.push(await make());
      return all.flat();
    }),
  );
  const { result: latencies, stages } = result;
  const [perPayment, tps] = [took.micros / planned.payments, planned.payments / took.seconds];
  const commits = service.counters.commits - before.commits;
  const checks = (service.counters.signaturesVerified - before.signaturesVerified) / planned.payments;
  if (!(await service.audit.isConserved(world.token))) throw new Error("Money was made or lost");
  await way.close();
  await service.stop();
  const { took: start } = await timed(() => world.startAgain());
  await store.close();
  return {
    scenario: name,
    store: options.store,
    transport,
    accounts,
    tps: Math.round(tps),
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    p999Ms: percentile(latencies, 0.999),
    commits,
    perCommit: Math.round(planned.payments / commits),
    verifiesPerSecondRaw: raw.perSecond,
    ratio: Math.round(((tps * checks) / raw.perSecond) * 1000) / 1000,
    cpuMicrosPerPayment: microseconds(stages, perPayment, checks * raw.micros),
    ratioOfProcessor: Math.round(((checks * raw.micros) / perPayment) * 1000) / 1000,
    openSeconds: rounded(opening.seconds),
    openMicrosPerAccount: Math.round(opening.micros / accounts),
    startSeconds: rounded(start.seconds),
    startMicrosPerAccount: Math.round(start.micros / accounts),
    rssBytes: opened,
    bytesPerAccount: Math.round((opened - empty) / accounts),
  };
}

/** Until the code is compiled, and the threads that check signatures have started. */
async function warmUp(world: World, custody: Scenario["custody"]): Promise<void> {
  const { waves } = (custody === "self" ? direct : hosted).plan(world, WARM_UP);
  for (const wave of waves) await asManyAsItTakes(world.service, wave);
  await delay(1_000);
}

function rounded(seconds: number): number {
  return Math.round(seconds * 100) / 100;
}

/** The main thread's profile divides all but the signature checks, most of which other threads make. */
function microseconds(stages: Stages, perPayment: number, verify: number): Stages {
  const rest = (perPayment - verify) / (1 - stages.verify);
  const entries = Object.entries({ ...stages, verify: verify / rest }).map(([stage, share]) => {
    return [stage, Math.round(share * rest)];
  });
  return Object.fromEntries(entries) as Stages;
}

function print({ json }: Options, report: object): void {
  if (json === true) console.log(JSON.stringify(report));
  else console.log(report);
}

void main(program.parse().opts<Options>());
