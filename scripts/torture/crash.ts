import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { Command } from "commander";

import { freePort } from "../../src/chain/localNode";
import { startPostgres } from "../postgresServer";
import { openCrowd } from "./crash/crowd";
import { payUntil } from "./crash/payers";
import { judge, type Verdict } from "./crash/verdict";
import { count, run, say, show } from "./commandLine";
import { onLocalChain } from "./localService";
import { Random } from "./random";
import { storeOption, STORES, type StoreKind } from "./stores";

// Accounts pay each other, by the service's keys and by their own, while the service is killed again and again, and with
// PostgreSQL the database too. Each payer insists on an answer; afterwards every answer must be true.

/** Milliseconds that the service lives at least, and at most, before it is killed. */
const LIFE = [100, 2_500] as const;
/** With PostgreSQL, of so many kills one is the database's. */
const DATABASE_EVERY = 3;
const CROWD = { hosted: 48, own: 8 };

interface Options {
  readonly kills: number;
  readonly store: StoreKind | "both";
  readonly seed: string;
  readonly json: boolean;
  readonly keep: boolean;
}

interface Result extends Verdict {
  readonly store: StoreKind;
  readonly kills: number;
  readonly databaseKills: number;
  readonly acknowledged: number;
  /** By reason. */
  readonly refused: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly seed: string;
}

async function torture(kind: StoreKind, { kills, seed, keep }: Options): Promise<Result> {
  const began = Date.now();
  const folder = mkdtempSync(path.join(tmpdir(), "starledger-torture-"));
  const postgres = kind === "postgres" ? await startPostgres() : undefined;
  const random = new Random(seed);
  say(`Starting a chain; the service writes to ${folder}`);
  const store = postgres?.url ?? `sqlite:${path.join(folder, "service.db")}`;
  // A process that was killed holds its lease until it ends by itself.
  const settings = { STARLEDGER_PORT: String(await freePort()), STARLEDGER_LEASE_SECONDS: "1" };
  const local = await onLocalChain(folder, store, settings);
  const { service, chain } = local;
  try {
    await service.start();
    say("Opening accounts");
    const { payers, issued, clients } = await openCrowd(local, CROWD, folder);
    let isOver = false;
    const paying = payUntil(() => isOver, payers, random);
    let databaseKills = 0;
    for (let killed = 0; killed < kills; killed++) {
      await delay(random.between(...LIFE));
      if (postgres !== undefined && (killed + 1) % DATABASE_EVERY === 0) {
        await postgres.crash();
        databaseKills += 1;
        await service.recover();
      } else await service.kill();
      say(`Killed ${killed + 1} times`);
    }
    isOver = true;
    say("Waiting until everybody is answered");
    const payments = await paying;
    for (const client of clients) await client.stop();
    say("Comparing");
    const verdict = await judge(service, issued, payments);
    const refused: Record<string, number> = {};
    for (const { refusal } of payments) if (refusal !== null) refused[refusal] = (refused[refusal] ?? 0) + 1;
    const acknowledged = payments.filter(({ refusal }) => refusal === null).length;
    const seconds = Math.round((Date.now() - began) / 1_000);
    return { store: kind, kills, databaseKills, acknowledged, refused, ...verdict, seconds, seed };
  } finally {
    await service.end("SIGKILL");
    chain.stop();
    await postgres?.stop();
    if (!keep) rmSync(folder, { recursive: true });
  }
}

run(
  new Command("torture:crash")
    .description("Pays while the service and its database are killed; every answer must be true afterwards.")
    .option("--kills <count>", "times that a process is killed, on each database", count, 50)
    .addOption(storeOption("both"))
    .option("--seed <text>", "decides what is paid, and who is killed when", String(Date.now()))
    .option("--json", "print one JSON object per database", false)
    .option("--keep", "leave the database and the service's log in place", false)
    .action(async (options: Options) => {
      for (const store of options.store === "both" ? STORES : [options.store]) {
        const result = await torture(store, options);
        show(result, options.json);
        const { lost, doubled, uncalled, wrongBalances, differences } = result;
        if (lost + doubled + uncalled + wrongBalances + differences > 0) process.exitCode = 1;
      }
    }),
);
