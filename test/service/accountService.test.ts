import { expect } from "chai";

import { hashState, recoverSystem, addressOf, ZERO_HASH, hashNote } from "../../src/protocol";
import { onEachDatabase, openTestStore } from "../helpers/databases";
import { expectError } from "../helpers/errors";
import {
  COIN,
  freshService as freshServiceOn,
  issue,
  listAssets,
  NOW,
  openHosted,
  person,
  POINTS,
  pointsOf,
  SEPARATOR,
  SIGNER_KEY,
  startService,
  SYSTEM,
} from "../helpers/service";
import { openSelf, payment } from "../helpers/requests";

onEachDatabase("AccountService", (database) => {
  const freshService = (context: Mocha.Context, limit?: bigint) => freshServiceOn(context, limit, database);

  describe("accounts", () => {
    it("open with a channel per token, at zero, once", async function () {
      const { service } = await freshService(this);
      const alice = await openHosted(service, "alice");
      expect(pointsOf(service, alice)).to.equal(0n);
      expect(service.channelOf(alice, COIN)?.key).to.deep.equal({
        system: SYSTEM,
        user: alice,
        token: COIN,
        epoch: 0n,
      });
      const { key } = person("alice");
      await expectError(
        () => service.submit({ type: "openHostedAccount", privateKey: key, tokens: [] }),
        "account_exists",
        { account: alice },
      );
      const unlisted = person("nobody").address;
      await expectError(
        () => service.submit({ type: "openAccount", address: unlisted, tokens: [unlisted] }),
        "unknown_asset",
      );
    });

    it("hold no key of self-custody users", async function () {
      const { service } = await freshService(this);
      const alice = await openSelf(service, "alice", 10n);
      const bob = await openHosted(service, "bob");
      await expectError(() => service.submit(payment(alice, bob, 1n)), "not_hosted", { account: alice });
    });
  });

  describe("issue and pay", () => {
    it("move money, and each side gets S's signature over one batch root", async function () {
      const { service } = await freshService(this);
      const [alice, bob] = [await openHosted(service, "alice", 100n), await openHosted(service, "bob")];
      const before = service.counters.commits;
      const [reply] = await Promise.all([
        service.submit(payment(alice, bob, 30n)),
        service.submit(payment(alice, bob, 5n)),
      ]);
      expect(service.counters.commits).to.equal(before + 1);
      expect([pointsOf(service, alice), pointsOf(service, bob)]).to.deep.equal([65n, 35n]);
      const channel = service.channelOf(alice, POINTS)!;
      expect([reply.channelId, reply.version, channel.state.version]).to.deep.equal([channel.id, 1n, 2n]);
      const latest = (await service.signatures.completeState(channel.id, 2n))!;
      expect(latest.state).to.deep.equal(channel.state);
      const system = addressOf(SIGNER_KEY);
      expect(recoverSystem(SEPARATOR, hashState(latest.state), latest.systemSignature)).to.equal(system);
      const delivered = (await service.latestNote(service.channelOf(bob, POINTS)!.id))!;
      expect(delivered.note.credited).to.equal(35n);
      expect(recoverSystem(SEPARATOR, hashNote(delivered.note), delivered.signed)).to.equal(system);
      expect(await service.audit.isConserved(POINTS)).to.equal(true);
    });

    it("redeem takes money out of circulation", async function () {
      const { service } = await freshService(this);
      const alice = await openHosted(service, "alice", 100n);
      await service.submit(payment(alice, null, 40n));
      expect(pointsOf(service, alice)).to.equal(60n);
      expect(await service.audit.isConserved(POINTS)).to.equal(true);
    });

    it("case 28: refuse a payment to oneself, above the balance, of nothing, of less, beyond 128 bits", async function () {
      const { service } = await freshService(this);
      const [alice, bob] = [await openHosted(service, "alice", 100n), await openHosted(service, "bob")];
      await expectError(() => service.submit(payment(alice, alice, 1n)), "self_payment", { account: alice });
      await expectError(() => service.submit(payment(alice, bob, 101n)), "insufficient_balance", { short: 1 });
      for (const amount of [0n, -1n, 2n ** 128n]) {
        await expectError(() => service.submit(payment(alice, bob, amount)), "invalid_amount", { got: amount });
        await expectError(() => issue(service, alice, amount), "invalid_amount", { got: amount });
      }
      const nobody = person("nobody").address;
      await expectError(() => service.submit(payment(alice, nobody, 1n)), "unknown_account", { account: nobody });
      await expectError(() => service.submit(payment(nobody, bob, 1n)), "unknown_account", { account: nobody });
      expect([pointsOf(service, alice), pointsOf(service, bob)]).to.deep.equal([100n, 0n]);
      expect(await service.audit.isConserved(POINTS)).to.equal(true);
    });

    it("case 31: refuse to promise more than the backing covers", async function () {
      const { service } = await freshService(this, 1_000n);
      const alice = await openHosted(service, "alice", 990n);
      await expectError(() => issue(service, alice, 11n), "not_covered", { liabilities: 1_001, limit: 1_000 });
      await service.submit({ type: "setLimit", system: SYSTEM, token: POINTS, limit: 1_001n });
      await issue(service, alice, 11n);
      const request = { type: "issue", account: alice, token: COIN, amount: 1n, reference: ZERO_HASH } as const;
      await expectError(() => service.submit(request), "not_covered", { owed: 1, collateral: 0 });
    });

    it("fails alone in its commit", async function () {
      const { service } = await freshService(this);
      const [alice, bob] = [await openHosted(service, "alice", 100n), await openHosted(service, "bob")];
      const results = await Promise.allSettled(
        [60n, 60n, 40n].map((amount) => service.submit(payment(alice, bob, amount))),
      );
      expect(results.map(({ status }) => status)).to.deep.equal(["fulfilled", "rejected", "fulfilled"]);
      expect(pointsOf(service, bob)).to.equal(100n);
    });
  });

  describe("idempotency keys", () => {
    it("case 25: the same request gets the same reply, another one an error", async function () {
      const { service } = await freshService(this);
      const [alice, bob] = [await openHosted(service, "alice", 100n), await openHosted(service, "bob")];
      const request = payment(alice, bob, 10n);
      const [first, second] = await Promise.all([service.submit(request, "key"), service.submit(request, "key")]);
      const third = await service.submit(request, "key");
      expect(second).to.deep.equal({ ...first, replayed: true });
      expect(third).to.deep.equal({ ...first, replayed: true });
      expect(pointsOf(service, bob)).to.equal(10n);
      await expectError(() => service.submit(payment(alice, bob, 11n), "key"), "idempotency_conflict");
    });

    it("the same withdrawal gets the same signature", async function () {
      const { service } = await freshService(this);
      const from = await openHosted(service, "alice", 10n);
      const terms = { token: POINTS, amount: 4n, recipient: from, deadline: NOW + 500n };
      const request = { type: "withdrawHosted", from, ...terms } as const;
      const first = await service.submit(request, "key");
      expect((await service.signatures.consent(first.consentHash!))?.systemSignature).to.equal(first.consent);
      expect(await service.submit(request, "key")).to.deep.equal({ ...first, replayed: true });
    });

    it("the same opening gets the same account, whose key the service made", async function () {
      const { service } = await freshService(this);
      const open = () => service.submit({ type: "openHostedAccount", tokens: [POINTS] }, "key");
      const first = await open();
      expect(service.account(first.account!).custody).to.equal("hosted");
      expect(await open()).to.deep.equal({ ...first, replayed: true });
      const other = await service.submit({ type: "openHostedAccount", tokens: [POINTS] }, "another key");
      expect(other.account).not.to.equal(first.account);
    });

    it("a refused request leaves its key free", async function () {
      const { service } = await freshService(this);
      const [alice, bob] = [await openHosted(service, "alice", 5n), await openHosted(service, "bob")];
      await expectError(() => service.submit(payment(alice, bob, 10n), "key"), "insufficient_balance");
      await issue(service, alice, 5n);
      await service.submit(payment(alice, bob, 10n), "key");
      expect(pointsOf(service, bob)).to.equal(10n);
    });
  });

  it("refuses more than its queue holds, and goes on (overloaded)", async function () {
    const service = await startService(await openTestStore(this, await database.fresh(this)), { queueLimit: 3 });
    await listAssets(service);
    const alice = await openHosted(service, "alice");
    const results = await Promise.allSettled([1n, 2n, 3n, 4n].map((amount) => issue(service, alice, amount)));
    expect(results.map(({ status }) => status)).to.deep.equal(["fulfilled", "fulfilled", "fulfilled", "rejected"]);
    const refused = await expectError(
      () => {
        const last = results[3]!;
        if (last.status === "rejected") throw last.reason;
      },
      "overloaded",
      { waiting: 3, limit: 3 },
    );
    expect(refused.retryable).to.equal(true);
    await issue(service, alice, 4n);
    expect(pointsOf(service, alice)).to.equal(10n);
  });

  it("goes on when a listener fails, without that listener", async function () {
    const { service } = await freshService(this);
    const alice = await openHosted(service, "alice");
    let calls = 0;
    service.announcements.notes.add(alice, () => {
      calls += 1;
      throw new Error("reader");
    });
    await issue(service, alice, 5n);
    await issue(service, alice, 5n);
    expect([calls, pointsOf(service, alice)]).to.deep.equal([1, 10n]);
  });

  it("stops after answering what it has taken, and takes no more", async function () {
    const { service } = await freshService(this);
    const alice = await openHosted(service, "alice");
    const waiting = issue(service, alice, 5n);
    await service.stop();
    await waiting;
    expect(pointsOf(service, alice)).to.equal(5n);
    await expectError(() => issue(service, alice, 5n), "stopped");
  });
});
