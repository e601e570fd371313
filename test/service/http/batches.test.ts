import { expect } from "chai";

import {
  addressOf,
  emptyState,
  hashState,
  keccakText,
  nextState,
  recoverSystem,
  ZERO_HASH,
  type Address,
} from "../../../src/protocol";
import type { AccountService } from "../../../src/service";
import { BATCH } from "../../../src/wire";
import { answer, listen, refusal } from "../../helpers/http";
import {
  freshService,
  openHosted,
  person,
  POINTS,
  pointsOf,
  SEPARATOR,
  SIGNER_KEY,
  SYSTEM,
} from "../../helpers/service";

const RATE = { flat: "1", basisPoints: 100, min: "0", max: null };

const openMany = (service: AccountService, count: number) =>
  Promise.all(Array.from({ length: count }, (_, i) => openHosted(service, `payee ${i}`)));

describe("HTTP: batches", () => {
  it("pay many in one state of the payer, each with its own reference and fee", async function () {
    const { service } = await freshService(this);
    const { post, put } = await listen(this, service);
    const alice = await openHosted(service, "alice", 1_000n);
    const [bob, carol] = await openMany(service, 2);
    await put(`/v1/assets/${POINTS}/fees`, { body: { transfer: RATE } });
    const items = [
      { to: bob!, amount: "100", reference: keccakText("one") },
      { to: carol!, amount: "200", reference: keccakText("two") },
      { to: bob!, amount: "101", reference: keccakText("three") },
    ];
    const body = { from: alice, token: POINTS, items };
    const done = await post("/v1/batches", { key: "salaries", body });
    const { systemSignature, commit } = done.body as {
      systemSignature: { signature: never; proof: never[] };
      commit: string;
    };
    const { id: channelId, state } = service.channelOf(alice, POINTS)!;
    const fees = ["2", "3", "3"];
    expect(done).to.deep.equal(
      answer(201, {
        ...{ commit, from: alice, token: POINTS, decimals: 18, total: "401", fee: "8" },
        items: items.map((item, i) => ({ ...item, fee: fees[i], status: "paid", refused: null })),
        ...{ channelId, version: "1", systemSignature },
      }),
    );
    const operations = items.flatMap(({ to, amount, reference }, i) => [
      { type: "pay", to, amount: BigInt(amount), reference } as const,
      { type: "fee", amount: BigInt(fees[i]!), reference } as const,
    ]);
    const want = nextState(emptyState(channelId), [{ type: "fold", seq: 1n, credited: 1_000n }, ...operations]);
    expect(state).to.deep.equal(want);
    expect(recoverSystem(SEPARATOR, hashState(want), systemSignature)).to.equal(addressOf(SIGNER_KEY));
    expect([alice, bob!, carol!].map((one) => pointsOf(service, one))).to.deep.equal([591n, 201n, 200n]);
    await put(`/v1/assets/${POINTS}/fees`, { body: {} });
    expect(await post("/v1/batches", { key: "salaries", body })).to.deep.equal({ ...done, replayed: "true" });
    expect(await service.audit.isConserved(POINTS)).to.equal(true);
  });

  it("pay all or nobody: one bad item is named, and nothing has changed", async function () {
    const { service, store } = await freshService(this);
    const { post } = await listen(this, service);
    const alice = await openHosted(service, "alice", 100n);
    const [bob] = await openMany(service, 1);
    const nobody = person("nobody").address;
    const commit = await store.lastCommit(SYSTEM);
    const pay = (...items: [string, string][]) => {
      const body = { from: alice, token: POINTS, items: items.map(([to, amount]) => ({ to, amount })) };
      return post("/v1/batches", { body });
    };
    expect(await pay([bob!, "1"], [nobody, "1"])).to.deep.equal(
      refusal("unknown_account", { account: nobody, item: "1" }),
    );
    expect(await pay([bob!, "1"], [bob!, "1"], [alice, "1"])).to.deep.equal(
      refusal("self_payment", { account: alice, item: "2" }),
    );
    expect(await pay([bob!, "60"], [bob!, "41"])).to.deep.equal(refusal("insufficient_balance", { short: "1" }));
    expect(await pay([bob!, "1"], [bob!, "1.5"])).to.deep.equal(
      refusal("invalid_amount", { field: "body/items/1/amount" }),
    );
    expect((await pay()).status).to.equal(400);
    expect([pointsOf(service, alice), pointsOf(service, bob!), await store.lastCommit(SYSTEM)]).to.deep.equal([
      100n,
      0n,
      commit,
    ]);
  });

  it(`take up to ${BATCH} payments in one call, and one commit`, async function () {
    const { service, store } = await freshService(this);
    const { post } = await listen(this, service);
    const alice = await openHosted(service, "alice", 10_000n);
    const payees = await openMany(service, 50);
    const items = Array.from({ length: BATCH }, (_, i) => ({
      to: payees[i % payees.length],
      amount: "2",
      reference: keccakText(`item ${i}`),
    }));
    const body = { from: alice, token: POINTS, items };
    const before = await store.lastCommit(SYSTEM);
    expect((await post("/v1/batches", { body })).status).to.equal(201);
    expect(await store.lastCommit(SYSTEM)).to.equal(before + 1n);
    expect([pointsOf(service, alice), ...payees.map((one) => pointsOf(service, one))]).to.deep.equal([
      0n,
      ...payees.map(() => 200n),
    ]);
    const tooMany = await post("/v1/batches", { body: { ...body, items: [...items, { to: payees[0], amount: "1" }] } });
    expect([tooMany.status, (tooMany.body as { code: string }).code]).to.deep.equal([400, "invalid_request"]);
    expect(await service.audit.isConserved(POINTS)).to.equal(true);
  });

  it("several batches that are too many for one commit take several", async function () {
    const { service, store } = await freshService(this);
    const [alice, bob] = [await openHosted(service, "alice", 10_000n), await openHosted(service, "bob")];
    const items = Array.from({ length: 600 }, () => ({ to: bob, amount: 1n, reference: ZERO_HASH }));
    const before = await store.lastCommit(SYSTEM);
    const submit = () => service.submit({ type: "payBatch", from: alice, token: POINTS, items });
    await Promise.all([submit(), submit(), submit()]);
    expect([pointsOf(service, bob), await store.lastCommit(SYSTEM)]).to.deep.equal([1_800n, before + 3n]);
  });

  describe("case 24: many at once", () => {
    it("A pays B in batches while B pays A, and each pays its fees", async function () {
      const { service } = await freshService(this);
      const { post, put } = await listen(this, service);
      const [alice, bob] = [await openHosted(service, "alice", 1_000n), await openHosted(service, "bob", 1_000n)];
      await put(`/v1/assets/${POINTS}/fees`, { body: { transfer: { ...RATE, basisPoints: 0 } } });
      const pay = (from: string, to: string) =>
        post("/v1/batches", { body: { from, token: POINTS, items: [1, 2].map(() => ({ to, amount: "5" })) } });
      const answers = await Promise.all(
        Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? pay(alice, bob) : pay(bob, alice))),
      );
      expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([201]));
      expect([pointsOf(service, alice), pointsOf(service, bob)]).to.deep.equal([960n, 960n]);
      expect(await service.audit.isConserved(POINTS)).to.equal(true);
    });

    it("ten thousand payers of one merchant, who then has it all", async function () {
      const { service } = await freshService(this);
      const [bank, merchant] = [await openHosted(service, "bank", 30_000n), await openHosted(service, "merchant")];
      const payers = await openMany(service, 2 * BATCH);
      const fund = (some: readonly Address[]) => {
        const items = some.map((to) => ({ to, amount: 3n, reference: ZERO_HASH }));
        return service.submit({ type: "payBatch", from: bank, token: POINTS, items });
      };
      await Promise.all([fund(payers.slice(0, BATCH)), fund(payers.slice(BATCH))]);
      const pay = (from: Address) =>
        service.submit({ type: "pay", from, to: merchant, token: POINTS, amount: 2n, reference: ZERO_HASH });
      await Promise.all(payers.map(pay));
      expect([pointsOf(service, bank), pointsOf(service, merchant)]).to.deep.equal([0n, 20_000n]);
      expect(await service.audit.isConserved(POINTS)).to.equal(true);
    });
  });
});
