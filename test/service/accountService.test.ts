import { expect } from "chai";
import fc from "fast-check";

import {
  digest,
  emptyState,
  hashClosing,
  hashState,
  keccakText,
  nextState,
  recoverSystem,
  addressOf,
  sign,
  ZERO_HASH,
  hashNote,
  type Address,
  type Hash,
  type StateOperation,
} from "../../src/protocol";
import type { AccountService, Request } from "../../src/service";
import { openStore } from "../../src/store";
import { crashing } from "../helpers/crashing";
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

const reference = (text: string) => keccakText(text);

const payment = (from: Address, to: Address | null, amount: bigint, text = ""): Request => ({
  type: "pay",
  from,
  to,
  token: POINTS,
  amount,
  reference: reference(text),
});

/** A self-custody user's signed state. */
function signed(service: AccountService, name: string, operations: StateOperation[]): Request {
  const { key, address } = person(name);
  const proposal = nextState(service.channelOf(address, POINTS)!.state, operations);
  return { type: "submitState", proposal, operations, signature: sign(digest(SEPARATOR, hashState(proposal)), key) };
}

async function openSelf(service: AccountService, name: string, amount: bigint): Promise<Address> {
  const { address } = person(name);
  await service.submit({ type: "openAccount", address, tokens: [POINTS] });
  await issue(service, address, amount);
  return address;
}

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

  describe("states that users sign", () => {
    it("are completed once: the same bytes again get the same signature and change nothing (case 25)", async function () {
      const { service, store } = await freshService(this);
      await openSelf(service, "alice", 100n);
      const bob = await openHosted(service, "bob");
      const request = signed(service, "alice", [{ type: "pay", to: bob, amount: 10n, reference: ZERO_HASH }]);
      const first = await service.submit(request);
      const last = await store.log.last(SYSTEM);
      const again = await service.submit(request);
      expect(again.state).to.deep.equal(first.state);
      expect([pointsOf(service, bob), await store.log.last(SYSTEM)]).to.deep.equal([10n, last]);
    });

    it("S1: two different ones of a version at once: exactly one wins (case 24)", async function () {
      const { service } = await freshService(this);
      await openSelf(service, "alice", 100n);
      const bob = await openHosted(service, "bob");
      const pay = (amount: bigint) =>
        signed(service, "alice", [{ type: "pay", to: bob, amount, reference: ZERO_HASH }]);
      const results = await Promise.allSettled([service.submit(pay(10n)), service.submit(pay(20n))]);
      expect(results.map(({ status }) => status)).to.deep.equal(["fulfilled", "rejected"]);
      await expectError(
        () => {
          const lost = results[1];
          if (lost.status === "rejected") throw lost.reason;
        },
        "equivocation",
        { version: 1 },
      );
      expect(pointsOf(service, bob)).to.equal(10n);
    });

    it("are refused when another key signed, or the bytes are not what was signed", async function () {
      const { service } = await freshService(this);
      const alice = await openSelf(service, "alice", 100n);
      const bob = await openHosted(service, "bob");
      const request = signed(service, "alice", [{ type: "pay", to: bob, amount: 10n, reference: ZERO_HASH }]);
      if (request.type !== "submitState") throw new Error("not a state");
      const forged = sign(digest(SEPARATOR, hashState(request.proposal)), person("mallory").key);
      await expectError(() => service.submit({ ...request, signature: forged }), "wrong_signer", { want: alice });
      const changed = { ...request, proposal: { ...request.proposal, net: 0n } };
      await expectError(() => service.submit(changed), "wrong_signer");
      const operations: StateOperation[] = [{ type: "pay", to: bob, amount: 9n, reference: ZERO_HASH }];
      await expectError(() => service.submit({ ...request, operations }), "state_mismatch");
      expect(pointsOf(service, alice)).to.equal(100n);
    });

    it("case 11: are refused when a field is not of its type, for it might hash like another", async function () {
      const { service } = await freshService(this);
      const alice = await openSelf(service, "alice", 100n);
      const bob = await openHosted(service, "bob");
      const request = signed(service, "alice", [{ type: "pay", to: bob, amount: 10n, reference: ZERO_HASH }]);
      if (request.type !== "submitState") throw new Error("not a state");
      const { proposal } = request;
      for (const change of [
        { net: proposal.net + 2n ** 128n },
        { net: proposal.net + 2n ** 256n },
        { version: proposal.version + 2n ** 64n },
        { noteCredited: -1n },
      ]) {
        await expectError(() => service.submit({ ...request, proposal: { ...proposal, ...change } }), "out_of_range");
      }
      for (const memo of ["0x", `${proposal.memo}00`, proposal.memo.replace(/.$/, "z"), proposal.memo.toUpperCase()]) {
        const changed = { ...proposal, memo: memo as Hash };
        await expectError(() => service.submit({ ...request, proposal: changed }), "invalid_hex");
      }
      await service.submit(request);
      expect([pointsOf(service, alice), pointsOf(service, bob)]).to.deep.equal([90n, 10n]);
    });

    it("may fold any note issued since the last fold", async function () {
      const { service } = await freshService(this);
      const alice = await openSelf(service, "alice", 100n);
      await issue(service, alice, 50n);
      const bob = await openHosted(service, "bob");
      const pay: StateOperation = { type: "pay", to: bob, amount: 10n, reference: ZERO_HASH };
      await service.submit(signed(service, "alice", [{ type: "fold", seq: 1n, credited: 100n }, pay]));
      await service.submit(signed(service, "alice", [{ type: "fold", seq: 2n, credited: 150n }, pay]));
      await expectError(
        () => service.submit(signed(service, "alice", [{ type: "fold", seq: 2n, credited: 150n }, pay])),
        "unknown_note",
      );
      expect([pointsOf(service, alice), pointsOf(service, bob)]).to.deep.equal([130n, 20n]);
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

  describe("case 24: many at once", () => {
    it("A pays B while B pays A", async function () {
      const { service } = await freshService(this);
      const [alice, bob] = [await openHosted(service, "alice", 100n), await openHosted(service, "bob", 100n)];
      const both = Array.from({ length: 200 }, (_, i) =>
        i % 2 === 0 ? payment(alice, bob, 1n, `${i}`) : payment(bob, alice, 1n, `${i}`),
      );
      await Promise.all(both.map((request) => service.submit(request)));
      expect([pointsOf(service, alice), pointsOf(service, bob)]).to.deep.equal([100n, 100n]);
      expect(await service.audit.isConserved(POINTS)).to.equal(true);
    });

    it("a thousand payers pay one merchant, who folds it all", async function () {
      const { service } = await freshService(this);
      const merchant = await openHosted(service, "merchant");
      const payers = await Promise.all(Array.from({ length: 1_000 }, (_, i) => openHosted(service, `payer ${i}`, 3n)));
      await Promise.all(
        payers.flatMap((payer) => [1n, 2n].map((amount) => service.submit(payment(payer, merchant, amount)))),
      );
      expect(pointsOf(service, merchant)).to.equal(3_000n);
      await service.submit(payment(merchant, payers[0]!, 3_000n));
      expect([pointsOf(service, merchant), pointsOf(service, payers[0]!)]).to.deep.equal([0n, 3_000n]);
      expect(await service.audit.isConserved(POINTS)).to.equal(true);
    });
  });

  describe("the chain's side", () => {
    const deadline = NOW + 500n;

    async function deposited(context: Mocha.Context) {
      const { service, ...rest } = await freshService(context);
      const alice = await openHosted(service, "alice");
      const { id } = service.channelOf(alice, COIN)!;
      const funds = { deposited: 100n, withdrawn: 0n, reclaimed: 0n, collateral: 100n };
      await service.submit({ type: "updateFunds", channelId: id, funds, finalTime: NOW });
      return { ...rest, service, alice, id, funds };
    }

    const withdraw = (from: Address, amount: bigint): Request => ({
      type: "withdrawHosted",
      from,
      token: COIN,
      amount,
      recipient: from,
      deadline,
    });

    it("a final deposit counts, a withdrawal is signed once and taken off what is available", async function () {
      const { service, alice, id, funds } = await deposited(this);
      const { consent } = await service.submit(withdraw(alice, 60n));
      expect(consent).to.match(/^0x[0-9a-f]{130}$/);
      await expectError(() => service.submit(withdraw(alice, 10n)), "withdrawal_pending");
      const bob = await openHosted(service, "bob");
      const pay: Request = { ...payment(alice, bob, 41n), token: COIN } as Request;
      await expectError(() => service.submit(pay), "insufficient_balance", { short: 1 });
      const after = { ...funds, withdrawn: 60n, collateral: 40n };
      await service.submit({ type: "updateFunds", channelId: id, funds: after, finalTime: NOW });
      expect(service.channel(id)?.pending).to.equal(null);
      expect(await service.audit.isConserved(COIN)).to.equal(true);
    });

    it("a withdrawal that expired on the final chain is released", async function () {
      const { service, alice, id, funds } = await deposited(this);
      await service.submit(withdraw(alice, 60n));
      await service.submit({ type: "updateFunds", channelId: id, funds, finalTime: deadline });
      expect(service.channel(id)?.pending?.withdrawn).to.equal(60n);
      await service.submit({ type: "updateFunds", channelId: id, funds, finalTime: deadline + 1n });
      expect(service.channel(id)?.pending).to.equal(null);
    });

    it("totals never fall", async function () {
      const { service, id, funds } = await deposited(this);
      const less = { ...funds, deposited: 99n };
      await expectError(
        () => service.submit({ type: "updateFunds", channelId: id, funds: less, finalTime: NOW }),
        "bad_withdrawal",
      );
    });

    it("S6: a frozen channel signs nothing until its epoch is settled; then the next is open", async function () {
      const { service, alice, id } = await deposited(this);
      const bob = await openHosted(service, "bob");
      await service.submit({ type: "freeze", channelId: id });
      await service.submit({ type: "freeze", channelId: id });
      const frozen: Request[] = [
        { ...payment(alice, bob, 1n), token: COIN } as Request,
        withdraw(alice, 1n),
        { type: "issue", account: alice, token: COIN, amount: 1n, reference: ZERO_HASH },
      ];
      for (const request of frozen) await expectError(() => service.submit(request), "channel_frozen");
      const funds = { deposited: 7n, withdrawn: 0n, reclaimed: 0n, collateral: 7n };
      await service.submit({ type: "settleEpoch", channelId: id, funds });
      const next = service.channelOf(alice, COIN)!;
      expect([next.key.epoch, next.status, next.funds, next.state]).to.deep.equal([
        1n,
        "open",
        funds,
        emptyState(next.id),
      ]);
      expect(await service.audit.isConserved(COIN)).to.equal(true);
      await expectError(() => service.submit({ type: "settleEpoch", channelId: id, funds }), "channel_frozen");
    });

    it("S8: after a cooperative closing nothing else is signed until it is mined or its deadline is final", async function () {
      const { service, id, funds } = await deposited(this);
      const closing = { channelId: id, net: 0n, deadline };
      const signature = sign(digest(SEPARATOR, hashClosing(closing)), person("alice").key);
      const request: Request = { type: "closeCooperatively", closing, signature };
      const first = await service.submit(request);
      expect((await service.submit(request)).consent).to.equal(first.consent);
      const alice = person("alice").address;
      await expectError(() => service.submit(withdraw(alice, 1n)), "closing_pending", { until: deadline });
      await service.submit({ type: "updateFunds", channelId: id, funds, finalTime: deadline + 1n });
      await service.submit(withdraw(alice, 1n));
    });
  });

  describe("case 23: a crash at any point", () => {
    for (const crashAt of ["before", "within", "after"] as const) {
      it(`${crashAt} the commit: nothing unsigned-for is sent, nothing durable is lost, a retry pays once`, async function () {
        const url = await database.fresh(this);
        const store = crashing(await openStore(url));
        const service = await startService(store);
        await listAssets(service);
        const [alice, bob] = [await openHosted(service, "alice", 100n), await openHosted(service, "bob")];
        const request = payment(alice, bob, 10n);
        const delivered: unknown[] = [];
        service.announcements.notes.add(bob, (note) => delivered.push(note));
        store.crashAt = crashAt;
        await expectError(() => service.submit(request, "key"), "outcome_unknown", { reason: `Error: ${crashAt}` });
        expect(delivered).to.deep.equal([]);
        await expectError(() => service.submit(request, "key"), "stopped");
        await store.close();

        const again = await startService(await openTestStore(this, url));
        expect(pointsOf(again, bob)).to.equal(crashAt === "after" ? 10n : 0n);
        const reply = await again.submit(request, "key");
        expect([pointsOf(again, alice), pointsOf(again, bob)]).to.deep.equal([90n, 10n]);
        const complete = (await again.signatures.completeState(reply.channelId!, reply.version!))!;
        expect(recoverSystem(SEPARATOR, hashState(complete.state), reply.state!)).to.equal(addressOf(SIGNER_KEY));
        expect(await again.audit.isConserved(POINTS)).to.equal(true);
      });
    }
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

  it("property 1: any sequence of requests conserves money, and a restart changes nothing", async function () {
    this.timeout(120_000);
    const names = ["a", "b", "c", "d"];
    const index = fc.nat(names.length - 1);
    const action = fc.oneof(
      fc.record({ type: fc.constant("issue" as const), who: index, amount: fc.bigInt(-1n, 50n) }),
      fc.record({ type: fc.constant("pay" as const), who: index, to: index, amount: fc.bigInt(0n, 60n) }),
      fc.record({ type: fc.constant("redeem" as const), who: index, amount: fc.bigInt(1n, 30n) }),
      fc.record({ type: fc.constant("deposit" as const), who: index, amount: fc.bigInt(1n, 30n) }),
      fc.record({ type: fc.constant("withdraw" as const), who: index, amount: fc.bigInt(1n, 30n) }),
      fc.record({ type: fc.constant("settle" as const), who: index }),
      fc.record({ type: fc.constant("restart" as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 40 }), async (actions) => {
        const url = await database.fresh(this);
        let store = await openStore(url);
        let service = await startService(store);
        await listAssets(service, 500n);
        const people = await Promise.all(names.map((name) => openHosted(service, name)));
        for (const step of actions) {
          if (step.type === "restart") {
            const before = snapshot(service);
            await store.close();
            store = await openStore(url);
            service = await startService(store);
            expect(snapshot(service)).to.deep.equal(before);
            continue;
          }
          const who = people[step.who]!;
          const { id, funds } = service.channelOf(who, POINTS)!;
          const requests: Request[] = [];
          if (step.type === "issue") {
            requests.push({ type: "issue", account: who, token: POINTS, amount: step.amount, reference: ZERO_HASH });
          } else if (step.type === "pay") requests.push(payment(who, people[step.to]!, step.amount));
          else if (step.type === "redeem") requests.push(payment(who, null, step.amount));
          else if (step.type === "deposit") {
            const more = { ...funds, deposited: funds.deposited + step.amount };
            requests.push({ type: "updateFunds", channelId: id, funds: more, finalTime: NOW });
          } else if (step.type === "withdraw") {
            const { amount } = step;
            const deadline = NOW + 10n;
            requests.push({ type: "withdrawHosted", from: who, token: POINTS, amount, recipient: who, deadline });
          } else {
            const none = { deposited: 0n, withdrawn: 0n, reclaimed: 0n, collateral: 0n };
            requests.push({ type: "freeze", channelId: id }, { type: "settleEpoch", channelId: id, funds: none });
          }
          for (const request of requests) await service.submit(request).catch(() => undefined);
          expect(await service.audit.isConserved(POINTS)).to.equal(true);
          for (const account of people) expect(pointsOf(service, account) >= 0n).to.equal(true);
        }
        await store.close();
      }),
      { numRuns: 25 },
    );
  });
});

/** Everything that a restart must bring back. */
function snapshot(service: AccountService): unknown[] {
  return [...service.channels()].filter(({ status }) => status !== "settled").sort((a, b) => (a.id < b.id ? -1 : 1));
}
