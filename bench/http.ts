import { randomUUID } from "node:crypto";
import { cpus, loadavg, totalmem } from "node:os";

import { Command } from "commander";

import { arrive, saturate, type Call, type Load } from "./http/load";
import { startProcess, type ServiceProcess } from "./http/process";

// What the service does over HTTP, in a process of its own with hosted accounts on a new SQLite file: opening accounts,
// transfers and reads at a given rate and as many as it takes, processor time of each, memory.

interface Options {
  readonly accounts: number;
  readonly payers: number;
  readonly rate: number;
  readonly seconds: number;
  readonly warming: number;
  readonly connections: number;
  readonly store?: string;
  readonly profile?: boolean;
  readonly json?: boolean;
}

/** A load, and the service's processor time per call in microseconds. */
interface Measured extends Load {
  readonly cpuMicroseconds: number;
}

const number = (text: string) => Number(text);
const program = new Command("bench:http")
  .option("--accounts <n>", "hosted accounts", number, 100_000)
  .option("--payers <n>", "of them that have money and pay", number, 1_000)
  .option("--rate <n>", "calls that arrive per second", number, 1_000)
  .option("--seconds <n>", "of each measurement", number, 20)
  .option("--warming <n>", "seconds of the same load before the first measurement", number, 5)
  .option("--connections <n>", "of the measurement of as many as it takes", number, 128)
  .option("--store <url>", "another store than a new SQLite file")
  .option("--profile", "leave a CPU profile of the service in the current folder")
  .option("--json", "one JSON object on standard output");

async function main(options: Options): Promise<void> {
  const flags = options.profile === true ? ["--cpu-prof"] : [];
  const service = await startProcess(options.store, flags);
  try {
    const report = await measure(service, options);
    console.log(options.json === true ? JSON.stringify(report) : words(report));
  } finally {
    await service.stop();
  }
}

async function measure(service: ServiceProcess, options: Options) {
  const { accounts: count, payers: paying, rate, seconds, warming, connections } = options;
  const { url, token } = service;
  const post = (path: string, body: object): Call => ({
    method: "POST",
    path,
    headers: { ...service.headers, "idempotency-key": randomUUID() },
    body: JSON.stringify(body),
  });
  const timed = async (load: () => Promise<Load>): Promise<Measured> => {
    const before = await service.usage();
    const result = await load();
    const { cpuSeconds } = await service.usage();
    return { ...result, cpuMicroseconds: Math.round(((cpuSeconds - before.cpuSeconds) / result.calls) * 1e6) };
  };

  const before = await service.usage();
  const began = performance.now();
  const accounts = await open(service, count);
  const openingSeconds = (performance.now() - began) / 1000;
  const opened = await service.usage();
  await inTurns(accounts.slice(0, paying), (account) =>
    call(url, post("/v1/issuances", { account, token, amount: `1${"0".repeat(18)}` })),
  );

  let i = 0;
  const transfer = () => {
    const from = accounts[i++ % paying]!;
    const to = accounts[(i * 7919) % accounts.length]!;
    return post("/v1/transfers", { from, to: to === from ? accounts[i % 2] : to, token, amount: "1" });
  };
  const read = (): Call => {
    const account = accounts[Math.floor(Math.random() * accounts.length)]!;
    return { method: "GET", path: `/v1/accounts/${account}/balances`, headers: service.headers };
  };
  await arrive(url, rate, warming, transfer);
  const transfersAtRate = await timed(() => arrive(url, rate, seconds, transfer));
  const burstsAtRate = await timed(() => saturate(url, { connections, overallRate: rate }, seconds, transfer));
  const readsAtRate = await timed(() => arrive(url, rate, seconds, read));
  const mostTransfers = await timed(() => saturate(url, { connections }, seconds, transfer));
  const mostReads = await timed(() => saturate(url, { connections }, seconds, read));
  const { residentBytes } = await service.usage();
  return {
    command: `npm run bench:http -- ${process.argv.slice(2).join(" ")}`.trim(),
    machine: {
      processor: cpus()[0]!.model,
      cores: cpus().length,
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      node: process.version,
      loadBefore: loadavg()[0]!,
    },
    accounts: count,
    opening: {
      seconds: openingSeconds,
      cpuMicroseconds: Math.round(((opened.cpuSeconds - before.cpuSeconds) / count) * 1e6),
    },
    transfersAtRate,
    burstsAtRate,
    readsAtRate,
    mostTransfers,
    mostReads,
    residentBytes: { empty: before.residentBytes, opened: opened.residentBytes, end: residentBytes },
  };
}

async function open(service: ServiceProcess, count: number): Promise<string[]> {
  const { url, token, headers } = service;
  return await inTurns(Array.from({ length: count }), async () => {
    const body = JSON.stringify({ custody: "hosted", tokens: [token] });
    const keyed = { ...headers, "idempotency-key": randomUUID() };
    const { address } = (await call(url, { method: "POST", path: "/v1/accounts", headers: keyed, body })) as {
      address: string;
    };
    return address;
  });
}

async function call(url: string, { method, path, headers, body }: Call): Promise<unknown> {
  const response = await fetch(url + path, { method, headers, ...(body !== undefined && { body }) });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(JSON.stringify(answer));
  return answer;
}

/** What `act` gives for each item, 64 of them at once. */
async function inTurns<Item, Result>(items: readonly Item[], act: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const i = next++;
      results[i] = await act(items[i]!);
    }
  };
  await Promise.all(Array.from({ length: 64 }, worker));
  return results;
}

function words(report: Awaited<ReturnType<typeof measure>>): string {
  const { machine, residentBytes, opening } = report;
  const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
  const line = (name: string, { perSecond, p50, p99, p999, failed, cpuMicroseconds }: Measured) =>
    `${name.padEnd(32)} ${perSecond} per second, ${p50} / ${p99} / ${p999} ms p50 / p99 / p99.9, ${failed} failed, ${cpuMicroseconds} µs of processor each`;
  return [
    `${machine.cores} x ${machine.processor}, ${machine.memoryGiB} GiB, Node.js ${machine.node}, load before ${machine.loadBefore}`,
    report.command,
    `${"Accounts opened".padEnd(32)} ${report.accounts} in ${opening.seconds.toFixed(1)} s, ${opening.cpuMicroseconds} µs of processor each`,
    line("Transfers at the rate", report.transfersAtRate),
    line("The same, in bursts (autocannon)", report.burstsAtRate),
    line("Reads at the rate", report.readsAtRate),
    line("Transfers, as many as it takes", report.mostTransfers),
    line("Reads, as many as it takes", report.mostReads),
    `${"Resident memory".padEnd(32)} ${megabytes(residentBytes.empty)} empty, ${megabytes(residentBytes.opened)} with the accounts, ${megabytes(residentBytes.end)} at the end`,
  ].join("\n");
}

void main(program.parse().opts<Options>());
