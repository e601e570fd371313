import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";

import type { Leadership, Store } from "../../src/store";
import { afterTest } from "./afterTest";
import { openTestStore, type TestDatabase } from "./databases";
import { caller } from "./http";
import { insistentCaller } from "./insist";
import { messageOf, startProgram } from "./programs";
import { suspend } from "./suspend";

/** Milliseconds: how long a dead leader keeps its systems, unless said otherwise. */
export const TTL = 2_000;

/** Real processes on one database that share systems. A busy machine may take the lead from any of them at any time. */
export class Cluster {
  private readonly children = new Set<ChildProcess>();
  private readonly members = new Set<Member>();

  private constructor(
    readonly store: Store,
    private readonly database: TestDatabase,
    private readonly address: string,
    private readonly systems: number,
    private readonly ttl: number,
  ) {}

  static async start(context: Mocha.Context, database: TestDatabase, systems: number, ttl = TTL): Promise<Cluster> {
    const address = await database.fresh(context);
    const cluster = new Cluster(await openTestStore(context, address), database, address, systems, ttl);
    afterTest(context, () => cluster.children.forEach((child) => child.kill("SIGKILL")));
    return cluster;
  }

  /** One more process. What calls it asks again what may be asked again; `once` asks a single time. */
  async join() {
    const child = startProgram("helpers/hostProcess", this.address, String(this.systems), String(this.ttl));
    this.children.add(child);
    const exited = once(child, "exit");
    const leave = async (signal: "SIGTERM" | "SIGKILL") => {
      this.members.delete(member);
      child.kill(signal);
      await exited;
    };
    const url = (await messageOf(child)) as string;
    const member = {
      url,
      leave,
      suspend: () => suspend(child, this.database, this.address),
      resume: () => void child.kill("SIGCONT"),
      get: insistentCaller(url, "GET"),
      post: insistentCaller(url, "POST"),
      once: { post: caller(url, "POST") },
    };
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

  /** Waits until the systems are led, by as many processes and as many by each as `want` says; who leads which. */
  async share(...want: readonly number[]): Promise<Leadership[]> {
    for (;;) {
      const led = await this.leaderships();
      const counts = new Map<string, number>();
      for (const { url } of led) counts.set(url!, (counts.get(url!) ?? 0) + 1);
      const got = [...counts.values()].sort((a, b) => b - a);
      if (led.length === this.systems && got.join() === want.join()) return led;
      await delay(20);
    }
  }

  /** Who leads which system, by its address; undefined while one is led by nobody. */
  async leaders(): Promise<Record<string, string> | undefined> {
    const led = await this.leaderships();
    return led.length === this.systems ? Object.fromEntries(led.map(({ system, url }) => [system, url!])) : undefined;
  }

  /** Makes it as long ago as need be that a member has died: the others need not wait for its leases. */
  async expire({ url }: Member): Promise<void> {
    await this.database.execute(this.address, `UPDATE leases SET until = 0 WHERE url = '${url}'`);
  }

  /** Of the systems that are led. */
  private async leaderships(): Promise<Leadership[]> {
    return (await this.store.candidates.leaderships()).filter(({ url }) => url !== null);
  }
}

export type Member = Awaited<ReturnType<Cluster["join"]>>;
