import { setTimeout as delay } from "node:timers/promises";

import { expect } from "chai";

import { ZERO_HASH } from "../../src/protocol";
import { closeDays, DayCloser } from "../../src/service/dayCloser";
import { accountStatement } from "../../src/service/statements";
import { DAY } from "../../src/store";
import { onEachDatabase, openTestStore } from "../helpers/databases";
import { expectError } from "../helpers/errors";
import { freshService, issue, openHosted, POINTS, startService, SYSTEM } from "../helpers/service";

/** Three events a day, the first at the beginning of the second day. */
const OVER_DAYS = `UPDATE events SET time = ${DAY} + (number - 1) * ${DAY / 3}`;

onEachDatabase("DayCloser", (database) => {
  /** Ten events: two listings, two openings, the first money, and five payments; on the days 1, 2, 3 and 4. */
  async function world(context: Mocha.Context) {
    const { url, store, service } = await freshService(context, undefined, database);
    const [alice, bob] = [await openHosted(service, "alice", 100n), await openHosted(service, "bob")];
    for (let i = 1n; i <= 5n; i++) {
      await service.submit({ type: "pay", from: alice, to: bob, token: POINTS, amount: i, reference: ZERO_HASH });
    }
    await database.execute(url, OVER_DAYS);
    const close = (day: number) => closeDays({ store, system: SYSTEM, now: () => (day + 1) * DAY + 60_000 });
    return { url, store, service, alice, bob, close };
  }

  it("closes what is over, once, in whatever steps, and leaves the day that is not", async function () {
    const { store, alice, bob, close } = await world(this);
    await close(0);
    expect(await store.closings.last(SYSTEM)).to.equal(undefined);
    await close(2);
    await close(2);
    expect(await store.closings.last(SYSTEM)).to.deep.equal({ day: 2, number: 6n });
    expect(Object.fromEntries(await store.closings.totals(SYSTEM, POINTS, 2))).to.deep.equal({
      issued: -100n,
      [alice]: 99n,
      [bob]: 1n,
    });
    await close(9);
    expect(await store.closings.last(SYSTEM)).to.deep.equal({ day: 4, number: 10n });
    expect(await store.closings.totalOf(SYSTEM, POINTS, bob, 3)).to.equal(1n + 2n + 3n + 4n);
    expect(await store.closings.totalOf(SYSTEM, POINTS, bob, 77)).to.equal(15n);
    expect(await store.closings.totalOf(SYSTEM, POINTS, "issued", 1)).to.equal(0n);
  });

  it("begins a day anew that it did not come to the end of", async function () {
    const { store, bob, close } = await world(this);
    await store.closings.keep(SYSTEM, 2, [{ token: POINTS, account: bob, total: 777n }]);
    expect((await store.log.totals(SYSTEM, POINTS)).get(bob)).to.equal(15n);
    await close(9);
    expect((await store.log.totals(SYSTEM, POINTS)).get(bob)).to.equal(15n);
    expect(await store.closings.totalOf(SYSTEM, POINTS, bob, 2)).to.equal(1n);
  });

  it("lets statements, lists by time, the books and a start do without what was before it", async function () {
    const { url, store, service, alice, bob, close } = await world(this);
    const day = { from: 4 * DAY, to: 5 * DAY };
    const [before, lines] = [await accountStatement(service, bob, POINTS, day), { ...day, until: day.to, limit: 9 }];
    const events = await store.log.events(SYSTEM, lines);
    await close(9);
    await database.execute(url, "DELETE FROM events WHERE number BETWEEN 4 AND 9 AND amount IS NOT NULL");
    expect(await accountStatement(service, bob, POINTS, day)).to.deep.equal(before);
    expect(await store.log.events(SYSTEM, lines)).to.deep.equal(events);
    expect(await service.audit.isConserved(POINTS)).to.equal(true);
    expect((await store.log.recounted(SYSTEM, POINTS)).get(alice)).to.equal(-5n);
    await service.stop();
    await store.close();
    const reopened = await openTestStore(this, url);
    await startService(reopened);
    await database.execute(url, "DELETE FROM closed_days");
    await expectError(() => reopened.log.last(SYSTEM), "store_corrupt", { events: 5n, last: 10n });
  });

  it("looks at the calendar by itself, until it is stopped", async function () {
    const { store } = await world(this);
    const closer = new DayCloser({ store, system: SYSTEM });
    const closed = async () => (await store.closings.last(SYSTEM))?.day;
    while ((await closed()) !== 4) await delay(5);
    await closer.stop();
  });

  it("finds no event that is older than one before it, whatever the clock did", async function () {
    const { url, store, service, alice } = await world(this);
    const ahead = Date.now() + DAY;
    await service.stop();
    await store.close();
    await database.execute(url, `UPDATE events SET time = ${ahead} WHERE number = 10`);
    const reopened = await openTestStore(this, url);
    await issue(await startService(reopened), alice, 1n);
    expect(await reopened.activity.timeOf(SYSTEM, 11n)).to.equal(ahead);
  });
});
