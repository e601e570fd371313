import { expect } from "chai";

import {
  addressOf,
  defaultAllotment,
  emptyState,
  hashState,
  keccakText,
  nextState,
  recoverSystem,
  ZERO_HASH,
  type Address,
} from "../../src/protocol";
import { operatorApi, Refusal } from "../../src/sdk";
import { routerOf } from "../../src/service/crossing";
import { expectError } from "../helpers/errors";
import { listen, OPERATOR_KEY } from "../helpers/http";
import { proxyTo } from "../helpers/proxy";
import {
  COIN,
  DOMAIN,
  freshService,
  KEYSTORE,
  NOW,
  POINTS,
  pointsOf,
  SEPARATOR,
  SETTINGS,
  SIGNER_KEY,
  SYSTEM,
} from "../helpers/service";

describe("SDK: the operator's client", () => {
  const start = async (context: Mocha.Context) => {
    const { service } = await freshService(context);
    const { url } = await listen(context, service);
    return { service, url, api: operatorApi(url, OPERATOR_KEY) };
  };

  it("opens accounts, issues, pays, and reads what came of it", async function () {
    const { api } = await start(this);
    const alice = await api.openAccount({ custody: "hosted", tokens: [POINTS] });
    expect(alice).to.deep.equal({ address: alice.address, system: SYSTEM, custody: "hosted", status: "open" });
    const bob = await api.openAccount({ custody: "self", address: addressOf(keccakText("bob")), tokens: [POINTS] });
    const reference = keccakText("order 1");
    const issued = { account: alice.address, token: POINTS, amount: 100n };
    const receipt = await api.issue(issued);
    const recorded = { system: SYSTEM, number: receipt.id!.number };
    expect(receipt).to.deep.equal({
      id: recorded,
      commit: receipt.commit,
      ...issued,
      decimals: 18,
      reference: ZERO_HASH,
    });
    const payment = { from: alice.address, to: bob.address, token: POINTS, amount: 30n, reference };
    const paid = await api.transfer(payment);
    const state = nextState(emptyState(paid.channelId), [
      { type: "fold", seq: 1n, credited: 100n },
      { type: "pay", to: bob.address, amount: 30n, reference },
    ]);
    expect(paid).to.deep.include({ ...payment, decimals: 18, version: 1n });
    expect(recoverSystem(SEPARATOR, hashState(state), paid.systemSignature)).to.equal(addressOf(SIGNER_KEY));

    const { id, status, decimals, balance, available, state: complete } = await api.channel(paid.channelId);
    const read = { balance: 70n, available: 70n, decimals: 18, status: "open" };
    expect({ id, status, decimals, balance, available }).to.deep.equal({ id: paid.channelId, ...read });
    expect(complete?.state).to.deep.equal(state);
    expect(await api.account(alice.address)).to.deep.equal(alice);
    expect(await api.balances(alice.address)).to.deep.equal({
      account: alice.address,
      balances: [{ token: POINTS, channelId: paid.channelId, locked: 0n, ...read }],
    });
  });

  it("asks to be paid by invoices, pays many at once, and finds withdrawals again", async function () {
    const { api } = await start(this);
    const [alice, bob] = (await Promise.all(
      [1, 2].map(async () => (await api.openAccount({ custody: "hosted", tokens: [POINTS] })).address),
    )) as [Address, Address];
    await api.issue({ account: alice, token: POINTS, amount: 100n });
    const terms = { account: bob, token: POINTS, amount: 5n, expiry: NOW + 10n };
    const invoice = await api.createInvoice(terms, { idempotencyKey: "order-1" });
    expect(invoice).to.deep.include({ ...terms, memo: ZERO_HASH, hold: false, status: "open" });
    expect(await api.createInvoice(terms, { idempotencyKey: "order-1" })).to.deep.equal(invoice);
    expect(await api.invoice(invoice.hash)).to.deep.equal(invoice);
    expect(await api.cancelInvoice(invoice.hash)).to.deep.equal({ ...invoice, status: "cancelled" });

    const reference = keccakText("wages");
    const items = [
      { to: bob, amount: 30n, reference },
      { to: bob, amount: 4n },
    ];
    const batch = await api.payBatch({ from: alice, token: POINTS, items }, { idempotencyKey: "day-1" });
    expect(batch).to.deep.include({ from: alice, total: 34n, fee: 0n, version: 1n });
    expect(batch.items).to.deep.equal([
      { ...items[0], fee: 0n, status: "paid", refused: null },
      { ...items[1], fee: 0n, reference: ZERO_HASH, status: "paid", refused: null },
    ]);

    const withdrawal = { from: bob, token: POINTS, amount: 3n, recipient: bob, deadline: NOW + 100n };
    const { id } = await api.withdraw({ custody: "hosted", ...withdrawal });
    expect(await api.withdrawal(id)).to.deep.include({ id, amount: 3n, recipient: bob, status: "signed" });
  });

  it("case 32: follows the log from any number on, what is there and what comes, until it is told to stop", async function () {
    const { api } = await start(this);
    const { address: account } = await api.openAccount({ custody: "hosted", tokens: [POINTS] });
    const issue = (amount: bigint) => api.issue({ account, token: POINTS, amount });
    await issue(1n);
    const first = await issue(2n);
    const stop = new AbortController();
    const filter = { account, token: POINTS, type: ["money.issued"], after: first.id!.number - 1n } as const;
    const heard: (bigint | null)[] = [];
    for await (const { amount, number } of api.events(filter, { poll: 10, signal: stop.signal })) {
      heard.push(amount);
      expect(number >= first.id!.number).to.equal(true);
      if (amount === 2n) void issue(3n).then(() => issue(4n));
      if (amount === 4n) stop.abort();
    }
    expect(heard).to.deep.equal([2n, 3n, 4n]);
  });

  it("says what is served", async function () {
    const { api } = await start(this);
    const limits = { allotment: defaultAllotment(18), limit: defaultAllotment(18), fees: {}, paused: null };
    const common = { system: SYSTEM, decimals: 18, ...limits };
    expect(await api.assets()).to.deep.equal([
      { ...common, token: POINTS, settings: SETTINGS, liabilities: 0n },
      { ...common, token: COIN, settings: { ...SETTINGS, backing: "collateral" }, liabilities: 0n },
    ]);
    const router = routerOf(KEYSTORE, SYSTEM);
    expect(await api.systems()).to.deep.equal([{ address: SYSTEM, ...DOMAIN, signer: addressOf(SIGNER_KEY), router }]);
    await api.alive();
    await api.ready();
  });

  it("passes on what the service refuses, as a refusal with its details", async function () {
    const { api, url } = await start(this);
    const alice = await api.openAccount({ custody: "hosted", tokens: [POINTS] });
    const bob = await api.openAccount({ custody: "hosted", tokens: [POINTS] });
    const payment = { from: alice.address, to: bob.address, token: POINTS, amount: 1n };
    expect(await expectError(() => api.transfer(payment), "insufficient_balance", { short: 1n })).to.be.instanceOf(
      Refusal,
    );
    expect(
      await expectError(() => operatorApi(url, "another").balances(alice.address), "unauthorized"),
    ).to.be.instanceOf(Refusal);
  });

  it("case 25: repeats a payment whose answer was lost under the same key: it is made once", async function () {
    const { api, url, service } = await start(this);
    const { address: account } = await api.openAccount({ custody: "hosted", tokens: [POINTS] });
    const proxy = await proxyTo(this, url);
    proxy.loseNextAnswer();
    const receipt = await operatorApi(proxy.url, OPERATOR_KEY).issue({ account, token: POINTS, amount: 7n });
    expect([receipt.amount, pointsOf(service, account)]).to.deep.equal([7n, 7n]);
  });

  it("case 25: without any answer it names the key, which finds out later", async function () {
    const { api, url, service } = await start(this);
    const { address: account } = await api.openAccount({ custody: "hosted", tokens: [POINTS] });
    const proxy = await proxyTo(this, url);
    proxy.close();
    const issuance = { account, token: POINTS, amount: 7n };
    const through = operatorApi(proxy.url, OPERATOR_KEY);
    const error = await expectError(() => through.issue(issuance), "unreachable");
    expect(error).not.to.be.instanceOf(Refusal);
    const { idempotencyKey } = error.details;
    expect(idempotencyKey).to.match(/^[0-9a-f-]{36}$/);
    proxy.open();
    const late = await through.issue(issuance, { idempotencyKey: idempotencyKey! });
    expect(await through.issue(issuance, { idempotencyKey: idempotencyKey! })).to.deep.equal(late);
    expect(pointsOf(service, account)).to.equal(7n);
  });
});
