import type { ChildProcess } from "node:child_process";

import { expect } from "chai";

import { AccountService, Services } from "../../src/service";
import { Campaign } from "../../src/service/campaign";
import { ZERO_HASH } from "../../src/protocol";
import { localKey } from "../../src/signer";
import type { Lease } from "../../src/store";
import { afterTest } from "../helpers/afterTest";
import { onEachDatabase, openTestStore } from "../helpers/databases";
import { expectError } from "../helpers/errors";
import { withoutRenewals } from "../helpers/leases";
import { messageOf, startProgram } from "../helpers/programs";
import {
  DOMAIN,
  issue,
  KEYSTORE,
  listAssets,
  openHosted,
  person,
  POINTS,
  pointsOf,
  SIGNER_KEY,
  startService,
  SYSTEM,
} from "../helpers/service";
import { suspend } from "../helpers/suspend";

interface Told {
  readonly amount: string;
  readonly outcome: string;
}

onEachDatabase("Leadership", (database) => {
  const alice = person("alice").address;

  /** Another process that leads the system, and what it tells. */
  async function leaderProcess(context: Mocha.Context, url: string) {
    const child = startProgram("helpers/leader", url);
    afterTest(context, () => child.kill("SIGKILL"));
    const told: Told[] = [];
    child.on("message", (message: Told) => told.push(message));
    await until(child, () => told.length > 0);
    return { child, told };
  }

  it("passes to the next service when one stops, with all that it did", async function () {
    const url = await database.fresh(this);
    const first = await startService(await openTestStore(this, url));
    await listAssets(first);
    await openHosted(first, "alice", 5n);
    const waiting = startService(await openTestStore(this, url));
    await issue(first, alice, 6n);
    await first.stop();
    const second = await waiting;
    expect(pointsOf(second, alice)).to.equal(11n);
    await issue(second, alice, 7n);
    expect(await second.audit.isConserved(POINTS)).to.equal(true);
  });

  it("S4: is lost by a service that stood still: it sends no signature any more (not_leader)", async function () {
    const url = await database.fresh(this);
    const store = await openTestStore(this, url);
    const paused = await withoutRenewals(() => startService(store, { lease: { ttl: 200 } }));
    await listAssets(paused);
    await openHosted(paused, "alice", 5n);
    const bob = await openHosted(paused, "bob");
    const delivered: unknown[] = [];
    paused.announcements.notes.add(bob, (note) => delivered.push(note));
    const next = await startService(await openTestStore(this, url));

    const pay = {
      type: "pay",
      from: alice,
      to: bob,
      token: POINTS,
      amount: 5n,
      reference: `0x${"00".repeat(32)}`,
    } as never;
    const error = await expectError(() => paused.submit(pay), "not_leader", { term: 1, now: 2 });
    expect([error.retryable, delivered]).to.deep.equal([true, []]);
    await expectError(() => paused.submit(pay), "not_leader");
    expect([pointsOf(next, alice), pointsOf(next, bob)]).to.deep.equal([5n, 0n]);
    await next.submit(pay);
    expect([pointsOf(next, alice), pointsOf(next, bob)]).to.deep.equal([0n, 5n]);
  });

  it("that may have passed refuses as not_leader what an old ledger would refuse for another reason", async function () {
    const url = await database.fresh(this);
    const paused = await withoutRenewals(async () =>
      startService(await openTestStore(this, url), { lease: { ttl: 200 } }),
    );
    await listAssets(paused);
    const [poor, rich] = [await openHosted(paused, "poor"), await openHosted(paused, "rich")];
    const next = await startService(await openTestStore(this, url));
    await issue(next, poor, 5n);
    const pay = { type: "pay", from: poor, to: rich, token: POINTS, amount: 5n, reference: ZERO_HASH } as const;
    await expectError(() => paused.rehearse(pay), "not_leader", {});
    const error = await expectError(() => paused.submit(pay), "not_leader", {});
    expect(error.retryable).to.equal(true);
    await next.submit(pay);
    expect([pointsOf(next, poor), pointsOf(next, rich)]).to.deep.equal([0n, 5n]);
  });

  it("passes from a service to another of the same process, and what looked after the first ends with it", async function () {
    const store = await openTestStore(this, await database.fresh(this));
    const all: AccountService[] = [];
    const retired: AccountService[] = [];
    const services = new Services([], [{ system: SYSTEM, domain: DOMAIN, signer: SYSTEM }]);
    const serve = async (lease: Lease): Promise<AccountService> => {
      const options = { store, domain: DOMAIN, system: SYSTEM, signer: localKey(SIGNER_KEY), keystore: KEYSTORE };
      all.push(await AccountService.startWith(options, lease));
      return all.at(-1)!;
    };
    const errors: unknown[] = [];
    const campaign = new Campaign({
      ...{ store, services, serve, url: "http://127.0.0.1:1", ttl: 200, onError: (error) => errors.push(error) },
      retire: (service) => Promise.resolve(void retired.push(service)),
    });
    // Who gives no sign of life, since its machine is busy, loses its lead to whoever is first: itself.
    await withoutRenewals(() => campaign.start());
    while (all.length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    await campaign.stop();
    expect([errors, retired]).to.deep.equal([[], all]);
    expect(all.every(({ hasEnded }) => hasEnded)).to.equal(true);
  });

  it("passes within seconds from a process that is killed, and nothing that it acknowledged is lost", async function () {
    const url = await database.fresh(this);
    const { child, told } = await leaderProcess(this, url);
    const waiting = openTestStore(this, url).then((store) => startService(store));
    for (let i = 0; i < 500; i++) child.send("1");
    await until(child, () => told.length > 100);
    child.kill("SIGKILL");
    const start = Date.now();
    const service = await waiting;
    expect(Date.now() - start).to.be.below(20_000);
    const acknowledged = told.filter(({ amount, outcome }) => amount === "1" && outcome === "done").length;
    expect(Number(pointsOf(service, alice))).to.be.within(acknowledged, 500);
    await issue(service, alice, 1n);
    expect(await service.audit.isConserved(POINTS)).to.equal(true);
  });

  it("passes from a process that is suspended, which finds itself refused when it wakes", async function () {
    const url = await database.fresh(this);
    const { child, told } = await leaderProcess(this, url);
    child.send("5");
    await until(child, () => told.length === 2);
    suspend(child, database, url);
    const service = await startService(await openTestStore(this, url));
    child.send("6");
    child.kill("SIGCONT");
    await until(child, () => told.length === 3);
    expect(told.slice(1)).to.deep.equal([
      { amount: "5", outcome: "done" },
      { amount: "6", outcome: "not_leader" },
    ]);
    expect(pointsOf(service, alice)).to.equal(5n);
    await issue(service, alice, 7n);
    expect(await service.audit.isConserved(POINTS)).to.equal(true);
  });
});

async function until(child: ChildProcess, met: () => boolean): Promise<void> {
  while (!met()) await messageOf(child);
}
