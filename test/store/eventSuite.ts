import { expect } from "chai";

import type { EventType, LedgerEvent } from "../../src/engine";
import { keccakText, ZERO_HASH, type Address, type Hash } from "../../src/protocol";
import type { EventQuery } from "../../src/store";
import { emptyCommit } from "../helpers/commits";
import { openTestStore, type TestDatabase } from "../helpers/databases";
import { expectError } from "../helpers/errors";
import { COIN, freshService, issue, openHosted, person, POINTS, startService, SYSTEM } from "../helpers/service";

const ORDER = keccakText("order");

/** The log, on every store. */
export function eventSuite(database: TestDatabase): void {
  /** Alice, who has paid bob twice of what she was issued, and carol, who was opened last. */
  async function history(context: Mocha.Context) {
    const { url, store, service } = await freshService(context, undefined, database);
    const [alice, bob] = [await openHosted(service, "alice", 100n), await openHosted(service, "bob")];
    const pay = (from: Address, to: Address | null, amount: bigint, reference: Hash = ZERO_HASH) =>
      service.submit({ type: "pay", from, to, token: POINTS, amount, reference });
    await Promise.all([pay(alice, bob, 1n), pay(alice, bob, 2n, ORDER)]);
    await pay(bob, null, 3n, ORDER);
    const carol = await openHosted(service, "carol");
    const find = async (query: Partial<EventQuery>) =>
      (await store.log.events(SYSTEM, { limit: 99, ...query })).map(({ number }) => number);
    return { url, store, service, find, alice, bob, carol };
  }

  const TYPES: readonly EventType[] = [
    ...(["asset.added", "asset.added", "account.opened", "money.issued", "account.opened"] as const),
    ...(["money.transferred", "money.transferred", "money.redeemed", "account.opened"] as const),
  ];

  it("are numbered from 1 on, across commits, and come back whole", async function () {
    const { store, service, alice, bob } = await history(this);
    const all = await store.log.events(SYSTEM, { limit: 99 });
    expect(all.map(({ number, type }) => [number, type])).to.deep.equal(TYPES.map((type, i) => [BigInt(i + 1), type]));
    const { id } = service.channelOf(alice, POINTS)!;
    const { commit, time } = all[6]!;
    const transferred: LedgerEvent = {
      system: SYSTEM,
      number: 7n,
      commit,
      time,
      type: "money.transferred",
      account: alice,
      counterparty: bob,
      party: null,
      token: POINTS,
      amount: 2n,
      reference: ORDER,
      data: { channelId: id, version: 2n },
    };
    expect(all[6]).to.deep.equal(transferred);
    expect([all[5]!.commit, all[5]!.reference]).to.deep.equal([commit, ZERO_HASH]);
    expect(all[2]).to.deep.include({ account: alice, data: { custody: "hosted", tokens: [POINTS, COIN] } });
    expect(Math.abs(Date.now() - time) < 60_000).to.equal(true);
  });

  it("are found by number, in either order", async function () {
    const { find } = await history(this);
    expect(await find({ after: 7n })).to.deep.equal([8n, 9n]);
    expect(await find({ before: 3n })).to.deep.equal([1n, 2n]);
    expect(await find({ after: 2n, before: 5n })).to.deep.equal([3n, 4n]);
    expect(await find({ limit: 2 })).to.deep.equal([1n, 2n]);
    expect(await find({ limit: 2, order: "descending" })).to.deep.equal([9n, 8n]);
    expect(await find({ after: 9n })).to.deep.equal([]);
  });

  it("are found by account on either side or as the party, by token, type, reference and time", async function () {
    const { store, service, find, alice, bob, carol } = await history(this);
    expect(await find({ account: alice })).to.deep.equal([3n, 4n, 6n, 7n]);
    expect(await find({ account: bob })).to.deep.equal([5n, 6n, 7n, 8n]);
    expect(await find({ account: bob, order: "descending", limit: 2 })).to.deep.equal([8n, 7n]);
    expect(await find({ account: carol })).to.deep.equal([9n]);
    expect(await find({ account: person("nobody").address })).to.deep.equal([]);
    expect(await find({ token: COIN })).to.deep.equal([2n]);
    expect(await find({ types: ["money.transferred"] })).to.deep.equal([6n, 7n]);
    expect(await find({ types: ["money.issued", "account.opened"], after: 3n })).to.deep.equal([4n, 5n, 9n]);
    expect(await find({ types: ["money.issued", "money.transferred"], account: alice })).to.deep.equal([4n, 6n, 7n]);
    expect(await find({ references: [ORDER] })).to.deep.equal([7n, 8n]);
    expect(await find({ references: [ORDER], types: ["money.redeemed"] })).to.deep.equal([8n]);

    const fee = { from: alice, token: POINTS, fee: 1n } as const;
    const invoice = { hash: ORDER, amount: 5n, token: POINTS, expiry: 1_000_300n, account: bob, memo: ZERO_HASH };
    await service.submit({ type: "payInvoice", ...fee, signed: service.signInvoice(invoice) });
    const [locked] = await store.log.events(SYSTEM, { after: 9n, limit: 1 });
    expect([locked?.type, locked?.account, locked?.counterparty, locked?.party]).to.deep.equal([
      "payment.locked",
      alice,
      "locked",
      bob,
    ]);
    expect(await find({ account: bob, after: 8n })).to.deep.equal([10n]);
    // Its row, which has the number of its opening, is written anew.
    await service.submit({ type: "setAccountStatus", account: carol, status: "frozen" });
    expect(await find({ account: carol })).to.deep.equal([9n, 11n]);

    const { time } = locked!;
    expect(await find({ from: time }))
      .to.include(10n)
      .and.not.include(1n);
    expect(await find({ until: time })).to.not.include(10n);
    expect(await find({ until: 0 })).to.deep.equal([]);
  });

  it("are found by account in any part of the log, whichever of its states and notes that begins or ends with", async function () {
    const { store, service, alice, bob, carol } = await history(this);
    const others = [bob, carol].map((to) => ({ to, amount: 1n, reference: ZERO_HASH }));
    for (let i = 0; i < 4; i++) {
      await Promise.all([
        service.submit({ type: "payBatch", from: alice, token: POINTS, items: [...others, ...others] }),
        service.submit({ type: "pay", from: bob, to: alice, token: POINTS, amount: 1n, reference: ORDER }),
        issue(service, carol, 1n),
      ]);
    }
    const all = await store.log.events(SYSTEM, { limit: 99 });
    const last = BigInt(all.length);
    expect(last).to.equal(9n + 4n * 6n);
    for (const account of [alice, bob, carol]) {
      const own = all.filter(({ account: payer, counterparty }) => payer === account || counterparty === account);
      for (let bound = 0n; bound <= last + 1n; bound++) {
        const [after, before] = [bound, bound + 8n];
        const among = own.filter(({ number }) => number > after && number < before);
        expect(await store.log.events(SYSTEM, { account, after, before, limit: 99 })).to.deep.equal(among);
        const later = own.filter(({ number }) => number > after).slice(0, 3);
        expect(await store.log.events(SYSTEM, { account, after, limit: 3 })).to.deep.equal(later);
        const earlier = own
          .filter(({ number }) => number < before)
          .reverse()
          .slice(0, 3);
        expect(await store.log.events(SYSTEM, { account, before, limit: 3, order: "descending" })).to.deep.equal(
          earlier,
        );
      }
    }
  });

  it("are each system's own", async function () {
    const { store, find } = await history(this);
    const other = person("another system").address;
    expect(await store.log.events(other, { limit: 9 })).to.deep.equal([]);
    const service = await startService(store, { system: other });
    await openHosted(service, "alice").catch(() => undefined);
    expect([await store.log.last(SYSTEM), await store.log.last(other)]).to.deep.equal([9n, 0n]);
    expect(await find({})).to.have.length(9);
  });

  it("are taken in their order only", async function () {
    const { store, service } = await history(this);
    const last = await store.lastCommit(SYSTEM);
    await service.stop();
    const lease = await store.leases.lead(SYSTEM);
    for (const first of [9n, 11n]) {
      const commit = emptyCommit(SYSTEM, last + 1n, first);
      await expectError(() => store.prepare(commit)(lease), "store_corrupt", { got: first, want: 10 });
    }
    expect(await store.lastCommit(SYSTEM)).to.equal(last);
  });

  it("must all be there when a service starts (store_corrupt)", async function () {
    const { url, service } = await history(this);
    await issue(service, person("alice").address, 1n);
    await service.stop();
    await database.execute(url, "DELETE FROM events WHERE number = 5");
    const store = await openTestStore(this, url);
    await expectError(() => startService(store), "store_corrupt", { events: 9, last: 10 });
  });
}
