import { expect } from "chai";

import { onEachDatabase } from "../../helpers/databases";
import { answer, listen, makeKey, refusal, type Answer } from "../../helpers/http";
import { COIN, freshService, openHosted, person, POINTS, pointsOf, startService, NOW } from "../../helpers/service";

const START = Date.UTC(2030, 0, 1);
const ALL = ["accounts:read", "channels:read", "money:write", "keys:read", "keys:write"] as const;
const ONE_PAGE = { pageSize: 50, hasMore: false, next: null, previous: null };
const NONE = { calls: null, accounts: null, tokens: null, addresses: null, limits: null };

interface View {
  readonly id: string;
  readonly key: string;
}

interface Keys {
  readonly data: readonly { readonly id: string; readonly parent: string }[];
  readonly next: string | null;
  readonly previous: string | null;
}

onEachDatabase("HTTP: API keys", (database) => {
  async function setUp(context: Mocha.Context) {
    const fresh = await freshService(context, undefined, database);
    const { service } = fresh;
    const clock = { time: START };
    const api = await listen(context, service, { now: () => clock.time });
    const [alice, bob] = [await openHosted(service, "alice", 1_000n), await openHosted(service, "bob")];
    return { ...fresh, ...api, api, clock, alice, bob };
  }

  const forbidden = (restriction: string) => refusal("forbidden", { restriction });
  const codeOf = ({ status, body }: Answer) => (status < 300 ? status : (body as { code: string }).code);

  it("are made, shown once, listed and found; the database has no text of them", async function () {
    const { get, post, store } = await setUp(this);
    const expires = new Date(START + 1_000).toISOString();
    const limits = [{ token: POINTS, amount: `${2n ** 100n}`, seconds: 60 }];
    const order = { name: "till 1", scopes: ["money:write"], restrictions: { limits }, expires };
    const made = await post("/v1/api-keys", { key: "till", body: order });
    const { id, key } = made.body as View;
    const created = new Date(START).toISOString();
    const view = { ...order, id, parent: null, restrictions: { ...NONE, limits }, created, revoked: null };
    expect(made).to.deep.equal(answer(201, { ...view, key }));
    expect(key).to.match(new RegExp(`^slk_${id}_[\\w-]{43}$`));
    expect(await get("/v1/api-keys")).to.deep.equal(answer(200, { data: [view], ...ONE_PAGE }));
    expect(await get(`/v1/api-keys/${id}`)).to.deep.equal(answer(200, view));
    expect(JSON.stringify(await store.apiKeys.chain(id))).not.to.include(key.slice(-43));

    // Who did not hear the answer asks again.
    expect(await post("/v1/api-keys", { key: "till", body: order })).to.deep.equal({ ...made, replayed: "true" });
    const other = { ...order, name: "till 2" };
    expect(await post("/v1/api-keys", { key: "till", body: other })).to.deep.equal(refusal("idempotency_conflict"));
    const late = { ...order, expires: new Date(START).toISOString() };
    const passed = { field: "body/expires", reason: "has passed" };
    expect(await post("/v1/api-keys", { body: late })).to.deep.equal(refusal("out_of_range", passed));
    const unknown = "00".repeat(16);
    expect(await get(`/v1/api-keys/${unknown}`)).to.deep.equal(refusal("unknown_api_key", { id: unknown }));
  });

  it("case 33: a key reaches no call, account, token or network but its own", async function () {
    const { api, get, post, alice, bob } = await setUp(this);
    const pay = (operator: string, from: string, to: string, token: string = POINTS) =>
      post("/v1/transfers", { operator, body: { from, to, token, amount: "1" } });
    const confined = (restrictions: object) => makeKey(api, { scopes: ALL, restrictions });

    const ofAlice = await confined({ accounts: [alice] });
    expect(codeOf(await pay(ofAlice, alice, bob))).to.equal(201);
    expect(await pay(ofAlice, bob, alice)).to.deep.equal(forbidden("accounts"));
    expect(await get(`/v1/accounts/${bob}/balances`, { operator: ofAlice })).to.deep.equal(forbidden("accounts"));
    const take = {
      custody: "hosted",
      from: bob,
      token: POINTS,
      amount: "1",
      recipient: alice,
      deadline: `${NOW + 9n}`,
    };
    expect(await post("/v1/withdrawals", { operator: ofAlice, body: take })).to.deep.equal(forbidden("accounts"));
    const own = { custody: "hosted", tokens: [POINTS] };
    expect(await post("/v1/accounts", { operator: ofAlice, body: own })).to.deep.equal(
      refusal("forbidden", { scope: "accounts:write" }),
    );

    const ofPoints = await confined({ tokens: [POINTS] });
    expect(codeOf(await pay(ofPoints, alice, bob))).to.equal(201);
    expect(await pay(ofPoints, alice, bob, COIN)).to.deep.equal(forbidden("tokens"));
    expect(await get(`/v1/accounts/${alice}/balances`, { operator: ofPoints })).to.deep.equal(forbidden("tokens"));

    const toPay = await confined({ calls: ["POST /v1/transfers", "GET /v1/accounts/{address}"] });
    expect(codeOf(await pay(toPay, alice, bob))).to.equal(201);
    expect(codeOf(await get(`/v1/accounts/${alice}`, { operator: toPay }))).to.equal(200);
    expect(await get("/v1/assets", { operator: toPay })).to.deep.equal(forbidden("calls"));

    expect(codeOf(await pay(await confined({ addresses: ["127.0.0.0/8"] }), alice, bob))).to.equal(201);
    expect(await pay(await confined({ addresses: ["192.0.2.0/24"] }), alice, bob)).to.deep.equal(
      forbidden("addresses"),
    );
  });

  it("case 33: a key ends when it expires, and when it or one that it descends from is revoked, everywhere at once", async function () {
    const { api, get, call, service, clock, alice } = await setUp(this);
    const other = await listen(this, service, { now: () => clock.time });
    const path = `/v1/accounts/${alice}`;
    const mother = await makeKey(api, { scopes: ALL });
    const child = await makeKey(api, { scopes: ["accounts:read"] }, { operator: mother });
    const brief = await makeKey(api, { scopes: ALL, expires: new Date(START + 1_000).toISOString() });
    for (const operator of [mother, child, brief]) expect(codeOf(await get(path, { operator }))).to.equal(200);

    const [, id] = mother.split("_");
    const revoked = await call("DELETE", `/v1/api-keys/${id}`);
    expect(revoked.body).to.include({ id, revoked: new Date(START).toISOString() });
    for (const { get } of [api, other]) {
      for (const operator of [mother, child]) {
        expect(await get(path, { operator })).to.deep.equal(refusal("unauthorized"));
      }
    }
    clock.time += 999;
    expect(codeOf(await get(path, { operator: brief }))).to.equal(200);
    expect((await call("DELETE", `/v1/api-keys/${id}`)).body).to.deep.equal(revoked.body);
    clock.time += 1;
    expect(await get(path, { operator: brief })).to.deep.equal(refusal("unauthorized"));
    const forged = brief.replace(/.{43}$/, "A".repeat(43));
    expect(await get(path, { operator: forged })).to.deep.equal(refusal("unauthorized"));
  });

  it("case 33: a key makes none that may do more, and has to do with its own alone", async function () {
    const { api, get, post, call, alice, bob } = await setUp(this);
    const limits = [{ token: POINTS, amount: "10", seconds: 60 }];
    const expires = new Date(START + 60_000).toISOString();
    const confines = {
      calls: ["GET /v1/accounts/{address}", "POST /v1/api-keys", "GET /v1/api-keys", "GET /v1/api-keys/{id}"],
      accounts: [alice],
      tokens: [POINTS],
      addresses: ["127.0.0.0/8"],
      limits,
    };
    const operator = await makeKey(api, { scopes: ALL, restrictions: confines, expires });
    const make = (changed: object, scopes: readonly string[] = ["accounts:read"], until: string | null = expires) => {
      const body = { name: "child", scopes, restrictions: { ...confines, ...changed }, expires: until };
      return post("/v1/api-keys", { operator, body });
    };
    expect(codeOf(await make({}))).to.equal(201);
    expect(codeOf(await make({ addresses: ["127.0.0.1/32"], limits: [{ ...limits[0], amount: "9" }] }))).to.equal(201);
    expect(await make({}, ["accounts:write"])).to.deep.equal(refusal("forbidden", { scope: "accounts:write" }));
    for (const [name, wider] of [
      ["calls", ["POST /v1/transfers"]],
      ["accounts", [alice, bob]],
      ["tokens", [COIN]],
      ["addresses", ["126.0.0.0/7"]],
      ["addresses", ["::/0"]],
      ["limits", [{ token: POINTS, amount: "11", seconds: 60 }]],
      ["limits", [{ token: POINTS, amount: "10", seconds: 30 }]],
      ["limits", [...limits, { token: COIN, amount: "1", seconds: 60 }]],
    ] as const) {
      expect(await make({ [name]: wider }), name).to.deep.equal(forbidden(name));
      expect(await make({ [name]: null }), name).to.deep.equal(forbidden(name));
    }
    expect(await make({}, ALL, null)).to.deep.equal(forbidden("expires"));
    expect(await make({}, ALL, new Date(START + 60_001).toISOString())).to.deep.equal(forbidden("expires"));

    const [, id] = operator.split("_");
    const list = async (query: string) => (await get(`/v1/api-keys?${query}`, { operator })).body as Keys;
    const { data: made } = await list("");
    expect(made.map(({ parent }) => parent)).to.deep.equal([id, id]);
    expect(codeOf(await get(`/v1/api-keys/${made[0]!.id}`, { operator }))).to.equal(200);
    const first = await list("pageSize=1");
    const second = await list(`pageSize=1&cursor=${first.next}`);
    const back = await list(`pageSize=1&cursor=${second.previous}`);
    expect([first, second, back].map(({ data }) => data)).to.deep.equal([[made[0]], [made[1]], [made[0]]]);
    expect([second.next, back.previous]).to.deep.equal([null, null]);
    expect(codeOf(await get(`/v1/api-keys?cursor=${Buffer.from("on 1x2").toString("base64url")}`))).to.equal(
      "invalid_request",
    );
    const [, stranger] = (await makeKey(api, { scopes: ALL })).split("_");
    for (const other of [id!, stranger!]) {
      expect(await get(`/v1/api-keys/${other}`, { operator })).to.deep.equal(refusal("unknown_api_key", { id: other }));
    }
    const free = await makeKey(api, { scopes: ALL });
    expect(codeOf(await call("DELETE", `/v1/api-keys/${stranger}`, { operator: free }))).to.equal("unknown_api_key");
    let youngest = free;
    for (let i = 0; i < 7; i++) youngest = await makeKey(api, { scopes: ALL }, { operator: youngest });
    const body = { name: "too deep", scopes: ALL };
    expect(await post("/v1/api-keys", { operator: youngest, body })).to.deep.equal(forbidden("generations"));
  });

  describe("limits", () => {
    const limited = (amount: bigint, seconds = 1_000_000) => ({
      limits: [{ token: POINTS, amount: `${amount}`, seconds }],
    });
    /** When the period ends that {@link NOW} is in. */
    const until = "2000000";

    it("case 33: a key never moves more than it may, however many ask at once, and what was refused does not count", async function () {
      const { api, post, service, alice, bob } = await setUp(this);
      const operator = await makeKey(api, { scopes: ALL, restrictions: limited(100n) });
      const pay = (amount: string, token: string = POINTS) =>
        post("/v1/transfers", { operator, body: { from: alice, to: bob, token, amount } });
      expect(codeOf(await pay("1", COIN))).to.equal("budget_exceeded");
      const empty = { from: bob, to: alice, token: POINTS, amount: "99" };
      expect(codeOf(await post("/v1/transfers", { operator, body: empty }))).to.equal("insufficient_balance");
      const all = await Promise.all(Array.from({ length: 30 }, () => pay("7")));
      expect(all.filter(({ status }) => status === 201)).to.have.length(14);
      expect(pointsOf(service, bob)).to.equal(98n);
      const refused = { token: POINTS, limit: "100", spent: "98", until };
      expect(await pay("3")).to.deep.equal(refusal("budget_exceeded", refused));
      const issued = { account: alice, token: POINTS, amount: "3" };
      expect(await post("/v1/issuances", { operator, body: issued })).to.deep.equal(
        refusal("budget_exceeded", refused),
      );
      const out = { custody: "hosted", from: alice, token: POINTS, recipient: bob, deadline: `${NOW + 9n}` };
      const withdraw = (amount: string) => post("/v1/withdrawals", { operator, body: { ...out, amount } });
      expect(codeOf(await withdraw("3"))).to.equal("budget_exceeded");
      expect(codeOf(await withdraw("2"))).to.equal(201);
      expect(codeOf(await pay("1"))).to.equal("budget_exceeded");
    });

    it("case 33: fees and closings count for what a key moves", async function () {
      const { api, post, put, service, alice, bob } = await setUp(this);
      const flat = { flat: "3", basisPoints: 0, min: "0", max: null };
      await put(`/v1/assets/${POINTS}/fees`, { body: { transfer: flat } });
      const operator = await makeKey(api, { scopes: ALL, restrictions: limited(20n) });
      const pay = (amount: string) =>
        post("/v1/transfers", { operator, body: { from: alice, to: bob, token: POINTS, amount } });
      const refused = { token: POINTS, limit: "20", spent: "0", until };
      expect(await pay("18")).to.deep.equal(refusal("budget_exceeded", refused));
      expect(codeOf(await pay("16"))).to.equal(201);
      const { id } = service.channelOf(bob, POINTS)!;
      const close = () =>
        post(`/v1/channels/${id}/closings`, { operator, body: { custody: "hosted", deadline: `${NOW + 9n}` } });
      expect(await close()).to.deep.equal(refusal("budget_exceeded", { ...refused, spent: "19" }));
    });

    it("case 25: a request that is sent again counts once, and is answered when the limit is reached", async function () {
      const { api, post, alice, bob, service } = await setUp(this);
      const operator = await makeKey(api, { scopes: ALL, restrictions: limited(60n) });
      const order = { operator, key: "order", body: { from: alice, to: bob, token: POINTS, amount: "60" } };
      const answers = await Promise.all([1, 2, 3].map(() => post("/v1/transfers", order)));
      expect(answers.map(({ status }) => status)).to.deep.equal([201, 201, 201]);
      expect(await post("/v1/transfers", order)).to.deep.include({ status: 201, replayed: "true" });
      expect(pointsOf(service, bob)).to.equal(60n);
    });

    it("outlast a restart, begin anew with the period, and never because a clock went back", async function () {
      const { api, store, service, alice, bob } = await setUp(this);
      const operator = await makeKey(api, { scopes: ALL, restrictions: limited(10n, 100) });
      const pay = (through: typeof api, amount: string) =>
        through.post("/v1/transfers", { operator, body: { from: alice, to: bob, token: POINTS, amount } });
      expect(codeOf(await pay(api, "10"))).to.equal(201);
      await service.stop();
      let now = NOW + 99n;
      const again = await listen(this, await startService(store, { now: () => now }), { now: () => START });
      expect(codeOf(await pay(again, "1"))).to.equal("budget_exceeded");
      now += 1n;
      expect(codeOf(await pay(again, "10"))).to.equal(201);
      now -= 1n;
      expect(codeOf(await pay(again, "1"))).to.equal("budget_exceeded");
    });

    it("hold for all that a key's own keys move together", async function () {
      const { api, post, alice, bob } = await setUp(this);
      const restrictions = limited(10n);
      const mother = await makeKey(api, { scopes: ALL, restrictions });
      const child = () => makeKey(api, { scopes: ["money:write"], restrictions }, { operator: mother });
      const pay = (operator: string, amount: string) =>
        post("/v1/transfers", { operator, body: { from: alice, to: bob, token: POINTS, amount } });
      const [first, second] = [await child(), await child()];
      expect(codeOf(await pay(first, "6"))).to.equal(201);
      expect(codeOf(await pay(second, "5"))).to.equal("budget_exceeded");
      expect(codeOf(await pay(second, "4"))).to.equal(201);
      expect(codeOf(await pay(mother, "1"))).to.equal("budget_exceeded");
    });
  });

  it("are for people of the house: a user has none, and whoever is nobody makes none", async function () {
    const { post } = await setUp(this);
    const body = { name: "mine", scopes: ["money:write"] };
    expect(await post("/v1/api-keys", { operator: null, body })).to.deep.equal(refusal("unauthorized"));
    expect(codeOf(await post("/v1/api-keys", { body: { ...body, scopes: ["money:print"] } }))).to.equal(
      "invalid_request",
    );
    expect(codeOf(await post("/v1/api-keys", { body: { ...body, restrictions: { accounts: [] } } }))).to.equal(
      "invalid_request",
    );
    expect(codeOf(await post("/v1/api-keys", { body: { ...body, owner: person("alice").address } }))).to.equal(
      "invalid_request",
    );
  });
});
