import { expect } from "chai";
import { Client } from "pg";
import { setTimeout as delay } from "node:timers/promises";

import { afterTest } from "../helpers/afterTest";
import { openTestStore, POSTGRES } from "../helpers/databases";
import { expectError } from "../helpers/errors";
import { emptyCommit } from "../helpers/commits";
import { withoutRenewals } from "../helpers/leases";
import { proxyTo } from "../helpers/proxy";
import { issue, listAssets, openHosted, POINTS, pointsOf, startService, SYSTEM } from "../helpers/service";

/** A service whose way to PostgreSQL can break, and a store with a way of its own. With a `ttl` it never renews its lease. */
async function behindProxy(context: Mocha.Context, ttl?: number) {
  const url = await POSTGRES.fresh(context);
  const direct = await openTestStore(context, url);
  const proxy = await proxyTo(context, url);
  const store = await openTestStore(context, proxy.url);
  const start = () => startService(store, ttl === undefined ? {} : { lease: { ttl } });
  const service = await (ttl === undefined ? start() : withoutRenewals(start));
  await listAssets(service);
  const alice = await openHosted(service, "alice");
  return { url, direct, proxy, store, service, alice, last: await direct.lastCommit(SYSTEM) };
}

describe("PostgresStore, when the connection breaks in a commit", () => {
  it("finds that the commit is durable, and the request is answered", async function () {
    const { direct, proxy, service, alice, last } = await behindProxy(this);
    proxy.loseNextAnswer();
    await issue(service, alice, 5n);
    expect(await direct.lastCommit(SYSTEM)).to.equal(last + 1n);
    await issue(service, alice, 6n);
    expect(pointsOf(service, alice)).to.equal(11n);
    expect(await service.audit.isConserved(POINTS)).to.equal(true);
  });

  it("makes sure that a commit which the server still works on never happens (store_failed)", async function () {
    const { url, direct, proxy, service, alice, last } = await behindProxy(this);
    const blocker = new Client({ connectionString: url });
    await blocker.connect();
    afterTest(this, () => blocker.end());
    await blocker.query("BEGIN; LOCK TABLE events IN SHARE MODE");
    const issued = issue(service, alice, 5n);
    const refused = expectError(() => issued, "store_failed");
    const working = "SELECT FROM pg_stat_activity WHERE query LIKE '%WITH lease%' AND wait_event_type = 'Lock'";
    while ((await blocker.query(working)).rowCount === 0) await delay(10);
    proxy.abandon();
    await refused;
    await blocker.query("COMMIT");
    while ((await blocker.query(working)).rowCount !== 0) await delay(10);
    expect(await direct.lastCommit(SYSTEM)).to.equal(last);
    expect(pointsOf(service, alice)).to.equal(0n);
    await issue(service, alice, 6n);
    expect(await direct.lastCommit(SYSTEM)).to.equal(last + 1n);
    expect(await service.audit.isConserved(POINTS)).to.equal(true);
  });

  it("says that it does not know, and stops, when another has taken over meanwhile (outcome_unknown)", async function () {
    const { direct, proxy, service, alice, last } = await behindProxy(this, 300);
    proxy.loseNextAnswer();
    proxy.close();
    const issued = issue(service, alice, 5n);
    const unknown = expectError(() => issued, "outcome_unknown");
    const lease = await direct.leases.lead(SYSTEM);
    proxy.open();
    expect((await unknown).retryable).to.equal(true);
    await expectError(() => issue(service, alice, 5n), "not_leader");
    const next = (await direct.log.last(SYSTEM)) + 1n;
    await direct.prepare(emptyCommit(SYSTEM, last + 2n, next))(lease);
  });

  it("refuses while the database is away, and goes on when it is back", async function () {
    const { proxy, service, alice } = await behindProxy(this);
    proxy.close();
    proxy.abandon();
    await delay(50);
    await expectError(() => issue(service, alice, 5n), "store_failed");
    proxy.open();
    await issue(service, alice, 6n);
    expect(pointsOf(service, alice)).to.equal(6n);
  });
});
