import { expect } from "chai";

import { addressOf, keccakText } from "../../src/protocol";
import { administrationApi, operatorApi, verifyReceipt } from "../../src/sdk";
import { expectError } from "../helpers/errors";
import { listen, OPERATOR_KEY } from "../helpers/http";
import { startReceiver } from "../helpers/receiver";
import { COIN, DOMAIN, freshService, openHosted, POINTS, SIGNER_KEY, SYSTEM } from "../helpers/service";

const DAY = 86_400_000;

describe("SDK: the operator's tools", () => {
  const start = async (context: Mocha.Context) => {
    const { service } = await freshService(context);
    const { url } = await listen(context, service, { settings: { isAnyWebhookTarget: true } });
    const [alice, bob] = [await openHosted(service, "alice", 100n), await openHosted(service, "bob")];
    return { url, alice, bob, api: administrationApi(url, OPERATOR_KEY), operator: operatorApi(url, OPERATOR_KEY) };
  };
  const today = () => ({ from: Date.now() - DAY, to: Date.now() + DAY });

  it("turns pages of what happened, and finds what proves it", async function () {
    const { api, operator, alice, bob } = await start(this);
    const reference = keccakText("order 1");
    for (const amount of [1n, 2n, 3n])
      await operator.transfer({ from: alice, to: bob, token: POINTS, amount, reference });
    const first = await api.transfers({ account: bob, pageSize: 2 });
    expect(first.data.map(({ amount }) => amount)).to.deep.equal([3n, 2n]);
    const { data, next } = await api.transfers({ account: bob, pageSize: 2, cursor: first.next! });
    expect([data.map(({ amount }) => amount), next]).to.deep.equal([[1n], null]);

    const { channelId, version } = data[0]!;
    const receipt = await api.receipt(channelId!, version!);
    const signers = { has: (signer: string) => Promise.resolve(signer === addressOf(SIGNER_KEY)) };
    const checks = { domain: DOMAIN, user: alice, system: SYSTEM, signers };
    expect(await verifyReceipt(receipt, checks)).to.deep.include({ type: "pay", to: bob, amount: 1n, reference });

    const { data: log, hasMore } = await api.events({ after: "0", limit: "2", type: "money.transferred" });
    expect([log.map(({ amount }) => amount), hasMore]).to.deep.equal([[1n, 2n], true]);
    const { number } = log[1]!;
    const newest = { order: "descending", before: String(number), type: "money.transferred" } as const;
    expect((await api.events(newest)).data.map(({ amount }) => amount)).to.deep.equal([1n]);
    const [csv, counted] = await Promise.all([
      api.statement(bob, POINTS, today()),
      api.activity(POINTS, { ...today(), step: 86_400, system: SYSTEM }),
    ]);
    expect(csv.split("\r\n")[0]).to.equal("number,time,type,counterparty,reference,debit,credit,balance");
    const sum = counted.periods.reduce((all, { volume }) => all + volume, 0n);
    expect([sum, counted.decimals]).to.deep.equal([6n, 18]);
    expect(await api.metrics()).to.include("# TYPE starledger_accounts gauge");
    await expectError(() => api.byAlias("ghost"), "unknown_alias");
  });

  it("gives an account a name and terms of its own, and takes both back", async function () {
    const { api, alice, bob } = await start(this);
    await expectError(() => api.giveAlias(alice, "no name"), "bad_alias");
    expect(await api.giveAlias(alice, "Alice")).to.deep.include({ alias: "alice@star.example", account: alice });
    expect((await api.byAlias("alice")).account).to.equal(alice);
    await expectError(() => api.giveAlias(bob, "alice"), "alias_taken");
    await api.takeAlias(alice);
    await expectError(() => api.aliasOf(alice), "unknown_alias", { account: alice });

    const none = { perPayment: null, perDay: null, balance: null };
    const own = { ...none, perPayment: 5n };
    const terms = { token: POINTS, decimals: 18, feesWaived: false, limits: none, own: null };
    const of = (changed: object) => ({
      account: alice,
      terms: [
        { ...terms, ...changed },
        { ...terms, token: COIN },
      ],
    });
    expect(await api.accountTerms(alice)).to.deep.equal(of({}));
    expect(await api.limitAccount(alice, { token: POINTS, limits: own })).to.deep.equal(of({ limits: own, own }));
    expect(await api.waiveFees(alice, { token: POINTS, waived: true })).to.deep.equal(
      of({ limits: own, own, feesWaived: true }),
    );
    await api.limitAccount(alice, { token: POINTS, limits: null });
    await api.waiveFees(alice, { token: POINTS, waived: false });
    expect(await api.accountTerms(alice)).to.deep.equal(of({}));
  });

  it("sets fees and limits, and makes and revokes keys that can do less", async function () {
    const { url, api, operator } = await start(this);
    const fees = { transfer: { flat: 1n, basisPoints: 25n, min: 0n, max: null } };
    await api.setFees(SYSTEM, POINTS, fees);
    expect((await operator.assets())[0]!.fees).to.deep.equal(fees);
    const limits = { perPayment: 5n, perDay: null, balance: 1_000n };
    await api.setLimits(SYSTEM, POINTS, limits);
    expect((await api.limits(SYSTEM, POINTS)).limits).to.deep.equal(limits);

    const { id, key } = await api.makeApiKey({ name: "reader", scopes: ["money:read", "keys:read"] });
    const reader = administrationApi(url, key);
    expect((await reader.caller()).scopes).to.deep.equal(["money:read", "keys:read"]);
    await expectError(() => reader.setFees(SYSTEM, POINTS, fees), "forbidden", { scope: "assets:write" });
    expect((await api.apiKeys()).data.map(({ name, revoked }) => [name, revoked])).to.deep.equal([["reader", null]]);
    expect((await api.revokeApiKey(id)).revoked).to.be.a("string");
    await expectError(() => reader.caller(), "unauthorized");
  });

  it("makes webhooks, has them told once more, changes and removes them", async function () {
    const { api } = await start(this);
    const receiver = await startReceiver(this);
    const { id } = await api.makeWebhook({ url: receiver.url, types: ["money.issued"], system: SYSTEM });
    expect(await api.ping(id)).to.include({ event: null, taken: true, status: 204 });
    const issued = (await api.events({ type: "money.issued" })).data[0]!;
    expect(await api.redeliver(id, issued.number)).to.include({ event: issued.number, taken: true });
    expect((await api.deliveries(id)).data.map(({ event }) => event)).to.deep.equal([issued.number, null]);
    expect(await api.changeWebhook(id, { status: "disabled" })).to.include({ id, status: "disabled" });
    await api.removeWebhook(id);
    expect((await api.webhooks({ system: SYSTEM })).data).to.deep.equal([]);
  });
});
