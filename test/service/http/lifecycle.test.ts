import { expect } from "chai";

import { onEachDatabase } from "../../helpers/databases";
import { answer, listen, refusal } from "../../helpers/http";
import {
  COIN,
  freshService,
  issue,
  NOW,
  openHosted,
  person,
  POINTS,
  startService,
  SYSTEM,
} from "../../helpers/service";

onEachDatabase("HTTP: the life of an account", (database) => {
  const view = (address: string, status: string) => ({ address, system: SYSTEM, custody: "hosted", status });

  it("is frozen: it pays nobody, is paid, withdraws as ever, and so after a restart; and opened again", async function () {
    const { service, store } = await freshService(this, undefined, database);
    const { put, post, get } = await listen(this, service);
    const [alice, bob] = [await openHosted(service, "alice", 10n), await openHosted(service, "bob")];
    const set = (status: string) => put(`/v1/accounts/${alice}/status`, { body: { status } });
    const pay = () => post("/v1/transfers", { body: { from: alice, to: bob, token: POINTS, amount: "1" } });
    expect(await set("frozen")).to.deep.equal(answer(200, view(alice, "frozen")));
    expect(await set("frozen")).to.deep.equal(answer(200, view(alice, "frozen")));
    expect(await pay()).to.deep.equal(refusal("account_frozen", { account: alice }));
    await issue(service, alice, 5n);
    const withdrawal = { custody: "hosted", from: alice, token: POINTS, amount: "5", recipient: alice };
    const taken = await post("/v1/withdrawals", { body: { ...withdrawal, deadline: `${NOW + 100n}` } });
    expect(taken.status).to.equal(201);
    await service.stop();
    const restarted = await startService(store);
    expect(restarted.account(alice).status).to.equal("frozen");
    const again = await listen(this, restarted);
    expect((await get("/healthz")).status).to.equal(200);
    expect((await again.put(`/v1/accounts/${alice}/status`, { body: { status: "open" } })).status).to.equal(200);
    const paid = await again.post("/v1/transfers", { body: { from: alice, to: bob, token: POINTS, amount: "1" } });
    expect(paid.status).to.equal(201);
    const types = (await restarted.events({ account: alice, limit: 100 })).map(({ type }) => type);
    expect(types).to.include.members(["account.frozen", "account.unfrozen"]);
    expect(types.filter((type) => type === "account.frozen")).to.have.length(1);
  });

  it("is closed once it is empty", async function () {
    const { service } = await freshService(this, undefined, database);
    const { put, post } = await listen(this, service);
    const [alice, bob] = [await openHosted(service, "alice", 10n), await openHosted(service, "bob")];
    const close = () => put(`/v1/accounts/${alice}/status`, { body: { status: "closed" } });
    const channel = service.channelOf(alice, POINTS)!.id;
    expect(await close()).to.deep.equal(refusal("account_not_empty", { channel, left: "10", status: "open" }));
    await post("/v1/transfers", { body: { from: alice, to: bob, token: POINTS, amount: "10" } });
    expect(await close()).to.deep.equal(answer(200, view(alice, "closed")));
    const closed = refusal("account_closed", { account: alice });
    const back = { from: bob, to: alice, token: POINTS, amount: "1" };
    expect(await post("/v1/transfers", { body: back })).to.deep.equal(closed);
    expect(await put(`/v1/accounts/${alice}/status`, { body: { status: "open" } })).to.deep.equal(closed);
  });

  it("gains tokens that were listed later", async function () {
    const { service } = await freshService(this, undefined, database);
    const { post, get } = await listen(this, service);
    const { address } = person("alice");
    await service.submit({ type: "openAccount", address, tokens: [POINTS] });
    const more = { key: "more", body: { tokens: [POINTS, COIN] } };
    const self = { ...view(address, "open"), custody: "self" };
    expect(await post(`/v1/accounts/${address}/tokens`, more)).to.deep.equal(answer(201, self));
    const { balances } = (await get(`/v1/accounts/${address}/balances`)).body as { balances: { token: string }[] };
    expect(balances.map(({ token }) => token)).to.deep.equal([POINTS, COIN]);
    const unlisted = person("no token").address;
    expect(await post(`/v1/accounts/${address}/tokens`, { body: { tokens: [unlisted] } })).to.deep.equal(
      refusal("unknown_asset", { system: SYSTEM, token: unlisted }),
    );
  });

  it("keeps what the operator notes with it, within bounds", async function () {
    const { service } = await freshService(this, undefined, database);
    const { put, get } = await listen(this, service);
    const path = `/v1/accounts/${await openHosted(service, "alice")}/metadata`;
    expect(await get(path)).to.deep.equal(answer(200, {}));
    const kept = { customer: "4711", note: "päid in cash" };
    expect(await put(path, { body: kept })).to.deep.equal(answer(200, kept));
    expect(await get(path)).to.deep.equal(answer(200, kept));
    expect(await put(path, { body: { other: "1" } })).to.deep.equal(answer(200, { other: "1" }));
    const entries = Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`entry ${i}`, ""]));
    for (const body of [entries, { note: 7 }, { note: "x".repeat(501) }, { ["n".repeat(41)]: "" }, []]) {
      const refused = await put(path, { body });
      expect([refused.status, (refused.body as { code: string }).code]).to.deep.equal([400, "invalid_request"]);
    }
    expect(await get(path)).to.deep.equal(answer(200, { other: "1" }));
  });
});
