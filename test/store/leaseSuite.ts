import { expect } from "chai";
import { setTimeout as delay } from "node:timers/promises";

import { openTestStore, type TestDatabase } from "../helpers/databases";
import { expectError } from "../helpers/errors";
import { endLeases, withoutRenewals, withTimers } from "../helpers/leases";
import { person, SYSTEM } from "../helpers/service";
import { emptyCommit } from "../helpers/commits";

const TTL = 600;

/** Who may commit, on every store. */
export function leaseSuite(database: TestDatabase): void {
  async function twoStores(context: Mocha.Context) {
    const url = await database.fresh(context);
    return [await openTestStore(context, url), await openTestStore(context, url)] as const;
  }

  it("are held by one at a time, as long as it renews them", async function () {
    const url = await database.fresh(this);
    const [first, second] = [await openTestStore(this, url), await openTestStore(this, url)];
    const ttl = 60_000;
    const often = (wanted: number): number => {
      expect(wanted).to.be.at.most(ttl / 2);
      return 20;
    };
    const lease = await withTimers(often, () => first.leases.lead(SYSTEM, { ttl }));
    for (let i = 0; i < 3; i++) {
      await endLeases(database, url);
      while ((await second.candidates.leaderships()).some(({ freeFor }) => freeFor > 0)) await delay(5);
      expect(await second.leases.tryLead(SYSTEM)).to.equal(undefined);
    }
    expect([lease.term, lease.lost.aborted]).to.deep.equal([1n, false]);
    const waiting = second.leases.lead(SYSTEM);
    await first.prepare(emptyCommit(SYSTEM, 1n))(lease);
    await lease.release();
    expect((await waiting).term).to.equal(2n);
  });

  it("pass to another when they are not renewed, and whoever led before can never commit again", async function () {
    const [first, second] = await twoStores(this);
    const start = Date.now();
    const paused = await withoutRenewals(() => first.leases.lead(SYSTEM, { ttl: TTL }));
    await first.prepare(emptyCommit(SYSTEM, 1n))(paused);
    const lease = await second.leases.lead(SYSTEM);
    expect(Date.now() - start).to.be.within(TTL, 50 * TTL);
    await expectError(() => first.prepare(emptyCommit(SYSTEM, 2n))(paused), "not_leader", { term: 1, now: 2 });
    expect(await second.lastCommit(SYSTEM)).to.equal(1n);
    await second.prepare(emptyCommit(SYSTEM, 2n))(lease);
    await expectError(() => first.prepare(emptyCommit(SYSTEM, 3n))(paused), "not_leader", { term: 1, now: 2 });
    expect(await second.lastCommit(SYSTEM)).to.equal(2n);
  });

  it("that lapsed while nobody else wanted them go on", async function () {
    const [first] = await twoStores(this);
    const lease = await withoutRenewals(() => first.leases.lead(SYSTEM, { ttl: 1 }));
    await delay(50);
    await first.prepare(emptyCommit(SYSTEM, 1n))(lease);
  });

  it("tell who held them that another has taken over", async function () {
    const url = await database.fresh(this);
    const [first, second] = [await openTestStore(this, url), await openTestStore(this, url)];
    const lease = await first.leases.lead(SYSTEM, { ttl: TTL });
    // It may be renewed between the two.
    do await endLeases(database, url);
    while ((await second.leases.tryLead(SYSTEM)) === undefined);
    await new Promise((resolve) => lease.lost.addEventListener("abort", resolve));
  });

  it("that are given up or lost are kept no longer", async function () {
    const [first, second] = await twoStores(this);
    const given = await first.leases.lead(SYSTEM, { ttl: TTL });
    expect(first.leases.count).to.equal(1);
    await given.release();
    expect(first.leases.count).to.equal(0);
    const lost = await withoutRenewals(() => first.leases.lead(SYSTEM, { ttl: 1 }));
    await second.leases.lead(SYSTEM);
    expect(await lost.advance()).to.equal(false);
    expect([first.leases.count, second.leases.count]).to.deep.equal([0, 1]);
  });

  it("are of one system each", async function () {
    const [first, second] = await twoStores(this);
    const other = person("another system").address;
    const leases = [await first.leases.lead(SYSTEM), await second.leases.lead(other)] as const;
    await first.prepare(emptyCommit(SYSTEM, 1n))(leases[0]);
    await second.prepare(emptyCommit(other, 1n))(leases[1]);
    expect(await first.lastCommit(other)).to.equal(1n);
  });

  it("are no longer waited for when the store is closed", async function () {
    const [first, second] = await twoStores(this);
    await first.leases.lead(SYSTEM);
    const waiting = second.leases.lead(SYSTEM);
    const refused = expectError(() => waiting, "stopped");
    await second.close();
    await refused;
  });
}
