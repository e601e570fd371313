import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { SingleBar } from "cli-progress";
import { Command, InvalidArgumentError } from "commander";
import { formatEther } from "ethers";

import { StarledgerError } from "../src/errors";
import { balance, toAddress, type Address } from "../src/protocol";
import { leaveAlone, punishCheater } from "./demo/disputes";
import { balancesAfter, creditsFor } from "./demo/expected";
import { readPayments, type Payment } from "./demo/input";
import { openAccounts, replay, type Actor } from "./demo/replay";
import { report, type Figures } from "./demo/report";
import { DEMO_KEY, serveWorld } from "./demo/serve";
import { withdrawRichest } from "./demo/withdrawals";
import { createWorld, type World } from "./demo/world";

// The main job: real payments through a star of channels, some money to the chain, one cheater punished, one user gone
// alone. Plain words and progress go to standard error, the table (or, with --json, one JSON object) to standard output.

interface Options {
  readonly input: string;
  readonly limit: number;
  readonly json: boolean;
  readonly keep: boolean;
}

const RICHEST = 50;
const MAINNET_GAS = 21_000n;

async function main(options: Options): Promise<void> {
  const payments = readPayments(options.input, options.limit);
  const credits = creditsFor(payments);
  const folder = mkdtempSync(path.join(tmpdir(), "starledger-demo-"));
  say(`Starting a local chain, deploying the contracts, opening the service's database in ${folder}`);
  const world = await createWorld(folder);
  const figures = await run(world, payments, credits);
  if (options.json) process.stdout.write(JSON.stringify(figures) + "\n");
  else process.stdout.write(report(figures));
  const failed = figures.failed + figures.mismatches > 0 || !figures.conservation;
  process.exitCode = failed ? 1 : 0;
  if (options.keep) await keep(world);
  else {
    await world.stop();
    rmSync(folder, { recursive: true });
  }
}

/** Serves what was replayed until it is told to stop. */
async function keep(world: World): Promise<void> {
  const { url, console: at = url, stop } = await serveWorld(world);
  say(`The console is at ${at}: sign in with the key ${DEMO_KEY}`);
  say(`The chain answers at ${world.node.url}; the data are in ${world.folder}. Ctrl-C ends it.`);
  await new Promise((resolve) => process.once("SIGINT", resolve));
  await stop();
  world.node.stop();
}

async function run(
  world: World,
  payments: readonly Payment[],
  credits: ReadonlyMap<Address, bigint>,
): Promise<Figures> {
  const { service, counters, verifier } = world;
  say(`Opening ${credits.size} accounts, half of them self-custody, each with what the payments will need`);
  const actors = await withBar(credits.size, (progress) => openAccounts(world, credits, progress));
  const before = { ...service.counters, client: counters.clientSignatures, nanos: counters.clientSigningNanos };

  say(`Running ${payments.length} payments, each a signed state, group-committed to disk`);
  const result = await withBar(payments.length, (progress) => replay(world, payments, actors, progress));
  for (const failure of result.failures.slice(0, 10)) say(failure);
  const latencies = [...result.latencies].sort((a, b) => a - b);
  const commits = service.counters.commits - before.commits;
  const clientSigningSeconds = Number(counters.clientSigningNanos - before.nanos) / 1e9;

  say(`Withdrawing the balances of the ${RICHEST} richest accounts to the chain`);
  const withdrawals = await withdrawRichest(world, actors.values(), RICHEST);

  say("A user closes with a state that it has revoked: the service shows the newer one");
  const penalty = await punishCheater(world);
  say(
    `  The cheater had ${formatEther(penalty.userBefore)} and has ${formatEther(penalty.userAfter)} coins on chain;` +
      ` the system got ${formatEther(penalty.systemGot)}, all that the channel held`,
  );
  say("A user leaves alone while the system is silent: closes, waits out the periods, settles");
  const exit = await leaveAlone(world);
  say(
    `  It got ${formatEther(exit.userAfter - exit.userBefore)} coins, its whole balance;` +
      ` the system got the ${formatEther(exit.systemGot)} that it had been paid`,
  );

  say("Computing every balance anew from the input alone, and comparing");
  const mismatches =
    (await countMismatches(world, actors, balancesAfter(credits, payments), withdrawals.amounts)) +
    withdrawals.mismatches;
  const [points, coin] = [await world.points.getAddress(), await world.coin.getAddress()].map(toAddress);
  return {
    payments: payments.length,
    accounts: credits.size,
    failed: result.failures.length,
    seconds: round(result.seconds, 3),
    tps: Math.round(payments.length / result.seconds),
    p50Ms: round(percentile(latencies, 0.5), 2),
    p99Ms: round(percentile(latencies, 0.99), 2),
    commits,
    signaturesMade: service.counters.signaturesMade + counters.clientSignatures,
    signaturesVerified: service.counters.signaturesVerified + verifier.checked,
    clientSigningSeconds: round(clientSigningSeconds, 3),
    onchainTransactions: counters.transactions,
    onchainGas: Number(counters.gas),
    mainnetGas: Number(MAINNET_GAS * BigInt(payments.length)),
    mainnetFeesEth: formatEther(payments.reduce((sum, { gasPrice }) => sum + gasPrice * MAINNET_GAS, 0n)),
    withdrawn: withdrawals.total.toString(),
    penaltyPaid: penalty.systemGot.toString(),
    unilateralExitPaid: (exit.userAfter - exit.userBefore).toString(),
    mismatches,
    conservation: (await service.audit.isConserved(points!)) && (await service.audit.isConserved(coin!)),
    residentMegabytes: Math.round(process.memoryUsage().rss / 2 ** 20),
  };
}

/** Accounts whose balance at the service, or in their own wallet, is not what the input says. */
async function countMismatches(
  world: World,
  actors: ReadonlyMap<Address, Actor>,
  expected: ReadonlyMap<Address, bigint>,
  withdrawn: ReadonlyMap<Address, bigint>,
): Promise<number> {
  const { service } = world;
  const token = toAddress(await world.points.getAddress());
  let mismatches = 0;
  for (const [original, actor] of actors) {
    const want = (expected.get(original) ?? 0n) - (withdrawn.get(actor.address) ?? 0n);
    await world.received(actor.address);
    const { funds, state, note } = service.channelOf(actor.address, token)!;
    const got = balance(funds, state, note);
    if (got !== want || (actor.wallet !== undefined && actor.wallet.balance !== want)) mismatches += 1;
  }
  return mismatches;
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

async function withBar<T>(total: number, work: (progress: (done: number) => void) => Promise<T>): Promise<T> {
  const format = "  [{bar}] {percentage}%  {value}/{total}  {duration_formatted}";
  const bar = new SingleBar({ format, stream: process.stderr, noTTYOutput: true, notTTYSchedule: 5_000 });
  bar.start(total, 0);
  try {
    return await work((done) => bar.update(done));
  } finally {
    bar.stop();
  }
}

function positiveCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("A whole number from 1 on.");
  return Number(text);
}

new Command("demo")
  .description("Runs real payments through a star of revocable channels on a local chain.")
  .option(
    "--input <file>",
    "CSV with the sample's columns",
    path.join(__dirname, "../examples/data/ethereum-payments.csv"),
  )
  .option("--limit <count>", "run only the first payments", positiveCount, Infinity)
  .option("--json", "print one JSON object instead of the table", false)
  .option("--keep", "leave the node running and the data in place", false)
  .action(async (options: Options) => {
    try {
      await main(options);
    } catch (error) {
      process.stderr.write(
        error instanceof StarledgerError ? `${error.code}: ${error.message}\n${error.hint}\n` : `${String(error)}\n`,
      );
      process.exit(1);
    }
  })
  .parse();
