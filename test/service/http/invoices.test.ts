import { expect } from "chai";

import {
  decodeInvoice,
  hashInvoice,
  hashOfPreimage,
  keccakText,
  recover,
  digest,
  ZERO_HASH,
  type Address,
  type Hash,
} from "../../../src/protocol";
import type { AccountService } from "../../../src/service";
import { onEachDatabase, openTestStore } from "../../helpers/databases";
import { answer, listen, makeKey, refusal } from "../../helpers/http";
import {
  careFor,
  COIN,
  freshService,
  listAssets,
  MARGIN,
  NOW,
  openHosted,
  person,
  POINTS,
  pointsOf,
  SEPARATOR,
  startService,
} from "../../helpers/service";

const EXPIRY = NOW + 300n;

interface InvoiceView {
  readonly hash: Hash;
  readonly text: string;
  readonly signature: string;
  readonly status: string;
}

interface PageView {
  readonly data: readonly InvoiceView[];
  readonly hasMore: boolean;
  readonly next: string | null;
  readonly previous: string | null;
}

interface PaymentView {
  readonly id: string;
  readonly hash: Hash;
  readonly status: string;
  readonly preimage: Hash | null;
}

function spendable(service: AccountService, account: Address): bigint {
  return pointsOf(service, account) - service.channelOf(account, POINTS)!.state.locked;
}

onEachDatabase("HTTP: invoices and conditional payments", (database) => {
  async function world(context: Mocha.Context) {
    const { service, url } = await freshService(context, undefined, database);
    const api = await listen(context, service);
    const [alice, bob] = [await openHosted(service, "alice", 100n), await openHosted(service, "bob")];
    const invoice = async (amount: string, hold = false) => {
      const body = { account: bob, token: POINTS, amount, expiry: `${EXPIRY}`, hold };
      return (await api.post("/v1/invoices", { body })).body as InvoiceView;
    };
    const statusOf = async (hash: Hash) => ((await api.get(`/v1/invoices/${hash}`)).body as InvoiceView).status;
    const pay = (text: unknown, from = alice) => api.post("/v1/payments", { body: { from, invoice: text } });
    return { ...api, service, database: url, alice, bob, invoice, statusOf, pay };
  }

  it("an invoice's text is signed by its account, and its secret shows nowhere", async function () {
    const { service, bob, post, get } = await world(this);
    const body = { account: bob, token: POINTS, amount: "30", expiry: `${EXPIRY}`, memo: keccakText("tea") };
    const made = await post("/v1/invoices", { body });
    const { hash, text, signature } = made.body as InvoiceView;
    const view = {
      ...body,
      hash,
      decimals: 18,
      hold: false,
      status: "open",
      created: new Date(1_000 * Number(NOW)).toISOString(),
      text,
      signature,
    };
    expect(made).to.deep.equal(answer(201, view));
    expect(await get(`/v1/invoices/${hash}`)).to.deep.equal(answer(200, view));
    const { invoice } = decodeInvoice(text);
    expect(invoice).to.deep.equal({ ...body, amount: 30n, expiry: EXPIRY, hash });
    expect(recover(digest(SEPARATOR, hashInvoice(invoice)), signature as never)).to.equal(bob);
    const { sealedPreimage } = await service.payments.invoice(hash);
    expect(JSON.stringify(made)).not.to.include(sealedPreimage);
  });

  it("invoices are listed newest first, page by page, by account, asset and status", async function () {
    let now = NOW;
    const store = await openTestStore(this, await database.fresh(this));
    const service = await startService(store, { now: () => now });
    await listAssets(service);
    const { post, get } = await listen(this, service);
    const [alice, bob] = [await openHosted(service, "alice", 100n), await openHosted(service, "bob")];
    const made: InvoiceView[] = [];
    for (const [account, token] of [
      [bob, POINTS],
      [bob, COIN],
      [alice, POINTS],
      [bob, POINTS],
    ] as const) {
      const body = { account, token, amount: "3", expiry: `${EXPIRY + BigInt(made.length)}`, hold: true };
      made.push((await post("/v1/invoices", { body })).body as InvoiceView);
      now += 1n;
    }
    const page = async (query: string) => (await get(`/v1/invoices?${query}`)).body as PageView;
    const hashes = async (query: string) => (await page(query)).data.map(({ hash }) => hash);
    const [first, second, third, fourth] = made.map(({ hash }) => hash);

    expect((await page("")).data).to.deep.equal([...made].reverse());
    expect(await hashes(`account=${bob}`)).to.deep.equal([fourth, second, first]);
    expect(await hashes(`account=${bob}&token=${POINTS}`)).to.deep.equal([fourth, first]);
    await post("/v1/payments", { body: { from: alice, invoice: made[3]!.text } });
    await post(`/v1/invoices/${third}/cancel`, {});
    now = EXPIRY;
    expect(await hashes("status=open")).to.deep.equal([second]);
    expect(await hashes("status=held")).to.deep.equal([fourth]);
    expect(await hashes("status=cancelled")).to.deep.equal([third]);
    expect(await hashes("status=settled")).to.deep.equal([]);
    const late = async () => (await page("status=expired")).data.map(({ hash, status }) => [hash, status]);
    expect(await late()).to.deep.equal([[first, "expired"]]);
    await careFor(this, service).settled();
    expect(await late()).to.deep.equal([[first, "expired"]]);

    const ahead = await page("pageSize=3");
    expect(ahead.data.map(({ hash }) => hash)).to.deep.equal([fourth, third, second]);
    const rest = await page(`pageSize=3&cursor=${ahead.next}`);
    expect([rest.data.map(({ hash }) => hash), rest.hasMore]).to.deep.equal([[first], false]);
    expect(await hashes(`pageSize=3&cursor=${rest.previous}`)).to.deep.equal([fourth, third, second]);
    const forged = { field: "querystring/cursor", reason: "not of a page" };
    for (const key of ["1x2", "zz", "9".repeat(90)]) {
      const cursor = Buffer.from(`on ${key}`).toString("base64url");
      expect(await get(`/v1/invoices?cursor=${cursor}`)).to.deep.equal(refusal("invalid_request", forged));
      expect(await get(`/v1/transfers?cursor=${cursor}`)).to.deep.equal(refusal("invalid_request", forged));
    }
  });

  it("case 33: a key that is confined to an account lists that account's invoices alone", async function () {
    const api = await world(this);
    const { alice, bob, invoice, get } = api;
    const { hash } = await invoice("30");
    const key = await makeKey(api, { scopes: ["money:read"], restrictions: { accounts: [bob] } });
    const own = (await get(`/v1/invoices?account=${bob}`, { operator: key })).body as PageView;
    expect(own.data.map((one) => one.hash)).to.deep.equal([hash]);
    const refused = refusal("forbidden", { restriction: "accounts" });
    expect(await get("/v1/invoices", { operator: key })).to.deep.equal(refused);
    expect(await get(`/v1/invoices?account=${alice}`, { operator: key })).to.deep.equal(refused);
  });

  it("the same request makes one invoice", async function () {
    const { bob, post } = await world(this);
    const body = { account: bob, token: POINTS, amount: "30", expiry: `${EXPIRY}` };
    const first = await post("/v1/invoices", { key: "order-1", body });
    expect(await post("/v1/invoices", { key: "order-1", body })).to.deep.equal({ ...first, replayed: "true" });
    expect((await post("/v1/invoices", { body })).body).not.to.deep.equal(first.body);
  });

  it("settles by itself as soon as the amount is promised, folds both ends, and proves it", async function () {
    const { service, alice, bob, invoice, pay, get, statusOf } = await world(this);
    const caretaker = careFor(this, service);
    const { text, hash } = await invoice("30");
    const paid = await pay(text);
    const { id } = paid.body as PaymentView;
    const view = {
      ...{ id, status: "pending", from: alice, to: bob, token: POINTS, amount: "30", decimals: 18, fee: "0", hash },
      ...{ expiry: `${EXPIRY + MARGIN}`, preimage: null, refunded: "0", isOver: false },
    };
    expect([
      paid.status,
      { ...(paid.body as object), commit: 0, status: "pending", preimage: null, isOver: false },
    ]).to.deep.equal([201, { ...view, commit: 0 }]);
    await caretaker.settled();
    const settled = (await get(`/v1/payments/${id}`)).body as PaymentView;
    expect(settled).to.deep.equal({ ...view, status: "settled", preimage: settled.preimage, isOver: true });
    expect(hashOfPreimage(settled.preimage!)).to.equal(hash);
    expect([await statusOf(hash), spendable(service, alice), pointsOf(service, bob)]).to.deep.equal([
      "settled",
      70n,
      30n,
    ]);
    expect([...service.openHtlcs()]).to.deep.equal([]);
    expect(await service.audit.isConserved(POINTS)).to.equal(true);
  });

  it("payments are listed newest first, for payer and payee, as each is found by itself", async function () {
    const { alice, bob, invoice, pay, get } = await world(this);
    const ids: string[] = [];
    for (const amount of ["30", "20"]) ids.unshift(((await pay((await invoice(amount)).text)).body as PaymentView).id);
    const each = await Promise.all(ids.map(async (id) => (await get(`/v1/payments/${id}`)).body));
    for (const query of ["", `account=${alice}`, `account=${bob}&token=${POINTS}`]) {
      const list = { data: each, pageSize: 50, hasMore: false, next: null, previous: null };
      expect(await get(`/v1/payments?${query}`)).to.deep.equal(answer(200, list));
    }
    expect(((await get(`/v1/payments?token=${COIN}`)).body as { data: unknown }).data).to.deep.equal([]);
  });

  it("a hold invoice waits for its owner: settled, or cancelled, which gives the payer its money back", async function () {
    const { service, alice, bob, invoice, pay, post, get, statusOf } = await world(this);
    const caretaker = careFor(this, service);
    const [first, second] = [await invoice("30", true), await invoice("20", true)];
    const ids = [];
    for (const { text } of [first, second]) ids.push(((await pay(text)).body as PaymentView).id);
    await caretaker.settled();
    expect([await statusOf(first.hash), await statusOf(second.hash)]).to.deep.equal(["held", "held"]);
    expect([spendable(service, alice), pointsOf(service, bob)]).to.deep.equal([50n, 0n]);

    const done = await post(`/v1/invoices/${first.hash}/settle`, {});
    expect([done.status, (done.body as InvoiceView).status]).to.deep.equal([200, "settled"]);
    const back = await post(`/v1/invoices/${second.hash}/cancel`, {});
    expect([back.status, (back.body as InvoiceView).status]).to.deep.equal([200, "cancelled"]);
    await caretaker.settled();
    const ends = [];
    for (const id of ids) ends.push(((await get(`/v1/payments/${id}`)).body as PaymentView).status);
    expect(ends).to.deep.equal(["settled", "failed"]);
    expect([spendable(service, alice), pointsOf(service, bob)]).to.deep.equal([70n, 30n]);
    const closed = refusal("invoice_closed", { hash: second.hash, status: "cancelled" });
    expect(await post(`/v1/invoices/${second.hash}/settle`, {})).to.deep.equal(closed);
    expect(await service.audit.isConserved(POINTS)).to.equal(true);
  });

  it("a cancelled invoice is not paid, nor is one paid in part; an open one is not settled", async function () {
    const { service, alice, bob, invoice, pay, post } = await world(this);
    const { hash, text } = await invoice("30");
    const unsettled = refusal("invoice_closed", { hash, status: "open" });
    expect(await post(`/v1/invoices/${hash}/settle`, {})).to.deep.equal(unsettled);
    const kept = await service.payments.invoice(hash);
    const less = service.signInvoice({ ...kept.invoice, amount: 29n });
    const fields = { invoice: { ...less.invoice, amount: "29", expiry: `${EXPIRY}` }, signature: less.signature };
    expect(await pay(fields)).to.deep.equal(refusal("underpaid", { got: "29", want: "30" }));
    await post(`/v1/invoices/${hash}/cancel`, {});
    expect(await pay(text)).to.deep.equal(refusal("invoice_closed", { hash, status: "cancelled" }));
    expect([spendable(service, alice), pointsOf(service, bob)]).to.deep.equal([100n, 0n]);
  });

  it("an invoice that nobody paid in time is expired, and its payment refused", async function () {
    let now = NOW;
    const store = await openTestStore(this, await database.fresh(this));
    const service = await startService(store, { now: () => now });
    await listAssets(service);
    const { post, get } = await listen(this, service);
    const [alice, bob] = [await openHosted(service, "alice", 100n), await openHosted(service, "bob")];
    const body = { account: bob, token: POINTS, amount: "30", expiry: `${EXPIRY}` };
    const { hash, text } = (await post("/v1/invoices", { body })).body as InvoiceView;
    now = EXPIRY;
    const late = await post("/v1/payments", { body: { from: alice, invoice: text } });
    expect(late).to.deep.equal(refusal("invoice_closed", { expiry: `${EXPIRY}`, now: `${now}` }));
    expect(((await get(`/v1/invoices/${hash}`)).body as InvoiceView).status).to.equal("expired");
    await careFor(this, service).settled();
    expect((await service.payments.invoice(hash)).status).to.equal("expired");
    expect([...service.openInvoices()]).to.deep.equal([]);
  });

  it("an invoice can be paid until the second in which it expires", async function () {
    let now = NOW;
    const store = await openTestStore(this, await database.fresh(this));
    const service = await startService(store, { now: () => now });
    await listAssets(service);
    const { post } = await listen(this, service);
    const [alice, bob] = [await openHosted(service, "alice", 100n), await openHosted(service, "bob")];
    const body = { account: bob, token: POINTS, amount: "30", expiry: `${EXPIRY}` };
    const { text } = (await post("/v1/invoices", { body })).body as InvoiceView;
    now = EXPIRY - 1n;
    const paid = await post("/v1/payments", { body: { from: alice, invoice: text } });
    expect(paid.body).to.include({ status: "pending", expiry: `${now + MARGIN + MARGIN / 2n + MARGIN}` });
  });

  it("case 23: what was promised before a restart is claimed after it", async function () {
    const { service, database: url, alice, bob, invoice, pay } = await world(this);
    const { text, hash } = await invoice("30");
    await pay(text);
    await service.stop();
    const restarted = await startService(await openTestStore(this, url));
    expect((await restarted.payments.invoice(hash)).status).to.equal("held");
    await careFor(this, restarted).settled();
    expect((await restarted.payments.invoice(hash)).status).to.equal("settled");
    expect([spendable(restarted, alice), pointsOf(restarted, bob)]).to.deep.equal([70n, 30n]);
    expect(await restarted.audit.isConserved(POINTS)).to.equal(true);
  });

  it("case 29: two payments with one hash: the second is refused while the first lives, and after it is paid", async function () {
    const { service, alice, bob, invoice, pay, post } = await world(this);
    const carol = await openHosted(service, "carol", 100n);
    const { text, hash } = await invoice("30", true);
    expect((await pay(text)).status).to.equal(201);
    const used = refusal("hash_used", { hash });
    expect([await pay(text), await pay(text, carol)]).to.deep.equal([used, used]);
    await post(`/v1/invoices/${hash}/settle`, {});
    expect(await pay(text, carol)).to.deep.equal(used);
    expect([spendable(service, alice), spendable(service, carol), pointsOf(service, bob)]).to.deep.equal([
      70n,
      100n,
      30n,
    ]);
  });

  it("case 29: claimed and given up at the same time, a payment ends one way, for both", async function () {
    const { service, alice, bob, invoice, pay, post, statusOf } = await world(this);
    const caretaker = careFor(this, service);
    const { text, hash } = await invoice("30", true);
    await pay(text);
    const both = await Promise.all(["settle", "cancel"].map((verb) => post(`/v1/invoices/${hash}/${verb}`, {})));
    await caretaker.settled();
    const status = await statusOf(hash);
    const settled = status === "settled";
    const late = refusal("invoice_closed", { hash, status });
    expect(both.map((one) => one.status).sort()).to.deep.equal([200, 409]);
    expect(both[settled ? 1 : 0]).to.deep.equal(late);
    expect(await post(`/v1/invoices/${hash}/${settled ? "cancel" : "settle"}`, {})).to.deep.equal(late);
    const sums = [spendable(service, alice), pointsOf(service, bob)];
    expect(sums).to.deep.equal(settled ? [70n, 30n] : [100n, 0n]);
    expect(await service.audit.isConserved(POINTS)).to.equal(true);
  });

  it("case 30: a payer holds up no more than the limits in count and value allow", async function () {
    const store = await openTestStore(this, await database.fresh(this));
    const locks = { margin: MARGIN, maxCount: 3, maxValue: { [POINTS]: 50n } };
    const service = await startService(store, { locks });
    await listAssets(service);
    const { post } = await listen(this, service);
    const [alice, bob] = [await openHosted(service, "alice", 100n), await openHosted(service, "bob")];
    const jam = async (amount: string) => {
      const body = { account: bob, token: POINTS, amount, expiry: `${EXPIRY}`, hold: true };
      const { text } = (await post("/v1/invoices", { body })).body as InvoiceView;
      return post("/v1/payments", { body: { from: alice, invoice: text } });
    };
    expect((await jam("40")).status).to.equal(201);
    expect(await jam("11")).to.deep.equal(
      refusal("too_many_locks", { locks: "2", maxCount: "3", locked: "51", maxValue: "50" }),
    );
    for (const amount of ["1", "1"]) expect((await jam(amount)).status).to.equal(201);
    expect(await jam("1")).to.deep.equal(
      refusal("too_many_locks", { locks: "4", maxCount: "3", locked: "43", maxValue: "50" }),
    );
    expect(spendable(service, alice)).to.equal(58n);
  });

  it("case 28: an invoice of no amount, and a text that is none, are refused", async function () {
    const { bob, post, pay } = await world(this);
    for (const amount of ["0", "-1", "1.5", "1e3", 1, `${2n ** 128n}`]) {
      const body = { account: bob, token: POINTS, amount, expiry: `${EXPIRY}` };
      expect(await post("/v1/invoices", { body })).to.deep.equal(refusal("invalid_amount", { field: "body/amount" }));
    }
    const refused = await pay("sl1qqqq");
    expect([refused.status, (refused.body as { code: string }).code]).to.deep.equal([400, "invalid_invoice"]);
    expect((await pay({ invoice: {}, signature: "0x" })).status).to.equal(400);
  });

  it("case 32: unknown accounts, tokens, invoices and payments are answered as such", async function () {
    const { alice, post, get } = await world(this);
    const nobody = person("nobody").address;
    const body = { token: POINTS, amount: "1", expiry: `${EXPIRY}` };
    const asked = (account: Address, token = POINTS) => post("/v1/invoices", { body: { ...body, account, token } });
    expect(await asked(nobody)).to.deep.equal(refusal("unknown_account", { account: nobody }));
    const token = person("token").address;
    expect(await asked(alice, token)).to.deep.equal(refusal("unknown_channel", { account: alice, token }));
    expect((await asked(alice, COIN)).status).to.equal(201);
    expect(await get(`/v1/invoices/${ZERO_HASH}`)).to.deep.equal(refusal("unknown_invoice", { hash: ZERO_HASH }));
    const id = `${ZERO_HASH}-1-0`;
    expect(await get(`/v1/payments/${id}`)).to.deep.equal(refusal("unknown_payment", { id }));
    expect((await get("/v1/payments/none")).status).to.equal(404);
  });
});
