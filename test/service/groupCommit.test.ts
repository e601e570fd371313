import { expect } from "chai";

import type { StarledgerError } from "../../src/errors";
import { ZERO_HASH } from "../../src/protocol";
import type { Store } from "../../src/store";
import { crashing } from "../helpers/crashing";
import { onEachDatabase, openTestStore } from "../helpers/databases";
import { expectError } from "../helpers/errors";
import {
  freshService,
  issue,
  listAssets,
  openHosted,
  POINTS,
  pointsOf,
  startService,
  SYSTEM,
} from "../helpers/service";

/** The same store, whose commits wait to be let go. */
function slow(store: Store) {
  const waiting: (() => void)[] = [];
  const held = Object.create(store) as Store & { holds: boolean };
  held.holds = false;
  held.prepare = (commit) => async (lease) => {
    await store.prepare(commit)(lease);
    if (held.holds) await new Promise<void>((resolve) => waiting.push(resolve));
  };
  return { held, waiting };
}

const turns = () => new Promise((resolve) => setTimeout(resolve, 50));

onEachDatabase("Group commit", (database) => {
  it("gathers the next group while a commit is on its way, and answers nothing before its commit is durable", async function () {
    const { held, waiting } = slow(await openTestStore(this, await database.fresh(this)));
    const service = await startService(held);
    await listAssets(service);
    const alice = await openHosted(service, "alice");
    const last = await held.lastCommit(SYSTEM);
    const answered: bigint[] = [];
    const delivered: bigint[] = [];
    service.announcements.notes.add(alice, ({ note }) => delivered.push(note.credited));
    held.holds = true;
    const submit = (amount: bigint) => issue(service, alice, amount).then(() => answered.push(amount));
    const all = [submit(1n)];
    while (waiting.length === 0) await turns();
    all.push(submit(10n), submit(100n), submit(1000n));
    await turns();
    expect([waiting.length, answered, delivered, pointsOf(service, alice)]).to.deep.equal([1, [], [], 0n]);
    waiting.shift()!();
    while (waiting.length === 0) await turns();
    expect([answered, delivered, pointsOf(service, alice)]).to.deep.equal([[1n], [1n], 1n]);
    expect(await held.lastCommit(SYSTEM)).to.equal(last + 2n);
    waiting.shift()!();
    await Promise.all(all);
    expect(answered).to.deep.equal([1n, 10n, 100n, 1000n]);
    expect([delivered.at(-1), pointsOf(service, alice)]).to.deep.equal([1111n, 1111n]);
    held.holds = false;
    expect(await service.audit.isConserved(POINTS)).to.equal(true);
  });

  it("refuses nothing for what its own group does before that is durable", async function () {
    const { held, waiting } = slow(await openTestStore(this, await database.fresh(this)));
    const service = await startService(held);
    await listAssets(service);
    const [alice, bob] = [await openHosted(service, "alice", 100n), await openHosted(service, "bob")];
    const told: string[] = [];
    held.holds = true;
    const pay = (amount: bigint) =>
      service.submit({ type: "pay", from: alice, to: bob, token: POINTS, amount, reference: ZERO_HASH }).then(
        () => told.push("paid"),
        (error: unknown) => told.push((error as StarledgerError).code),
      );
    const all = [pay(70n), pay(70n)];
    while (waiting.length === 0) await turns();
    expect(told).to.deep.equal([]);
    held.holds = false;
    waiting.shift()!();
    await Promise.all(all);
    expect([told, pointsOf(service, alice), pointsOf(service, bob)]).to.deep.equal([
      ["paid", "insufficient_balance"],
      30n,
      70n,
    ]);
  });

  it("stops when it does not know what became of a commit, and leaves the lead to who can read it", async function () {
    const url = await database.fresh(this);
    const store = crashing(await openTestStore(this, url));
    const service = await startService(store, { lease: { ttl: 600_000 } });
    await listAssets(service);
    const alice = await openHosted(service, "alice");
    store.crashAt = "after";
    await expectError(() => issue(service, alice, 5n), "outcome_unknown");
    await expectError(() => issue(service, alice, 5n), "stopped");
    expect(pointsOf(service, alice)).to.equal(0n);
    const next = await startService(await openTestStore(this, url));
    expect(pointsOf(next, alice)).to.equal(5n);
  });

  it("drops all that a refused commit would have led to, and goes on (store_failed)", async function () {
    const { url, service } = await freshService(this, undefined, database);
    const [alice, bob] = [await openHosted(service, "alice", 100n), await openHosted(service, "bob")];
    const pay = (amount: bigint, key?: string) =>
      service.submit({ type: "pay", from: alice, to: bob, token: POINTS, amount, reference: ZERO_HASH }, key);
    const before = service.channelOf(alice, POINTS);
    const delivered: unknown[] = [];
    service.announcements.notes.add(bob, (note) => delivered.push(note));
    await database.execute(url, database.refuse);
    const results = await Promise.allSettled([pay(30n, "key"), pay(30n, "key"), pay(50n), pay(60n)]);
    for (const result of results) {
      await expectError(() => {
        if (result.status === "rejected") throw result.reason;
      }, "store_failed");
    }
    expect([service.channelOf(alice, POINTS), delivered]).to.deep.equal([before, []]);
    await database.execute(url, database.accept);
    const [first, again] = await Promise.all([pay(30n, "key"), pay(30n, "key")]);
    expect(again).to.deep.equal({ ...first, replayed: true });
    expect([pointsOf(service, alice), pointsOf(service, bob)]).to.deep.equal([70n, 30n]);
    expect(await service.audit.isConserved(POINTS)).to.equal(true);
  });
});
