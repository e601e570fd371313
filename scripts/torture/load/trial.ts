import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { percentile } from "../../../bench/measure/load";
import type { Address } from "../../../src/protocol";
import { operatorApi } from "../../../src/sdk";
import { startPostgres } from "../../postgresServer";
import { openCrowd, type Crowd } from "../crash/crowd";
import type { Payment } from "../crash/payers";
import { judge, type Verdict } from "../crash/verdict";
import { onLocalChain, type LocalService } from "../localService";
import { OPERATOR_KEY, type MortalService } from "../mortalService";
import { Random } from "../random";
import type { StoreKind } from "../stores";
import type { Abusers, Orders, Report } from "./abuse";
import { payAndRead, type Fared, type Honest } from "./honest";
import { memoryOf, type Memory } from "./memory";
import type { Tally } from "./siege";

/** Shorter than by default, so that whoever is slow is ended more often. */
const SETTINGS = { STARLEDGER_REQUEST_SECONDS: "5", STARLEDGER_MAX_DELAY_MS: "1000" };
/** Milliseconds between two payments of each honest payer: of hosted accounts, and of those with a key of their own. */
const PACE = { hosted: 50, own: 500 };
/** Milliseconds between two looks at the memory. */
const LOOK_EVERY = 500;

export interface LoadOptions extends Abusers {
  /** For which the abusers are all at it. */
  readonly seconds: number;
  /** For which the honest go on alone afterwards. */
  readonly calm: number;
  readonly store: StoreKind;
  readonly honest: { readonly hosted: number; readonly own: number };
  readonly seed: string;
  readonly say: (text: string) => void;
}

/** How the honest fared in one part of the trial. */
export interface Served {
  readonly calls: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly slowest: number;
  /** Calls that were not carried out at the first try, by why. */
  readonly again: Readonly<Record<string, number>>;
}

export interface LoadResult extends Verdict {
  readonly store: StoreKind;
  readonly before: Served;
  readonly during: Served;
  readonly after: Served;
  /** MiB of the service's process: before, at most, and at the end. */
  readonly memory: { readonly before: Memory; readonly most: Memory; readonly after: Memory };
  /** Payments that were acknowledged. */
  readonly acknowledged: number;
  /** What became of what the abusers did. */
  readonly abusers: Tally;
  /** Whether the service ended by itself. */
  readonly died: boolean;
  readonly seconds: number;
  readonly seed: string;
}

/** Has honest customers pay one account while all kinds of abusers are at the service, and measures how they fare. */
export async function tryLoad({
  seed,
  say,
  seconds,
  calm,
  store,
  honest,
  ...abusers
}: LoadOptions): Promise<LoadResult> {
  const began = Date.now();
  const folder = mkdtempSync(path.join(tmpdir(), "starledger-torture-"));
  say(`Starting a chain; the service writes to ${folder}`);
  const postgres = store === "postgres" ? await startPostgres() : undefined;
  const local = await onLocalChain(folder, postgres?.url ?? `sqlite:${path.join(folder, "service.db")}`, SETTINGS);
  const { service, chain, system } = local;
  let abusing: ChildProcess | undefined;
  try {
    await service.start();
    say("Opening accounts");
    const crowd = await openCrowd(local, honest, folder);
    const customers = new Customers(local, crowd, honest.hosted, new Random(seed));
    say("Customers pay undisturbed");
    const before = await customers.live(() => delay(1_000 * calm));
    const atFirst = await memoryOf(service);
    say("The abusers come");
    abusing = fork(path.join(__dirname, "abuse.ts"), { execArgv: ["--import", "tsx"] });
    const orders: Orders = { ...abusers, url: service.url, system, key: await eventsKey(service) };
    let tally: Tally = {};
    const during = await customers.live(async () => {
      await asked(abusing!, orders, "begun");
      say("All abusers are at it");
      await delay(1_000 * seconds);
      ({ tally } = await asked(abusing!, "end", "ended"));
      say("They are gone");
    });
    const after = await customers.live(() => delay(1_000 * calm));
    const atLast = await memoryOf(service);
    for (const client of crowd.clients) await client.stop();
    const { payments, most } = customers;
    const verdict = await judge(service, crowd.issued, payments);
    return {
      ...{ store, before, during, after, acknowledged: payments.length, ...verdict },
      memory: { before: atFirst, most, after: atLast },
      ...{ died: !service.isRunning, abusers: tally, seconds: Math.round((Date.now() - began) / 1_000), seed },
    };
  } finally {
    abusing?.kill();
    await service.end("SIGKILL");
    chain.stop();
    await postgres?.stop();
    rmSync(folder, { recursive: true });
  }
}

/** Those who pay and read, and what is seen of the service meanwhile. */
class Customers {
  readonly payments: Payment[] = [];
  most: Memory = { resident: 0, used: 0 };
  private readonly honest: readonly Honest[];
  /** Whom all of them pay. */
  private readonly hot: Address;

  constructor(
    private readonly local: LocalService,
    { payers }: Crowd,
    hosted: number,
    private readonly random: Random,
  ) {
    const { service, token } = local;
    const api = operatorApi(service.url, OPERATOR_KEY, { tries: 1 });
    this.honest = payers.slice(1).map(({ account, pay }, i) => {
      const isHosted = i < hosted - 1;
      return {
        account,
        pay: isHosted ? (order) => api.transfer({ ...order, token }, { idempotencyKey: order.reference }) : pay,
        read: () => api.balances(account),
        pace: isHosted ? PACE.hosted : PACE.own,
      };
    });
    this.hot = payers[0]!.account;
  }

  /** Lets them pay and read until `act` is done. */
  async live(act: () => Promise<unknown>): Promise<Served> {
    let isOver = false;
    const looking = this.look(() => isOver);
    const living = payAndRead(() => isOver, this.honest, this.hot, this.random);
    await Promise.race([act(), living]).finally(() => (isOver = true));
    const { fared, payments } = await living;
    await looking;
    this.payments.push(...payments);
    return served(fared);
  }

  private async look(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      const { resident, used } = await memoryOf(this.local.service);
      this.most = { resident: Math.max(resident, this.most.resident), used: Math.max(used, this.most.used) };
      await delay(LOOK_EVERY);
    }
  }
}

function served({ latencies, again }: Fared): Served {
  const calls = latencies.length + Object.values(again).reduce((sum, count) => sum + count, 0);
  const at = (share: number): number => percentile(latencies, share);
  return { calls, p50: at(0.5), p99: at(0.99), slowest: at(1), again };
}

/** The text of a key that may read events, and nothing else. */
async function eventsKey(service: MortalService): Promise<string> {
  const order = { name: "reader", scopes: ["events:read"] };
  const { key } = await service.call<{ key: string }>("POST", "/v1/api-keys", order, "reader");
  return key;
}

/** What the abusers' process answers to what it is told. */
async function asked<S extends Report["step"]>(
  abusing: ChildProcess,
  order: Orders | "end",
  step: S,
): Promise<Extract<Report, { step: S }>> {
  const gone = new AbortController();
  abusing.once("exit", () => gone.abort());
  abusing.send(order);
  const [report] = (await once(abusing, "message", { signal: gone.signal })) as [Extract<Report, { step: S }>];
  if (report.step !== step) throw new Error(`The abusers said ${report.step}, not ${step}`);
  return report;
}
