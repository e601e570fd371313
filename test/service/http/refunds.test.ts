import { expect } from "chai";

import { keccakText, paymentReference, ZERO_HASH, type Address } from "../../../src/protocol";
import { onEachDatabase, openTestStore } from "../../helpers/databases";
import { expectError } from "../../helpers/errors";
import { answer, listen, makeKey, refusal, type Answer } from "../../helpers/http";
import {
  careFor,
  freshService,
  issue,
  NOW,
  openHosted,
  openWallet,
  person,
  POINTS,
  pointsOf,
  startService,
  SYSTEM,
} from "../../helpers/service";

const MARK = keccakText("returned goods");

interface Record {
  readonly id: string;
  readonly commit: string;
  readonly version: string;
  readonly refunded: string;
  readonly systemSignature: unknown;
}

const recordOf = ({ body, status }: Answer): Record => {
  expect(status, JSON.stringify(body)).to.be.oneOf([200, 201]);
  return body as Record;
};

onEachDatabase("HTTP: refunds", (database) => {
  /** Alice has paid bob 30 of her 100 points. */
  async function world(context: Mocha.Context) {
    const { service, url } = await freshService(context, undefined, database);
    const api = await listen(context, service);
    const { get, post } = api;
    const [alice, bob] = [await openHosted(service, "alice", 100n), await openHosted(service, "bob")];
    const order = { from: alice, to: bob, token: POINTS, amount: "30" };
    const { id: payment } = recordOf(await post("/v1/transfers", { body: order }));
    const refund = (amount?: string, of = payment) => post("/v1/refunds", { body: { payment: of, amount } });
    const read = async (path: string) => recordOf(await get(path));
    const list = async (query = "") =>
      ((await get(`/v1/refunds?${query}`)).body as { data: Record[] }).data.map(({ id }) => id);
    const points = () => [pointsOf(service, alice), pointsOf(service, bob)];
    return { ...api, service, url, alice, bob, payment, refund, read, list, points };
  }

  const numberIn = (id: string) => BigInt(`0x${id.slice(40)}`);

  const exceeded = (payment: string, refunded: string, got?: string) => {
    const left = `${30n - BigInt(refunded)}`;
    const named = paymentReference(SYSTEM, numberIn(payment));
    return refusal("refund_exceeded", { payment: named, paid: "30", refunded, left, ...(got && { got }) });
  };

  it("give back a transfer in parts, linked both ways, and never more than was paid", async function () {
    const { service, get, post, alice, bob, payment, refund, read, list, points } = await world(this);
    const first = recordOf(await post("/v1/refunds", { body: { payment, amount: "10", reference: MARK } }));
    const [event] = await service.events({ types: ["money.refunded"], limit: 1 });
    const { id: channelId } = service.channelOf(bob, POINTS)!;
    const record = {
      ...{ id: first.id, commit: first.commit, time: new Date(event!.time).toISOString(), payment },
      ...{ from: bob, to: alice, token: POINTS, amount: "10", decimals: 18, reference: MARK, channelId, version: "1" },
    };
    const systemSignature = await service.signatures.state(channelId, 1n);
    expect(first).to.deep.equal({ ...record, systemSignature });
    expect(await get(`/v1/refunds/${first.id}`)).to.deep.equal(answer(200, record));
    expect(event).to.deep.include({
      ...{ account: bob, counterparty: alice, amount: 10n, reference: paymentReference(SYSTEM, numberIn(payment)) },
      data: { channelId, version: 1n, mark: MARK },
    });
    expect([(await read(`/v1/transfers/${payment}`)).refunded, points()]).to.deep.equal(["10", [80n, 20n]]);

    await issue(service, bob, 5n);
    expect(await refund("21")).to.deep.equal(exceeded(payment, "10", "21"));
    const second = recordOf(await refund());
    expect(await refund()).to.deep.equal(exceeded(payment, "30"));
    expect(await refund("1")).to.deep.equal(exceeded(payment, "30", "1"));
    expect([(await read(`/v1/transfers/${payment}`)).refunded, points()]).to.deep.equal(["30", [100n, 5n]]);
    expect(await list(`payment=${payment}`)).to.deep.equal([second.id, first.id]);
    expect(await list(`account=${alice}`)).to.deep.equal([second.id, first.id]);
    expect(await service.audit.isConserved(POINTS)).to.equal(true);
  });

  it("leave the fee with the system, and cost none", async function () {
    const { service, put, post, alice, bob, refund, points } = await world(this);
    const rate = { flat: "2", basisPoints: 0, min: "0", max: null };
    await put(`/v1/assets/${POINTS}/fees`, { body: { transfer: rate } });
    const order = { from: alice, to: bob, token: POINTS, amount: "5" };
    const { id } = recordOf(await post("/v1/transfers", { body: order }));
    expect(points()).to.deep.equal([63n, 35n]);
    await refund(undefined, id);
    expect(points()).to.deep.equal([68n, 30n]);
    expect(await service.audit.isConserved(POINTS)).to.equal(true);
  });

  it("give back a conditional payment once it is settled", async function () {
    const { service, get, post, alice, bob, refund, read, list, points } = await world(this);
    const body = { account: bob, token: POINTS, amount: "20", expiry: `${NOW + 300n}`, hold: true };
    const { text, hash } = (await post("/v1/invoices", { body })).body as { text: string; hash: string };
    const { id } = recordOf(await post("/v1/payments", { body: { from: alice, invoice: text } }));
    expect(await refund("1", id)).to.deep.equal(refusal("not_refundable", { id, status: "pending" }));
    await post(`/v1/invoices/${hash}/settle`, {});
    await careFor(this, service).settled();
    expect(points()).to.deep.equal([50n, 50n]);
    const done = recordOf(await refund("5", id));
    expect([(await read(`/v1/payments/${id}`)).refunded, points()]).to.deep.equal(["5", [55n, 45n]]);
    expect(await list(`payment=${id}`)).to.deep.equal([done.id]);
    expect((await get(`/v1/refunds/${done.id}`)).body).to.deep.include({ payment: id, from: bob, to: alice });
    const code = { payment: hash, paid: "20", refunded: "5", left: "15", got: "16" };
    expect(await refund("16", id)).to.deep.equal(refusal("refund_exceeded", code));
  });

  it("give back what was redeemed, by the system", async function () {
    const { service, post, alice, refund, read, points } = await world(this);
    const { id } = recordOf(await post("/v1/redemptions", { body: { from: alice, token: POINTS, amount: "40" } }));
    expect([points(), service.asset(POINTS).liabilities]).to.deep.equal([[30n, 30n], 60n]);
    const done = recordOf(await refund("15", id));
    expect(done).to.deep.include({ payment: id, from: null, to: alice, version: null, systemSignature: null });
    expect([points(), service.asset(POINTS).liabilities]).to.deep.equal([[45n, 30n], 75n]);
    expect((await read(`/v1/redemptions/${id}`)).refunded).to.equal("15");
    expect((await refund("26", id)).status).to.equal(422);
    expect(await service.audit.isConserved(POINTS)).to.equal(true);
  });

  it("case 25: asked for again, or rehearsed, give nothing more back", async function () {
    const { service, post, payment, alice, bob, points } = await world(this);
    const body = { payment, amount: "10" };
    const channelId = service.channelOf(bob, POINTS)!.id;
    const account = { token: POINTS, decimals: 18, channelId, balance: "20", locked: "0", available: "20" };
    const rehearsed = { dryRun: true, fee: "0", account: { address: bob, ...account } };
    expect(await post("/v1/refunds?dryRun=true", { body })).to.deep.equal(answer(200, rehearsed));
    expect(points()).to.deep.equal([70n, 30n]);
    const first = await post("/v1/refunds", { key: "return-1", body });
    expect(await post("/v1/refunds", { key: "return-1", body })).to.deep.equal({ ...first, replayed: "true" });
    const other = await post("/v1/refunds", { key: "return-1", body: { ...body, amount: "11" } });
    expect((other.body as { code: string }).code).to.equal("idempotency_conflict");
    expect(points()).to.deep.equal([80n, 20n]);
    expect((await post("/v1/refunds?dryRun=true", { body: { payment, amount: "21" } })).status).to.equal(422);
    expect(alice).to.equal(person("alice").address);
  });

  it("asked for at once exceed nothing together", async function () {
    const { refund, points, service } = await world(this);
    const all = await Promise.all(["20", "20", "20", "10"].map((amount) => refund(amount)));
    expect(all.map(({ status }) => status).sort()).to.deep.equal([201, 201, 422, 422]);
    expect(points()).to.deep.equal([100n, 0n]);
    expect(await service.audit.isConserved(POINTS)).to.equal(true);
  });

  it("of a payee that holds its own key are signed by it, as its wallet does", async function () {
    const { service, post, alice, get } = await world(this);
    const { wallet, address: carol, arrived } = await openWallet(this, service, "carol");
    const order = { from: alice, to: carol, token: POINTS, amount: "30" };
    const { id } = recordOf(await post("/v1/transfers", { body: order }));
    await issue(service, carol, 5n);
    await arrived();
    const refused = await post("/v1/refunds", { body: { payment: id } });
    expect(refused).to.deep.equal(refusal("not_hosted", { account: carol }));

    const named = paymentReference(SYSTEM, numberIn(id));
    const bob = person("bob").address;
    const stranger = { got: bob, want: alice };
    await expectError(() => wallet.refund(bob, 10n, named, ZERO_HASH), "wrong_refund", stranger);
    await wallet.refund(alice, 10n, named, MARK);
    const more = { payment: named, paid: 30n, refunded: 10n, left: 20n, got: 21n };
    await expectError(() => wallet.refund(alice, 21n, named, ZERO_HASH), "refund_exceeded", more);
    await expectError(() => wallet.refund(alice, 1n, MARK, ZERO_HASH), "unknown_payment", { payment: MARK });
    expect([wallet.balance, pointsOf(service, alice)]).to.deep.equal([25n, 50n]);
    expect((await get(`/v1/transfers/${id}`)).body).to.deep.include({ refunded: "10" });
    expect(wallet.paymentOf(MARK)).to.deep.equal({ to: alice, amount: 10n, payment: named, version: 1n });
  });

  it("case 28: of money that another was paid, of other records, and of nothing are refused", async function () {
    const { service, refund, alice, bob, payment, points } = await world(this);
    const forged = (to: Address, amount: bigint, of: bigint) =>
      service.submit({
        type: "refund",
        payment: paymentReference(SYSTEM, of),
        payee: to,
        amount,
        reference: ZERO_HASH,
      });
    await expectError(() => forged(alice, 1n, numberIn(payment)), "unknown_payment", {
      payment: paymentReference(SYSTEM, numberIn(payment)),
    });
    const issued = payment.slice(0, 40) + (numberIn(payment) - 2n).toString(16);
    for (const id of [
      issued,
      payment.slice(0, 40) + "ffff",
      payment.slice(0, 40) + "0",
      "none",
      `0x${"0".repeat(64)}-1-0`,
    ]) {
      expect(await refund("1", id), id).to.deep.equal(refusal("unknown_payment", { id }));
    }
    for (const amount of ["0", "-1", "1.5"]) {
      expect(await refund(amount)).to.deep.equal(refusal("invalid_amount", { field: "body/amount" }));
    }
    expect(await refund("31")).to.deep.equal(exceeded(payment, "0", "31"));
    expect([points(), bob]).to.deep.equal([[70n, 30n], person("bob").address]);
  });

  it("case 33: are given by a key for the account that was paid, within what it may move", async function () {
    const api = await world(this);
    const { alice, bob, post, payment, get } = api;
    const keyOf = (restrictions: object) => makeKey(api, { scopes: ["money:write", "money:read"], restrictions });
    const give = async (operator: string, amount: string) =>
      post("/v1/refunds", { operator, body: { payment, amount } });
    const stranger = await keyOf({ accounts: [alice] });
    expect(await give(stranger, "1")).to.deep.equal(refusal("forbidden", { restriction: "accounts" }));
    const own = await keyOf({ accounts: [bob], limits: [{ token: POINTS, amount: "5", seconds: 86_400 }] });
    expect((await give(own, "6")).body).to.include({ code: "budget_exceeded" });
    const { id } = recordOf(await give(own, "5"));
    expect((await give(own, "1")).body).to.include({ code: "budget_exceeded" });
    expect((await get(`/v1/refunds/${id}`, { operator: stranger })).status).to.equal(200);
    const outsider = await keyOf({ accounts: [person("carol").address] });
    expect((await get(`/v1/refunds/${id}`, { operator: outsider })).status).to.equal(403);
  });

  it("case 25: are remembered by the service that takes over", async function () {
    const { service, url, refund, payment, bob } = await world(this);
    await refund("10");
    await issue(service, bob, 5n);
    await service.stop();
    const { post } = await listen(this, await startService(await openTestStore(this, url)));
    expect(await post("/v1/refunds", { body: { payment, amount: "21" } })).to.deep.equal(exceeded(payment, "10", "21"));
    expect((await post("/v1/refunds", { body: { payment, amount: "20" } })).status).to.equal(201);
  });
});
