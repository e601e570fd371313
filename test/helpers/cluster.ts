import { execFileSync, fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import type { Leadership, Store } from "../../src/store";
import { afterTest } from "./afterTest";
import { openTestStore, type TestDatabase } from "./databases";
import { caller } from "./http";

/** Milliseconds: how long a dead leader keeps its systems. */
export const TTL = 1_000;

/** Real processes on one database that share systems. */
export class Cluster {
  private readonly members = new Set<Member>();

  private constructor(
    readonly store: Store,
    private readonly database: TestDatabase,
    private readonly address: string,
    private readonly systems: number,
  ) {}

  static async start(context: Mocha.Context, database: TestDatabase, systems: number): Promise<Cluster> {
    const address = await database.fresh(context);
    const cluster = new Cluster(await openTestStore(context, address), database, address, systems);
    afterTest(context, () => cluster.members.forEach(({ child }) => child.kill("SIGKILL")));
    return cluster;
  }

  /** One more process. */
  async join() {
    const args = [this.address, String(this.systems), String(TTL)];
    const child = fork(path.join(__dirname, "hostProcess.ts"), args, { execArgv: ["--require", "tsx/cjs"] });
    const exited = once(child, "exit");
    const leave = async (signal: "SIGTERM" | "SIGKILL") => {
      this.members.delete(member);
      child.kill(signal);
      await exited;
    };
    const [url] = (await once(child, "message")) as [string];
    const [suspend, resume] = [() => this.suspend(child), () => void child.kill("SIGCONT")];
    const member = { url, child, leave, suspend, resume, get: caller(url, "GET"), post: caller(url, "POST") };
    this.members.add(member);
    return member;
  }

  /** Those that there are, brought to so many, which share the systems evenly. */
  async of(count: number): Promise<Member[]> {
    for (const one of [...this.members].slice(count)) await one.leave("SIGTERM");
    await Promise.all(Array.from({ length: count - this.members.size }, () => this.join()));
    await this.share(...Array<number>(count).fill(this.systems / count));
    return [...this.members];
  }

  /** One that holds the lock of a whole database would stop everybody. */
  private suspend(child: ChildProcess): void {
    this.database.whileQuiet(this.address, () => {
      child.kill("SIGSTOP");
      while (!stateOf(child).startsWith("T")) continue;
    });
  }

  /** Waits until the systems are led, by as many processes and as many by each as `want` says; who leads which. */
  async share(...want: readonly number[]): Promise<Leadership[]> {
    for (;;) {
      const led = (await this.store.candidates.leaderships()).filter(({ url }) => url !== null);
      const counts = new Map<string, number>();
      for (const { url } of led) counts.set(url!, (counts.get(url!) ?? 0) + 1);
      const got = [...counts.values()].sort((a, b) => b - a);
      if (led.length === this.systems && got.join() === want.join()) return led;
      await delay(20);
    }
  }
}

function stateOf({ pid }: ChildProcess): string {
  return execFileSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
}

export type Member = Awaited<ReturnType<Cluster["join"]>>;
