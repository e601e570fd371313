import { expect } from "chai";

import { digest, hashState, nextState, NO_FEES, sign, ZERO_HASH, type Address } from "../../../src/protocol";
import type { AccountService } from "../../../src/service";
import { onEachDatabase, openTestStore } from "../../helpers/databases";
import { answer, listen, refusal, type Answer } from "../../helpers/http";
import {
  careFor,
  freshService,
  issue,
  listAssets,
  NOW,
  openHosted,
  openWallet,
  person,
  POINTS,
  pointsOf,
  SEPARATOR,
  startService,
  SYSTEM,
} from "../../helpers/service";
import { expectError } from "../../helpers/errors";

const TENTH = { flat: "0", basisPoints: 1_000, min: "0", max: null };
const NONE = { perPayment: null, perDay: null, balance: null };
const MALFORMED = ["-1", "+1", "1.5", "1e3", "01", "", `${2n ** 128n}`, 1, true, [], {}];

/** Of a number, the refusal says the most that it may be. */
function outOfRange(field: string, got: unknown): Answer {
  const isNumber = got === `${2n ** 128n}`;
  return refusal("out_of_range", { field, ...(isNumber && { most: `${2n ** 128n - 1n}` }) });
}

onEachDatabase("HTTP: fees", (database) => {
  async function world(context: Mocha.Context) {
    const { service, url } = await freshService(context, undefined, database);
    const api = await listen(context, service);
    const [alice, bob] = [await openHosted(service, "alice", 100n), await openHosted(service, "bob")];
    const charge = (fees: object) => api.put(`/v1/assets/${POINTS}/fees`, { body: fees });
    const pay = (amount: string, more: object = {}) =>
      api.post("/v1/transfers", { body: { from: alice, to: bob, token: POINTS, amount, ...more } });
    return { ...api, service, database: url, alice, bob, charge, pay };
  }

  it("are set by the operator, public with the assets, and outlive a restart", async function () {
    const { service, database: url, charge, get } = await world(this);
    const fees = { transfer: TENTH, redemption: { flat: "3", basisPoints: 0, min: "0", max: "5" } };
    const view = { system: SYSTEM, token: POINTS, decimals: 18, fees };
    expect(await charge(fees)).to.deep.equal(answer(200, view));
    await service.stop();
    const { get: ask } = await listen(this, await startService(await openTestStore(this, url)));
    expect(await ask(`/v1/assets/${POINTS}/fees`)).to.deep.equal(answer(200, view));
    const { assets } = (await ask("/v1/assets", { operator: null })).body as { assets: { fees: object }[] };
    expect(assets.map((asset) => asset.fees)).to.deep.equal([fees, {}]);
    expect((await get(`/v1/assets/${SYSTEM}/fees`)).status).to.equal(404);
  });

  it("case 25: put again as they are, fees and limits change nothing and tell nobody", async function () {
    const { service, alice, charge, put } = await world(this);
    const limits = { perPayment: "5", perDay: null, balance: null };
    const puts = [
      () => charge({ transfer: TENTH }),
      () => put(`/v1/assets/${POINTS}/limits`, { body: limits }),
      () => put(`/v1/accounts/${alice}/limits`, { body: { token: POINTS, limits } }),
      () => put(`/v1/accounts/${alice}/fees`, { body: { token: POINTS, waived: true } }),
    ];
    for (const once of puts) {
      const first = await once();
      const { lastCommit } = service.status;
      expect([first.status, await once()]).to.deep.equal([200, first]);
      expect(service.status.lastCommit).to.equal(lastCommit);
    }
  });

  it("are kept of transfers and redemptions, rounded up, and the books hold", async function () {
    const { service, alice, bob, charge, pay, post } = await world(this);
    await charge({ transfer: TENTH, redemption: { ...TENTH, flat: "2" } });
    expect(((await pay("31")).body as { fee: string }).fee).to.equal("4");
    const redeemed = await post("/v1/redemptions", { body: { from: alice, token: POINTS, amount: "10" } });
    expect((redeemed.body as { fee: string }).fee).to.equal("3");
    expect([pointsOf(service, alice), pointsOf(service, bob)]).to.deep.equal([52n, 31n]);
    expect([service.asset(POINTS).liabilities, await service.audit.isConserved(POINTS)]).to.deep.equal([83n, true]);
  });

  it("of a conditional payment are kept when it is settled, and come back with it", async function () {
    const { service, alice, bob, charge, post } = await world(this);
    const caretaker = careFor(this, service);
    await charge({ payment: TENTH });
    const spent: bigint[] = [];
    for (const verb of ["settle", "cancel"]) {
      const body = { account: bob, token: POINTS, amount: "30", expiry: `${NOW + 300n}`, hold: true };
      const { text, hash } = (await post("/v1/invoices", { body })).body as { text: string; hash: string };
      const paid = await post("/v1/payments", { body: { from: alice, invoice: text } });
      expect((paid.body as { fee: string }).fee).to.equal("3");
      await post(`/v1/invoices/${hash}/${verb}`, {});
      await caretaker.settled();
      spent.push(100n - pointsOf(service, alice));
    }
    expect([spent, pointsOf(service, bob)]).to.deep.equal([[33n, 33n], 30n]);
    expect([service.asset(POINTS).liabilities, await service.audit.isConserved(POINTS)]).to.deep.equal([97n, true]);
  });

  it("are waived for an account", async function () {
    const { alice, put, charge, pay } = await world(this);
    await charge({ transfer: TENTH });
    const waive = (waived: boolean) => put(`/v1/accounts/${alice}/fees`, { body: { token: POINTS, waived } });
    const own = { token: POINTS, decimals: 18, feesWaived: true, limits: NONE, own: null };
    const { terms } = (await waive(true)).body as { terms: object[] };
    expect(terms[0]).to.deep.equal(own);
    expect(((await pay("30")).body as { fee: string }).fee).to.equal("0");
    await waive(false);
    expect(((await pay("30")).body as { fee: string }).fee).to.equal("3");
  });

  it("case 28: a fee larger than the balance, or than the payer allows, moves nothing", async function () {
    const { service, alice, bob, charge, pay } = await world(this);
    await charge({ transfer: { ...TENTH, flat: "101" } });
    expect(await pay("1")).to.deep.equal(refusal("insufficient_balance", { short: "3" }));
    await charge({ transfer: TENTH });
    expect(await pay("91")).to.deep.equal(refusal("insufficient_balance", { short: "1" }));
    expect(await pay("50", { maxFee: "4" })).to.deep.equal(refusal("fee_too_high", { fee: "5", maxFee: "4" }));
    expect([pointsOf(service, alice), pointsOf(service, bob)]).to.deep.equal([100n, 0n]);
    expect((await pay("50", { maxFee: "5" })).status).to.equal(201);
  });

  it("case 28: a schedule with what is no number, or out of range, is refused", async function () {
    const { service, charge } = await world(this);
    for (const flat of MALFORMED) {
      const refused = await charge({ transfer: { ...TENTH, flat } });
      expect(refused, JSON.stringify(flat)).to.deep.equal(outOfRange("body/transfer/flat", flat));
    }
    for (const basisPoints of [-1, 10_001, 1.5, "5"]) {
      expect((await charge({ transfer: { ...TENTH, basisPoints } })).status).to.equal(400);
    }
    expect((await charge({ transfer: { ...TENTH, min: "5", max: "4" } })).status).to.equal(400);
    expect((await charge({ gift: TENTH })).status).to.equal(400);
    expect(service.asset(POINTS).fees).to.deep.equal(NO_FEES);
  });

  it("a self-custody payer who does not pay them exactly is refused", async function () {
    const { service, bob, charge } = await world(this);
    const { wallet, address, arrived } = await openWallet(this, service, "carol");
    await issue(service, address, 100n);
    await arrived();
    await charge({ transfer: TENTH });
    const pay = { type: "pay", to: bob, amount: 30n, reference: ZERO_HASH } as const;
    const { key } = person("carol");
    const submit = (...fees: bigint[]) => {
      const operations = [
        { type: "fold", seq: 1n, credited: 100n } as const,
        pay,
        ...fees.map((amount) => ({ type: "fee", amount, reference: ZERO_HASH }) as const),
      ];
      const proposal = nextState(wallet.state, operations);
      const signature = sign(digest(SEPARATOR, hashState(proposal)), key);
      return service.submit({ type: "submitState", proposal, operations, signature });
    };
    await expectError(() => submit(), "wrong_fee", { got: 0n, want: 3n });
    await expectError(() => submit(2n), "wrong_fee", { got: 2n, want: 3n });
    await expectError(() => submit(4n), "wrong_fee", { got: 4n, want: 3n });
    await expectError(() => submit(3n, 3n), "wrong_fee", { got: 3n, want: 0n });
    await submit(3n);
    expect([pointsOf(service, address), pointsOf(service, bob)]).to.deep.equal([67n, 30n]);
  });
});

onEachDatabase("HTTP: limits", (database) => {
  async function world(context: Mocha.Context) {
    const clock = { now: NOW };
    const url = await database.fresh(context);
    const start = async () => startService(await openTestStore(context, url), { now: () => clock.now });
    const service = await start();
    await listAssets(service);
    const api = await listen(context, service);
    const [alice, bob] = [await openHosted(service, "alice", 1_000n), await openHosted(service, "bob")];
    const limit = (limits: object) => api.put(`/v1/assets/${POINTS}/limits`, { body: { ...NONE, ...limits } });
    const limitOne = (account: Address, limits: object | null) =>
      api.put(`/v1/accounts/${account}/limits`, { body: { token: POINTS, limits } });
    const pay = (amount: string, from = alice, to = bob) =>
      api.post("/v1/transfers", { body: { from, to, token: POINTS, amount } });
    return { ...api, clock, start, service, alice, bob, limit, limitOne, pay };
  }
  const paid = (service: AccountService, account: Address) => pointsOf(service, account);

  it("per payment hold for transfers, redemptions and conditional payments", async function () {
    const { service, alice, bob, limit, pay, post, get } = await world(this);
    const limits = { ...NONE, perPayment: "50" };
    const view = { system: SYSTEM, token: POINTS, decimals: 18, limits };
    expect(await limit(limits)).to.deep.equal(answer(200, view));
    expect(await get(`/v1/assets/${POINTS}/limits`)).to.deep.equal(answer(200, view));
    const refused = refusal("limit_exceeded", { limit: "perPayment", got: "51", most: "50" });
    expect(await pay("51")).to.deep.equal(refused);
    const terms = { from: alice, token: POINTS, amount: "51" };
    expect(await post("/v1/redemptions", { body: terms })).to.deep.equal(refused);
    const items = [
      { to: bob, amount: "50" },
      { to: bob, amount: "51" },
    ];
    expect(await post("/v1/batches", { body: { from: alice, token: POINTS, items } })).to.deep.equal(refused);
    const body = { account: bob, token: POINTS, amount: "51", expiry: `${NOW + 300n}` };
    const { text } = (await post("/v1/invoices", { body })).body as { text: string };
    expect(await post("/v1/payments", { body: { from: alice, invoice: text } })).to.deep.equal(refused);
    expect((await pay("50")).status).to.equal(201);
    expect(paid(service, bob)).to.equal(50n);
  });

  it("per day add up from midnight to midnight UTC, over a restart", async function () {
    const { clock, start, service, alice, bob, limit, pay } = await world(this);
    await limit({ perDay: "100" });
    expect((await pay("60")).status).to.equal(201);
    const refused = { limit: "perDay", got: "41", left: "40", most: "100" };
    expect(await pay("41")).to.deep.equal(refusal("limit_exceeded", refused));
    await service.stop();
    const restarted = await start();
    const { post } = await listen(this, restarted);
    const again = (amount: string) => post("/v1/transfers", { body: { from: alice, to: bob, token: POINTS, amount } });
    expect(await again("41")).to.deep.equal(refusal("limit_exceeded", refused));
    expect((await again("40")).status).to.equal(201);
    clock.now = (NOW / 86_400n + 1n) * 86_400n - 1n;
    expect((await again("1")).status).to.equal(422);
    clock.now += 1n;
    expect((await again("100")).status).to.equal(201);
    expect(paid(restarted, bob)).to.equal(200n);
  });

  it("per balance hold for whoever is paid", async function () {
    const { service, alice, bob, limit, pay, post } = await world(this);
    await limit({ balance: "100" });
    expect((await pay("90")).status).to.equal(201);
    const details = { limit: "balance", account: bob, got: "101", most: "100" };
    expect(await pay("11")).to.deep.equal(refusal("limit_exceeded", details));
    const issuance = { account: bob, token: POINTS, amount: "11" };
    expect(await post("/v1/issuances", { body: issuance })).to.deep.equal(refusal("limit_exceeded", details));
    expect((await pay("10")).status).to.equal(201);
    expect([paid(service, alice), paid(service, bob)]).to.deep.equal([900n, 100n]);
  });

  it("of an account replace those of the asset, until they are taken away", async function () {
    const { alice, bob, limit, limitOne, pay, get } = await world(this);
    await limit({ perPayment: "10" });
    const own = { ...NONE, perPayment: "20" };
    const view = { token: POINTS, decimals: 18, feesWaived: false, limits: own, own };
    const { terms } = (await limitOne(alice, own)).body as { terms: object[] };
    expect(terms[0]).to.deep.equal(view);
    expect(((await get(`/v1/accounts/${alice}/limits`)).body as { terms: object[] }).terms).to.deep.equal(terms);
    expect([(await pay("20")).status, (await pay("21")).status]).to.deep.equal([201, 422]);
    expect([(await pay("10", bob, alice)).status, (await pay("11", bob, alice)).status]).to.deep.equal([201, 422]);
    await limitOne(alice, null);
    expect((await pay("11")).status).to.equal(422);
  });

  it("hold for self-custody payers alike", async function () {
    const { service, bob, limit } = await world(this);
    const { wallet, address, arrived } = await openWallet(this, service, "carol");
    await issue(service, address, 100n);
    await arrived();
    await limit({ perPayment: "10" });
    await expectError(() => wallet.pay(bob, 11n, ZERO_HASH), "limit_exceeded", { limit: "perPayment", got: 11n });
    await wallet.pay(bob, 10n, ZERO_HASH);
    expect(paid(service, bob)).to.equal(10n);
  });

  it("case 28: that are no numbers are refused", async function () {
    const { limit, put } = await world(this);
    for (const perPayment of MALFORMED) {
      const refused = outOfRange("body/perPayment", perPayment);
      expect(await limit({ perPayment }), JSON.stringify(perPayment)).to.deep.equal(refused);
    }
    const nobody = person("nobody").address;
    const body = { token: POINTS, limits: null };
    const unknown = refusal("unknown_account", { account: nobody });
    expect(await put(`/v1/accounts/${nobody}/limits`, { body })).to.deep.equal(unknown);
  });
});
