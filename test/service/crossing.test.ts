import { expect } from "chai";

import type { StarledgerError } from "../../src/errors";
import { keccakText, ZERO_HASH, type Hash } from "../../src/protocol";
import { encodeReveal } from "../../src/chain/dispute";
import { Registrations } from "../../src/service/disputes/registrations";
import { Forwarder } from "../../src/service/crossing";
import { preimageOf } from "../../src/service/crossing/crossing";
import { Returner } from "../../src/service/crossing/returner";
import { TwoSystems } from "../helpers/crossing";
import { databaseOf, onEachDatabase } from "../helpers/databases";
import { listen, refusal } from "../helpers/http";
import { endLeases, withoutRenewals } from "../helpers/leases";
import { mortal } from "../helpers/mortal";
import { KEYSTORE, MARGIN, NOW, person, POINTS, pointsOf } from "../helpers/service";

const EXPIRY = NOW + 300n;
const ORDER = keccakText("order");

interface Paid {
  readonly id: string;
  readonly to: string;
  readonly hash: Hash;
  readonly text: string;
  readonly status: string;
}

onEachDatabase("Payments between systems", () => {
  /** The API of both systems, where alice pays bob. */
  async function open(context: Mocha.Context, reserve?: bigint) {
    const both = await TwoSystems.open(context, reserve);
    const api = await listen(context, both.services);
    const { alice, bob } = both;
    const order = { from: alice, to: bob, token: POINTS, amount: "30", reference: ORDER };
    const invoice = async (hold: boolean) => {
      const body = { account: bob, token: POINTS, amount: "30", expiry: EXPIRY.toString(), hold };
      return (await api.post("/v1/invoices", { body })).body as Paid;
    };
    const pay = async ({ text }: Paid) => {
      const { status, body } = await api.post("/v1/payments", { body: { from: alice, invoice: text } });
      expect(status, JSON.stringify(body)).to.equal(201);
      return body as Paid;
    };
    const read = async (path: string) => (await api.get(path)).body as Paid;
    return { both, ...api, order, invoice, pay, read };
  }

  /** Both systems' books hold, and what all have together is what was issued. */
  async function requireSound({ source, target, held }: TwoSystems, issued: bigint): Promise<void> {
    expect(held.reduce((sum, one) => sum + one)).to.equal(issued);
    for (const service of [source, target]) {
      expect(await service.audit.isConserved(POINTS)).to.equal(true);
      expect((await service.audit.reconcile()).differences).to.deep.equal([]);
    }
  }

  it("a transfer pays an account of another system by the same call, once for one key", async function () {
    const { both, post, order } = await open(this);
    const first = await post("/v1/transfers", { body: order, key: "order" });
    expect(first.status, JSON.stringify(first.body)).to.equal(201);
    expect(first.body).to.include({ ...order, fee: "0", decimals: 18 });
    const again = await post("/v1/transfers", { body: order, key: "order" });
    expect([again.replayed, again.body]).to.deep.equal(["true", first.body]);
    await both.settled();
    expect(both.held).to.deep.equal([70n, 30n, 70n, 30n]);
    await requireSound(both, 200n);
    const other = await post("/v1/transfers", { body: { ...order, amount: "1" }, key: "order" });
    expect(other).to.deep.equal(refusal("idempotency_conflict", { key: "operator:order" }));
  });

  it("each hop ends a margin before the one that pays for it, and the journal names both sides", async function () {
    const { both, post, order } = await open(this);
    const { source, target, alice, bob } = both;
    await post("/v1/transfers", { body: order });
    await both.settled();
    const locks = await Promise.all(
      [source, target].map((service) => service.events({ types: ["payment.locked"], limit: 9 })),
    );
    const [sent, sentOn] = locks.map(([event]) => event!);
    const terms = { fee: 0n, mark: ORDER };
    expect(sent).to.deep.include({ account: alice, counterparty: "locked", party: both.routerOf(source), amount: 30n });
    expect(sent!.data).to.deep.include({ ...terms, expiry: NOW + 5n * MARGIN, payeeExpiry: NOW + 4n * MARGIN });
    expect(sentOn).to.deep.include({ account: both.routerOf(target), counterparty: "locked", party: bob, amount: 30n });
    expect(sentOn!.data).to.deep.include({ ...terms, expiry: NOW + 3n * MARGIN, payeeExpiry: NOW + 2n * MARGIN });
    const paid = await Promise.all(
      [source, target].map((service) => service.events({ types: ["payment.settled"], limit: 9 })),
    );
    expect(paid.map(([event]) => [event!.account, event!.counterparty])).to.deep.equal([
      ["locked", both.routerOf(source)],
      ["locked", bob],
    ]);
  });

  it("an invoice of another system is paid by the same call, and the preimage proves it", async function () {
    const { both, invoice, pay, read } = await open(this);
    const asked = await invoice(false);
    const { id, to } = await pay(asked);
    expect(to).to.equal(both.bob);
    await both.settled();
    expect(both.held).to.deep.equal([70n, 30n, 70n, 30n]);
    expect(await read(`/v1/payments/${id}`)).to.include({ status: "settled", to: both.bob, hash: asked.hash });
    expect(await read(`/v1/invoices/${asked.hash}`)).to.include({ status: "settled" });
    await requireSound(both, 200n);
  });

  it("a hold invoice of another system keeps both locks until it is settled or cancelled", async function () {
    const { both, post, invoice, pay, read } = await open(this);
    for (const [verb, held] of [
      ["cancel", [100n, 0n, 100n, 0n]],
      ["settle", [70n, 30n, 70n, 30n]],
    ] as const) {
      const asked = await invoice(true);
      const { id } = await pay(asked);
      while ((await read(`/v1/invoices/${asked.hash}`)).status !== "held") continue;
      expect(both.held).to.deep.equal([100n, 0n, 100n, 0n]);
      expect((await read(`/v1/payments/${id}`)).status).to.equal("pending");
      expect((await post(`/v1/invoices/${asked.hash}/${verb}`)).status).to.equal(200);
      await both.settled();
      expect(both.held).to.deep.equal(held);
      await requireSound(both, 200n);
    }
  });

  it("a refund goes back to the payer, whichever side names the payment, and never more than was paid", async function () {
    const { both, post, order, get } = await open(this);
    const { id } = (await post("/v1/transfers", { body: order })).body as Paid;
    await both.settled();
    const list = async (path: string) => ((await get(path)).body as { data: Record<string, unknown>[] }).data;
    const [came] = await list(`/v1/payments?account=${both.bob}`);
    expect(came).to.include({ from: both.alice, to: both.bob, amount: "30", refunded: "0" });
    const sent = (await list(`/v1/payments?account=${both.alice}`))[0]!;
    const refund = (payment: unknown, amount?: string) => post("/v1/refunds", { body: { payment, amount } });
    for (const [payment, amount] of [
      [id, "5"],
      [sent["id"], "10"],
      [came!["id"], undefined],
    ] as const) {
      const { status, body } = await refund(payment, amount);
      expect(status, JSON.stringify(body)).to.equal(201);
      expect(body).to.include({ payment: came!["id"], from: both.bob, to: both.alice, amount: amount ?? "15" });
      await both.refunded();
    }
    expect(both.held).to.deep.equal([100n, 0n, 100n, 0n]);
    const back = await list(`/v1/refunds?account=${both.alice}`);
    expect(back.map(({ from, to, payment, amount }) => [from, to, payment, amount])).to.deep.equal(
      ["15", "10", "5"].map((amount) => [both.bob, both.alice, sent["id"], amount]),
    );
    expect((await list(`/v1/payments?account=${both.alice}`))[0]).to.include({ refunded: "30" });
    expect((await refund(id, "1")).body).to.include({ code: "refund_exceeded" });
    // As after a crash between the payer's refund and the note that it is over.
    const returner = new Returner({ service: both.source, store: both.store, keystore: KEYSTORE });
    const { system } = both.target.identity;
    for (const { number, reference: hash, amount } of await both.target.events({
      types: ["money.refunded"],
      limit: 9,
    })) {
      const source = both.source.identity.system;
      await returner.giveBack({ system, number, hash, source, amount: amount!, mark: ZERO_HASH });
    }
    returner.stop();
    expect(both.held).to.deep.equal([100n, 0n, 100n, 0n]);
    await requireSound(both, 200n);
  });

  it("a batch pays accounts of both systems in one state: each whole, or back with a reason", async function () {
    const { both, post } = await open(this, 40n);
    const { source, target, alice, bob } = both;
    const [carol, dave] = [person("carol"), person("dave")];
    await source.submit({ type: "openHostedAccount", privateKey: carol.key, tokens: [POINTS] });
    await target.submit({ type: "openHostedAccount", privateKey: dave.key, tokens: [POINTS] });
    await target.submit({ type: "setAccountStatus", account: dave.address, status: "closed" });
    const flat = (amount: bigint) => ({ flat: amount, basisPoints: 0n, min: 0n, max: null });
    const fees = { transfer: flat(1n), payment: flat(2n) };
    await source.submit({ type: "setFees", system: source.identity.system, token: POINTS, fees });
    const items = [bob, carol.address, dave.address].map((to, i) => ({ to, amount: `${10 + i}`, reference: ORDER }));
    const pay = () => post("/v1/batches", { key: "batch", body: { from: alice, token: POINTS, items } });
    const { status, body } = await pay();
    expect(status, JSON.stringify(body)).to.equal(201);
    const result = { refused: null, status: "paid" };
    expect(body).to.deep.include({ total: "33", fee: "5", version: "1" });
    expect((body as { items: unknown }).items).to.deep.equal([
      { ...items[0], ...result, fee: "2" },
      { ...items[1], ...result, fee: "1" },
      { ...items[2], status: "returned", refused: "account_closed", fee: "2" },
    ]);
    expect(await pay()).to.deep.include({ replayed: "true", body });
    await both.settled();
    // The fee of what came back is not kept.
    expect([both.held, pointsOf(source, carol.address)]).to.deep.equal([[76n, 10n, 30n, 10n], 11n]);
    await requireSound(both, 140n - 11n - 3n);
    const nobody = person("nobody").address;
    const unknown = {
      from: alice,
      token: POINTS,
      items: [
        { to: bob, amount: "1" },
        { to: nobody, amount: "1" },
      ],
    };
    expect(await post("/v1/batches", { body: unknown })).to.deep.equal(
      refusal("unknown_account", { account: nobody, item: "1" }),
    );
  });

  it("what the payee's system refuses comes back whole, and says why", async function () {
    const { both, post, order } = await open(this, 10n);
    const { target, bob } = both;
    const poor = await post("/v1/transfers", { body: order, key: "poor" });
    const { system } = target.identity;
    expect(poor).to.deep.equal(refusal("route_exhausted", { system, token: POINTS }));
    expect((await post("/v1/transfers", { body: order, key: "poor" })).body).to.deep.equal(poor.body);
    await target.submit({ type: "setAccountStatus", account: bob, status: "closed" });
    const closed = await post("/v1/transfers", { body: { ...order, amount: "5" } });
    expect(closed).to.deep.equal(refusal("account_closed", { account: bob }));
    await both.settled();
    expect(both.held).to.deep.equal([100n, 0n, 10n, 0n]);
    await requireSound(both, 110n);
  });

  it("what the payee's system refuses comes back also where the preimage was shown on the chain meanwhile, once", async function () {
    const both = await TwoSystems.open(this);
    const { store, source, target, bob } = both;
    const hash = await both.lock(30n, "order");
    await target.submit({ type: "setAccountStatus", account: bob, status: "closed" });
    const registered = [{ preimage: preimageOf(KEYSTORE, "order"), time: both.time }];
    await source.submit({ type: "observeChain", finalTime: both.time, registered });
    await store.forwards.lock(hash);
    await both.settled();
    expect(both.held).to.deep.equal([100n, 0n, 100n, 0n]);
    const refunds = await source.events({ types: ["money.refunded"], limit: 9 });
    expect(
      refunds.map(({ account, counterparty, amount, reference }) => [account, counterparty, amount, reference]),
    ).to.deep.equal([[both.routerOf(source), both.alice, 30n, hash]]);
    await requireSound(both, 200n);
  });

  it("a rehearsal locks nothing, and what the payer may not pay is refused before anything moves", async function () {
    const { both, post, order } = await open(this);
    const rehearsed = await post("/v1/transfers?dryRun=true", { body: order });
    expect(rehearsed.body).to.deep.include({ dryRun: true, fee: "0" });
    const much = await post("/v1/transfers", { body: { ...order, amount: "101" } });
    expect(much).to.deep.equal(refusal("insufficient_balance", { short: "1" }));
    const nobody = person("nobody").address;
    const lost = await post("/v1/transfers", { body: { ...order, to: nobody } });
    expect(lost).to.deep.equal(refusal("unknown_account", { account: nobody }));
    expect(both.held).to.deep.equal([100n, 0n, 100n, 0n]);
    expect([...both.source.openHtlcs()]).to.deep.equal([]);
  });

  it("case 18: what a system pays while nobody leads the payer's is made public in time, and claimed however late", async function () {
    const both = await TwoSystems.open(this);
    const { store, target } = both;
    const hash = await both.lock(30n, "order");
    await both.stopSource();
    await store.forwards.lock(hash);
    const pending = async () => (await store.forwards.find(hash))?.status !== "settled";
    while (await pending()) await new Promise(setImmediate);
    const { arrives, preimage } = (await store.forwards.find(hash))!;
    const registrations = new Registrations(target, POINTS);
    both.time = arrives - MARGIN / 2n - 1n;
    expect(await registrations.due()).to.deep.equal([]);
    both.time += 1n;
    const [due] = await registrations.due();
    expect([due?.to, due?.deadline, await due?.data()]).to.deep.equal([POINTS, arrives, encodeReveal([preimage!])]);
    const registered = [{ preimage: preimage!, time: arrives - 1n }];
    await target.submit({ type: "observeChain", finalTime: both.time, registered });
    expect(await registrations.due()).to.deep.equal([]);
    both.time = arrives + 1n;
    await both.startSource();
    await both.source.submit({ type: "observeChain", finalTime: both.time, registered });
    await both.settled();
    expect(both.held).to.deep.equal([70n, 30n, 70n, 30n]);
    await requireSound(both, 200n);
  });

  it("one that led before, and does not know that it does no more, ends no payment of which it knows nothing", async function () {
    const both = await TwoSystems.open(this);
    const { store } = both;
    await both.stopSource();
    const former = await withoutRenewals(() => both.leadSource({ ttl: 600_000 }));
    await endLeases(databaseOf(this), both.url);
    both.source = await both.leadSource({});
    const hash = await both.lock(30n, "order");
    await store.forwards.lock(hash);
    const statusOf = async () => (await store.forwards.find(hash))!.status;
    while ((await statusOf()) !== "settled") await new Promise(setImmediate);
    const parts = { service: former, store, keystore: KEYSTORE, interval: 5 };
    let forwarder: Forwarder | undefined;
    const trouble = await new Promise((onTrouble) => (forwarder = new Forwarder({ ...parts, onTrouble })));
    await forwarder!.stop();
    await former.stop();
    expect([(trouble as StarledgerError).code, await statusOf()]).to.deep.equal(["unknown_lock", "settled"]);
    both.attend(both.source);
    await both.settled();
    expect(both.held).to.deep.equal([70n, 30n, 70n, 30n]);
    await requireSound(both, 200n);
  });

  it("killed before any of its writes, all of it happens or nothing, and nobody is out of pocket", async function () {
    const both = await TwoSystems.open(this);
    let [paid, point] = [0n, 0];
    for (let hasDied = true; hasDied;) {
      point += 1;
      await both.stop();
      const dying = mortal(both.store, point);
      await both.start(dying);
      const asked = both.transfer(2n, `request ${point}`, dying).catch(() => undefined);
      await Promise.race([asked.then(() => both.settled(dying)), dying.died]);
      hasDied = dying.hasDied;
      await both.stop();
      await both.start();
      await both.settled();
      const [alice, , , bob] = both.held;
      expect(bob! - paid, `point ${point}`).to.be.oneOf([0n, 2n]);
      paid = bob!;
      expect(both.held, `point ${point}`).to.deep.equal([100n - paid, paid, 100n - paid, paid]);
      expect(alice! + bob!).to.equal(100n);
      // Asked for again under its key, it is paid, and never twice.
      if (point % 3 === 0) await both.transfer(2n, `request ${point}`);
      await both.settled();
      paid = both.held[3]!;
      await requireSound(both, 200n);
    }
    expect(point).to.be.greaterThan(10);
  });
});
