import { cpus, loadavg, totalmem } from "node:os";
import { setTimeout as delay } from "node:timers/promises";

import { Command, Option } from "commander";

import { openStore } from "../src/store";
import { Databases } from "./measure/databases";
import { plainLedger } from "./measure/ledger";
import { percentile } from "./measure/load";
import { prepared, type Made } from "./measure/made";
import { rawChecksAround } from "./measure/rawChecks";
import { staged, type Stages } from "./measure/stages";
import { timed } from "./measure/timed";
import { SCENARIOS } from "./scenarios";
import { World } from "./scenarios/world";
import type { Protocol } from "./transports/generator";
import { overNetwork } from "./transports/network";
import { inProcess, type Rate } from "./transports/transport";

// Durable payments per second through the service, beside what the processor could check of signatures and what
// a plain ledger on PostgreSQL does. Whatever owners sign is signed before.

interface Options {
  readonly scenario: readonly string[];
  readonly accounts: number;
  readonly seconds: number;
  readonly store: "sqlite" | "postgres";
  readonly transport: "engine" | Protocol;
  readonly rate: Rate;
  readonly json?: boolean;
}

/**
 * Payments before the measurement: until the code is compiled, and the threads that check signatures have started; then so
 * many that the measurement's length can be told from them.
 */
const WARM_UPS = [2_000, 4_000];
/** Of the most that it takes, at which latencies are measured. */
const STEADY = 0.7;
/** Of one account, in one measurement: nobody locks more for others. */
const MOST_EACH = 60;

const number = (text: string) => Number(text);
const program = new Command("bench")
  .addOption(
    new Option("--scenario <names...>", "which of them")
      .choices(Object.keys(SCENARIOS))
      .default(Object.keys(SCENARIOS)),
  )
  .option("--accounts <n>", "accounts, each with money", number, 1_000)
  .option("--seconds <n>", "of each measurement, about: what is to be signed for it is signed before", number, 5)
  .addOption(
    new Option("--store <kind>", "a new database of this kind").choices(["sqlite", "postgres"]).default("sqlite"),
  )
  .addOption(
    new Option(
      "--transport <kind>",
      "in process, or from another process by the API: the stream, in JSON or in bytes, takes what owners sign",
    )
      .choices(["engine", "http", "websocket", "bytes"])
      .default("engine"),
  )
  .option(
    "--rate <n>",
    "requests that arrive per second, or max: as many as are answered, and latencies at 70% of that",
    (text) => (text === "max" ? text : Number(text)),
    "max",
  )
  .option("--json", "JSON on standard output, one object a line");

async function main(options: Options): Promise<void> {
  const databases = new Databases();
  try {
    const ledger = await plainLedger(await databases.postgres(), options.accounts, options.seconds);
    // It would go on tidying up after that beside what is measured next.
    await databases.stopPostgres();
    const machine = { processor: cpus()[0]!.model, cores: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30) };
    print(options, { ...machine, node: process.version, loadBefore: loadavg()[0], plainLedgerPerSecond: ledger });
    for (const name of options.scenario) print(options, await measure(name, databases, options));
  } finally {
    await databases.stop();
  }
}

async function measure(name: string, databases: Databases, options: Options) {
  const { accounts, seconds, rate, transport } = options;
  const { custody, plan } = SCENARIOS[name]!;
  const store = await openStore(options.store === "sqlite" ? databases.sqlite() : await databases.postgres());
  const world = await World.start(store, custody, accounts);
  const { service } = world;
  const empty = process.memoryUsage().rss;
  const { took: opening } = await timed(() => world.open(accounts));
  const { took: funding } = await timed(() => world.fund());
  const opened = process.memoryUsage().rss;
  const way = transport === "engine" ? inProcess(service) : await overNetwork(service, transport);
  /** Signs so many payments; then makes them, each wave at its rate, and forgets them. */
  const make = async <T = Made>(
    payments: number,
    rateOf: (wave: number) => Rate,
    around: (act: () => Promise<Made>) => Promise<T> = (act) => act() as Promise<T>,
  ): Promise<T> => {
    const made = await prepared(way, plan(world, payments));
    return await around(() => made(rateOf));
  };
  let warm: Made | undefined;
  for (const payments of WARM_UPS) warm = await make(payments, () => "max");
  await delay(1_000);

  const perSecond = rate === "max" ? warm!.tps : rate;
  const most = Math.min(Math.ceil(perSecond * seconds), MOST_EACH * accounts);
  const before = { ...service.counters };
  const { result: peak, raw } = await make(
    most,
    () => rate,
    (act) => rawChecksAround(act, 1000 * seconds),
  );
  const commits = service.counters.commits - before.commits;
  const checks = (service.counters.signaturesVerified - before.signaturesVerified) / peak.payments;
  const steady = rate === "max" ? await atSteadyRate(peak, make) : peak;
  // A profile takes its own part of the processor: of it, only the shares are kept.
  const stages = await make(most, () => rate, staged);

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
    rate,
    payments: peak.payments,
    tps: Math.round(peak.tps),
    ...latenciesOf(steady),
    commits,
    perCommit: Math.round(peak.payments / commits),
    verifiesPerSecondRaw: raw.perSecond,
    ratio: thousandths((peak.tps * checks) / raw.perSecond),
    cpuMicrosPerPayment: microseconds(stages, peak.micros / peak.payments, checks * raw.micros),
    ratioOfProcessor: thousandths((checks * raw.micros * peak.payments) / peak.micros),
    openSeconds: hundredths(opening.seconds),
    openMicrosPerAccount: Math.round(opening.micros / accounts),
    fundMicrosPerAccount: Math.round(funding.micros / accounts),
    startSeconds: hundredths(start.seconds),
    startMicrosPerAccount: Math.round(start.micros / accounts),
    rssBytes: opened,
    bytesPerAccount: Math.round((opened - empty) / accounts),
  };
}

/** What is measured at a part of what each wave reached, once commits are as large as they are at that rate. */
async function atSteadyRate(
  { payments, waves }: Made,
  make: (payments: number, rateOf: (wave: number) => Rate) => Promise<Made>,
): Promise<Made> {
  const steadily = (wave: number) => STEADY * waves[wave]!.perSecond;
  await make(Math.ceil((STEADY * payments) / 2), steadily);
  return await make(Math.ceil(STEADY * payments), steadily);
}

/** And the rate at which they were measured. */
function latenciesOf({ latencies, tps }: Made) {
  const [p50Ms, p99Ms, p999Ms] = [0.5, 0.99, 0.999].map((share) => percentile(latencies, share));
  return { latencyTps: Math.round(tps), p50Ms, p99Ms, p999Ms };
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}

function thousandths(value: number): number {
  return Math.round(value * 1000) / 1000;
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
