import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import type { JsonRpcProvider } from "ethers";
import { Command } from "commander";

import type { Address } from "../../src/protocol";
import { IERC20__factory } from "../../typechain-types";
import { compare, type Comparison } from "./settlement/compare";
import { openCustomers, queueWithdrawals } from "./settlement/customers";
import { HostileChain } from "./settlement/hostileChain";
import { count, run, say, show } from "./commandLine";
import { onLocalChain } from "./localService";
import type { MortalService } from "./mortalService";
import { Random } from "./random";

// Withdrawals of many users settle, each once, while the service is killed again and again and the chain abandons blocks,
// forgets transactions and asks for a multiple of the usual fee.

const DAY = 86_400n;
/** As deep as the deepest reorganisation. */
const CONFIRMATIONS = 64;
/** Milliseconds that the service lives at least, and at most, before it is killed; every second time until it has paid. */
const LIFE = [500, 4_000] as const;
const LONGEST_LIFE = 60_000;

interface Options {
  readonly withdrawals: number;
  readonly kills: number;
  readonly reorgs: number;
  readonly seed: string;
  readonly json: boolean;
  readonly keep: boolean;
}

interface Result extends Comparison {
  readonly withdrawals: number;
  readonly kills: number;
  readonly reorgs: number;
  readonly deepestReorg: number;
  readonly dropped: number;
  readonly spikes: number;
  readonly transactions: number;
  readonly seconds: number;
  readonly seed: string;
}

async function main({ withdrawals, kills, reorgs, seed, keep }: Options): Promise<Result> {
  const began = Date.now();
  const folder = mkdtempSync(path.join(tmpdir(), "starledger-torture-"));
  const store = `sqlite:${path.join(folder, "service.db")}`;
  const random = new Random(seed);
  say(`Starting a chain; the service writes to ${folder}`);
  const settings = {
    STARLEDGER_FINALITY: String(CONFIRMATIONS),
    STARLEDGER_CHAIN_SECONDS: "0.1",
    STARLEDGER_SETTLE_SECONDS: "2",
  };
  const { chain, service, system, token } = await onLocalChain(folder, store, settings);
  try {
    await service.start();
    say(`Opening ${withdrawals} accounts`);
    const customers = await openCustomers(service, token, withdrawals, random);
    const hostile = new HostileChain(chain.runner, { reorgs, deepest: CONFIRMATIONS, blockTime: 50, random });
    await hostile.start();
    say("Queueing withdrawals, killing the service and the chain's blocks");
    const deadline = BigInt(Math.floor(Date.now() / 1_000)) + DAY;
    const queued = queueWithdrawals(service, token, customers, deadline);
    let killed = 0;
    for (; killed < kills; killed++) {
      await delay(random.between(...LIFE));
      if (killed % 2 === 1) await untilMorePaid(chain.runner, token);
      await service.kill();
      say(
        `Killed ${killed + 1} times, ${hostile.reorgs} reorganisations, ${await paidOut(chain.runner, token)} tokens paid`,
      );
    }
    await queued;
    const wanted = customers.reduce((sum, one) => sum + one.withdrawn, 0n);
    while (hostile.reorgs < reorgs || (await paidOut(chain.runner, token)) < wanted) await delay(200);
    await hostile.calm();
    say("Waiting until all of it is final");
    await settled(service, hostile);
    await service.end("SIGTERM");
    const { hub } = chain.deployment;
    const comparison = await compare(chain.runner, { hub, system, token, store }, customers);
    const { deepestReorg, dropped, spikes } = hostile;
    const transactions = await chain.runner.getTransactionCount(system);
    const seconds = Math.round((Date.now() - began) / 1_000);
    const counts = { kills: killed, reorgs: hostile.reorgs, deepestReorg, dropped, spikes, transactions };
    return { withdrawals, ...counts, ...comparison, seconds, seed };
  } finally {
    await service.end("SIGKILL");
    chain.stop();
    if (!keep) rmSync(folder, { recursive: true });
  }
}

/** Tokens come into being when they are withdrawn. */
async function paidOut(runner: JsonRpcProvider, token: Address): Promise<bigint> {
  return await IERC20__factory.connect(token, runner).totalSupply();
}

async function untilMorePaid(runner: JsonRpcProvider, token: Address): Promise<void> {
  const [before, end] = [await paidOut(runner, token), Date.now() + LONGEST_LIFE];
  while (Date.now() < end && (await paidOut(runner, token)) === before) await delay(50);
}

/** Mines until every withdrawal is settled in the books. */
async function settled(service: MortalService, chain: HostileChain): Promise<void> {
  let query = "";
  for (;;) {
    const page = await service.call<{ data: { status: string }[]; next: string | null }>(
      "GET",
      `/v1/withdrawals?pageSize=200${query}`,
    );
    if (page.data.some(({ status }) => status !== "settled")) {
      await chain.mine(CONFIRMATIONS);
      await delay(200);
    } else if (page.next !== null) query = `&cursor=${page.next}`;
    else return;
  }
}

run(
  new Command("torture:settlement")
    .description(
      "Settles withdrawals while the service is killed and the chain reorganises; nothing may be lost or doubled.",
    )
    .option("--withdrawals <count>", "users, each with one withdrawal", count, 10_000)
    .option("--kills <count>", "times that the service is killed", count, 20)
    .option("--reorgs <count>", "reorganisations of 1 to 64 blocks", count, 10)
    .option("--seed <text>", "decides what befalls when", String(Date.now()))
    .option("--json", "print one JSON object", false)
    .option("--keep", "leave the database and the service's log in place", false)
    .action(async (options: Options) => {
      const result = await main(options);
      show(result, options.json);
      if (result.lost + result.doubled + result.mismatches > 0) process.exitCode = 1;
    }),
);
