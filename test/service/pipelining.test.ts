import { expect } from "chai";

import { StarledgerError } from "../../src/errors";
import { localKey, type Key } from "../../src/signer";
import type { AccountService } from "../../src/service";
import { WORTH_A_COMMIT } from "../../src/service/requestQueue";
import type { Store } from "../../src/store";
import { onEachDatabase, openTestStore } from "../helpers/databases";
import { expectError } from "../helpers/errors";
import { payment } from "../helpers/requests";
import { issue, listAssets, openHosted, POINTS, pointsOf, SIGNER_KEY, startService, SYSTEM } from "../helpers/service";

/** How a commit that was let go ends. */
type End = "durable" | "refused" | "unknown";

/** The same store, whose commits each wait to be let go. */
function gated(store: Store) {
  const waiting: ((end: End) => void)[] = [];
  const begun: bigint[] = [];
  const gate = Object.create(store) as Store & { isShut: boolean };
  gate.isShut = false;
  gate.prepare = (commit) => async (lease) => {
    begun.push(commit.id);
    const end = gate.isShut ? await new Promise<End>((resolve) => waiting.push(resolve)) : "durable";
    if (end === "refused") throw new StarledgerError("store_failed", { reason: "refused" });
    if (end === "unknown") throw new StarledgerError("outcome_unknown", { reason: "unknown" });
    await store.prepare(commit)(lease);
  };
  return { gate, waiting, begun };
}

/** The system's key, and how many batches it has signed. */
function counting(): Key & { batches: number } {
  const key = localKey(SIGNER_KEY);
  const counted = Object.create(key) as Key & { batches: number };
  counted.batches = 0;
  counted.sign = (digest, purpose) => {
    if (purpose.kind === "message" && purpose.type === "Batch") counted.batches += 1;
    return key.sign(digest, purpose);
  };
  return counted;
}

const until = async (isSo: () => boolean) => {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
};

onEachDatabase("Commits ahead of the one that is on its way", (database) => {
  /** Commits of two requests; carol pays bob, then bob, who had nothing, pays dave and carol: two groups, neither stored. */
  async function twoGroups(context: Mocha.Context) {
    const { gate, waiting, begun } = gated(await openTestStore(context, await database.fresh(context)));
    const signer = counting();
    const service = await startService(gate, { batchSize: 2, signer });
    await listAssets(service);
    const carol = await openHosted(service, "carol", 100n);
    const [bob, dave] = [await openHosted(service, "bob"), await openHosted(service, "dave")];
    const told: string[] = [];
    const pay = (name: string, from: typeof bob, to: typeof bob, amount: bigint, key?: string) =>
      service.submit(payment(from, to, amount), key).then(
        ({ commit }) => told.push(`${name} ${commit - last}`),
        (error: unknown) => told.push(`${name} ${(error as StarledgerError).code}`),
      );
    const last = await gate.lastCommit(SYSTEM);
    gate.isShut = true;
    const signed = signer.batches;
    const all = [pay("first", carol, bob, 60n), pay("second", carol, dave, 1n)];
    await until(() => waiting.length === 1);
    all.push(pay("third", bob, dave, 50n), pay("fourth", carol, dave, 2n));
    await until(() => signer.batches === signed + 2);
    return { gate, waiting, begun, last, service, told, all, pay, accounts: [carol, bob, dave] as const };
  }

  const balances = (service: AccountService, accounts: Parameters<typeof pointsOf>[1][]) =>
    accounts.map((account) => pointsOf(service, account));

  it("are carried out and signed on top of it, and stored and answered only after it", async function () {
    const { gate, waiting, service, told, all, accounts } = await twoGroups(this);
    expect([waiting.length, told, balances(service, [...accounts])]).to.deep.equal([1, [], [100n, 0n, 0n]]);
    waiting.shift()!("durable");
    await until(() => waiting.length === 1);
    expect([told, balances(service, [...accounts])]).to.deep.equal([
      ["first 1", "second 1"],
      [39n, 60n, 1n],
    ]);
    gate.isShut = false;
    waiting.shift()!("durable");
    await Promise.all(all);
    expect(told).to.deep.equal(["first 1", "second 1", "third 2", "fourth 2"]);
    expect(balances(service, [...accounts])).to.deep.equal([37n, 10n, 53n]);
    expect([await service.audit.isConserved(POINTS), service.counters.commits]).to.deep.equal([true, 8]);
  });

  it("are given to the store as soon as it is durable, before it is answered", async function () {
    const { gate, waiting, begun, last, service, all } = await twoGroups(this);
    const seen: bigint[] = [];
    service.announcements.events.add("events", () => seen.push(begun.at(-1)! - last));
    gate.isShut = false;
    waiting.shift()!("durable");
    await Promise.all(all);
    expect(seen).to.deep.equal([2n, 2n]);
  });

  it("are begun when as many requests wait as are worth one, however many more it could hold", async function () {
    const { gate, waiting } = gated(await openTestStore(this, await database.fresh(this)));
    const signer = counting();
    const service = await startService(gate, { signer });
    await listAssets(service);
    const [carol, bob] = [await openHosted(service, "carol", 100n), await openHosted(service, "bob")];
    const [last, signed] = [await gate.lastCommit(SYSTEM), signer.batches];
    const pay = async () => (await service.submit(payment(carol, bob, 1n))).commit - last;
    gate.isShut = true;
    const all = [pay()];
    await until(() => waiting.length === 1);
    while (all.length < WORTH_A_COMMIT) all.push(pay());
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([waiting.length, signer.batches]).to.deep.equal([1, signed + 1]);
    all.push(pay());
    await until(() => signer.batches === signed + 2);
    expect([waiting.length, pointsOf(service, bob)]).to.deep.equal([1, 0n]);
    gate.isShut = false;
    waiting.shift()!("durable");
    expect(await Promise.all(all)).to.deep.equal([1n, ...Array<bigint>(WORTH_A_COMMIT).fill(2n)]);
    expect([pointsOf(service, bob), await service.audit.isConserved(POINTS)]).to.deep.equal([33n, true]);
  });

  it("count a request that opens many accounts as many", async function () {
    const { gate, waiting } = gated(await openTestStore(this, await database.fresh(this)));
    const signer = counting();
    const service = await startService(gate, { signer });
    await listAssets(service);
    const [carol, bob] = [await openHosted(service, "carol", 100n), await openHosted(service, "bob")];
    const [last, signed] = [await gate.lastCommit(SYSTEM), signer.batches];
    const pay = async () => (await service.submit(payment(carol, bob, 1n))).commit - last;
    gate.isShut = true;
    const first = pay();
    await until(() => waiting.length === 1);
    const openings = Array.from({ length: WORTH_A_COMMIT - 1 }, () => ({ address: null, tokens: [POINTS] }));
    const opening = service.submit({ type: "openMany", openings });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([waiting.length, signer.batches]).to.deep.equal([1, signed + 1]);
    const second = pay();
    await until(() => signer.batches === signed + 2);
    gate.isShut = false;
    waiting.shift()!("durable");
    expect([await first, (await opening).commit - last, await second]).to.deep.equal([1n, 2n, 2n]);
    expect([pointsOf(service, bob), await service.audit.isConserved(POINTS)]).to.deep.equal([2n, true]);
  });

  it("take along all that comes meanwhile where the store is to be asked first", async function () {
    const { gate, waiting } = gated(await openTestStore(this, await database.fresh(this)));
    const service = await startService(gate);
    await listAssets(service);
    const [carol, bob] = [await openHosted(service, "carol", 100n), await openHosted(service, "bob")];
    const last = await gate.lastCommit(SYSTEM);
    const pay = async (key: string) => (await service.submit(payment(carol, bob, 1n), key)).commit - last;
    gate.isShut = true;
    const all = [pay("first")];
    await until(() => waiting.length === 1);
    const payTill = async (count: number) => {
      while (all.length < count) all.push(pay(`key ${all.length}`));
      await new Promise((resolve) => setTimeout(resolve, 50));
    };
    await payTill(1 + WORTH_A_COMMIT);
    await payTill(6 + WORTH_A_COMMIT);
    gate.isShut = false;
    waiting.shift()!("durable");
    expect(await Promise.all(all)).to.deep.equal([1n, ...Array<bigint>(5 + WORTH_A_COMMIT).fill(2n)]);
    expect([pointsOf(service, bob), await service.audit.isConserved(POINTS)]).to.deep.equal([38n, true]);
  });

  it("are carried out anew where it has not happened, without what they had from it", async function () {
    const { gate, waiting, service, told, all, accounts } = await twoGroups(this);
    gate.isShut = false;
    waiting.shift()!("refused");
    await Promise.all(all);
    expect(told).to.deep.equal(["first store_failed", "second store_failed", "fourth 1", "third insufficient_balance"]);
    expect(balances(service, [...accounts])).to.deep.equal([98n, 0n, 2n]);
    expect(await service.audit.isConserved(POINTS)).to.equal(true);
    await issue(service, accounts[1], 7n);
    expect(balances(service, [...accounts])).to.deep.equal([98n, 7n, 2n]);
  });

  it("are dropped where nobody knows what became of it", async function () {
    const { gate, waiting, service, told, all, accounts } = await twoGroups(this);
    const before = await gate.lastCommit(SYSTEM);
    gate.isShut = false;
    waiting.shift()!("unknown");
    await Promise.all(all);
    expect(told).to.deep.equal(["first outcome_unknown", "second outcome_unknown", "third stopped", "fourth stopped"]);
    expect([await gate.lastCommit(SYSTEM), balances(service, [...accounts])]).to.deep.equal([before, [100n, 0n, 0n]]);
    await expectError(() => issue(service, accounts[0], 1n), "stopped");
  });

  it("wait for it before the store is asked what was answered, so that a key never pays twice", async function () {
    const { gate, waiting, service, told, all, pay, accounts } = await twoGroups(this);
    const [carol, bob] = accounts;
    waiting.shift()!("durable");
    await until(() => waiting.length === 1);
    all.push(pay("fifth", carol, bob, 5n, "key"), pay("sixth", carol, bob, 1n));
    gate.isShut = false;
    waiting.shift()!("durable");
    all.push(pay("again", carol, bob, 5n, "key"), pay("seventh", carol, bob, 1n));
    await Promise.all(all);
    expect(told.slice(4)).to.have.members(["fifth 3", "sixth 3", "again 3", "seventh 4"]);
    expect(pointsOf(service, carol)).to.equal(30n);
  });

  it("are all over when it acts between two commits, or stops", async function () {
    const { gate, waiting, service, told, all, accounts } = await twoGroups(this);
    const audit = service.audit.isConserved(POINTS);
    const stopped = service.stop();
    gate.isShut = false;
    waiting.shift()!("durable");
    expect(await audit).to.equal(true);
    await stopped;
    await Promise.all(all);
    expect([told.length, balances(service, [...accounts])]).to.deep.equal([4, [37n, 10n, 53n]]);
  });
});
