import { performance } from "node:perf_hooks";

import { keccakText, toAddress, ZERO_HASH, type Address, type Hex } from "../../src/protocol";
import { addressOf } from "../../src/protocol";
import type { Wallet } from "../../src/sdk";
import type { Payment } from "./input";
import { POINTS, type World } from "./world";

/** How many payments may be under way at once, at most. */
const WINDOW = 256;

/** The account that stands for an address of the input. */
export interface Actor {
  readonly address: Address;
  readonly privateKey: Hex;
  /** The user's own wallet, or undefined where the service holds the key. */
  readonly wallet: Wallet | undefined;
}

/** What the replay took; latencies in milliseconds from request to durable answer. */
export interface ReplayResult {
  readonly seconds: number;
  readonly latencies: readonly number[];
  readonly failures: readonly string[];
}

/** Opens an account per address, every other one self-custody, and gives each its credit. */
export async function openAccounts(
  world: World,
  credits: ReadonlyMap<Address, bigint>,
  progress: (done: number) => void,
): Promise<Map<Address, Actor>> {
  const token = toAddress(await world.points.getAddress());
  const actors = new Map<Address, Actor>();
  let done = 0;
  const opening = [...credits].map(async ([original, amount], i) => {
    const privateKey = keccakText(`starledger demo ${original}`) as Hex;
    const address = addressOf(privateKey);
    const self = i % 2 === 0;
    const tokens = [token];
    const wallet = self ? world.wallet(privateKey, token, POINTS) : undefined;
    actors.set(original, { address, privateKey, wallet });
    await world.service.submit(
      self ? { type: "openAccount", address, tokens } : { type: "openHostedAccount", privateKey, tokens },
    );
    if (amount > 0n) {
      await world.service.submit({ type: "issue", account: address, token, amount, reference: ZERO_HASH });
      await world.received(address);
    }
    progress(++done);
  });
  await Promise.all(opening);
  return actors;
}

/**
 * Runs the payments in order: each is asked for after all earlier payments of its payer, and once all earlier payments to
 * its payer are there; payments of different people go side by side.
 */
export async function replay(
  world: World,
  payments: readonly Payment[],
  actors: ReadonlyMap<Address, Actor>,
  progress: (done: number) => void,
): Promise<ReplayResult> {
  const token = toAddress(await world.points.getAddress());
  const latencies: number[] = [];
  const failures: string[] = [];
  const asked = new Map<Actor, Promise<unknown>>();
  const arrived = new Map<Actor, Promise<unknown>>();
  const running: Promise<void>[] = [];
  const started = performance.now();
  let done = 0;
  for (const [i, { from, to, amount }] of payments.entries()) {
    const [payer, payee] = [actors.get(from)!, actors.get(to)!];
    const reference = keccakText(`payment ${i}`);
    const request = { type: "pay", from: payer.address, to: payee.address, token, amount, reference } as const;
    const ready = Promise.all([asked.get(payer), arrived.get(payer)]).then(() => world.received(payer.address));
    const pay = async (): Promise<void> => {
      await ready;
      const start = performance.now();
      if (payer.wallet) await payer.wallet.pay(payee.address, amount, reference);
      else await world.service.submit(request, reference);
      latencies.push(performance.now() - start);
    };
    const payment = pay()
      .catch((error: unknown) => void failures.push(`payment ${i + 1}: ${String(error)}`))
      .then(() => progress(++done));
    asked.set(payer, ready);
    arrived.set(payee, Promise.all([arrived.get(payee), payment]));
    // The payment WINDOW places earlier must be done before the next begins.
    running.push(payment);
    await running[i - WINDOW];
  }
  await Promise.all(running);
  return { seconds: (performance.now() - started) / 1000, latencies, failures };
}
