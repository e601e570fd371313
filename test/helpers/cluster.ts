import { fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import type { Leadership, Store } from "../../src/store";
import { afterTest } from "./afterTest";
import { openTestStore } from "./databases";
import { caller } from "./http";

/** Milliseconds: how long a dead leader keeps its systems. */
export const TTL = 1_000;

/** Real processes on one database that share systems. */
export async function cluster(context: Mocha.Context, database: string, systems: number) {
  const store = await openTestStore(context, database);
  const join = async () => {
    const args = [database, String(systems), String(TTL)];
    const child = fork(path.join(__dirname, "hostProcess.ts"), args, { execArgv: ["--require", "tsx/cjs"] });
    afterTest(context, () => child.kill("SIGKILL"));
    const [url] = (await once(child, "message")) as [string];
    const stop = async () => {
      child.kill("SIGTERM");
      await once(child, "exit");
    };
    return { url, child, stop, get: caller(url, "GET"), post: caller(url, "POST") };
  };
  return { store, join, share: (...want: number[]) => sharing(store, systems, want) };
}

export type Member = Awaited<ReturnType<Awaited<ReturnType<typeof cluster>>["join"]>>;

/** Waits until the systems are led, by as many processes and as many by each as `want` says; who leads which. */
async function sharing(store: Store, systems: number, want: readonly number[]): Promise<Leadership[]> {
  for (;;) {
    const led = (await store.candidates.leaderships()).filter(({ url }) => url !== null);
    const counts = new Map<string, number>();
    for (const { url } of led) counts.set(url!, (counts.get(url!) ?? 0) + 1);
    const got = [...counts.values()].sort((a, b) => b - a);
    if (led.length === systems && got.join() === want.join()) return led;
    await delay(20);
  }
}
