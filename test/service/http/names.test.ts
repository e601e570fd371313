import { expect } from "chai";

import { readAlias } from "../../../src/wire";
import { answer, listen, refusal } from "../../helpers/http";
import { DOMAIN, freshService, openHosted, person, POINTS, pointsOf, SYSTEM } from "../../helpers/service";

const HOST = "star.example";

describe("HTTP: names", () => {
  const stands = (name: string, account: string) => ({
    ...{ alias: `${name}@${HOST}`, account, system: SYSTEM, chainId: "31337", hub: DOMAIN.hub },
  });

  it("stand for one account each, in any case, here and for other hosts", async function () {
    const { service } = await freshService(this);
    const { get, put, url } = await listen(this, service);
    const alice = await openHosted(service, "alice");
    const given = answer(200, stands("alice.smith", alice));
    expect(await put(`/v1/accounts/${alice}/alias`, { body: { name: "Alice.Smith" } })).to.deep.equal(given);
    expect(await put(`/v1/accounts/${alice}/alias`, { body: { name: "alice.smith" } })).to.deep.equal(given);
    expect(await get(`/v1/accounts/${alice}/alias`)).to.deep.equal(given);
    for (const name of ["alice.smith", "ALICE.SMITH", `alice.smith@${HOST}`]) {
      expect(await get(`/v1/aliases/${encodeURIComponent(name)}`, { operator: null }), name).to.deep.equal(given);
    }
    const elsewhere = refusal("unknown_alias", { name: "alice.smith", host: "other.example" });
    expect(await get("/v1/aliases/alice.smith%40other.example")).to.deep.equal(elsewhere);

    const asked = await fetch(`${url}/.well-known/webfinger?resource=acct:Alice.Smith@${HOST}`);
    expect([asked.status, asked.headers.get("content-type")]).to.deep.equal([
      200,
      "application/jrd+json; charset=utf-8",
    ]);
    expect(asked.headers.get("access-control-allow-origin")).to.equal("*");
    expect(await asked.json()).to.deep.equal({
      subject: `acct:alice.smith@${HOST}`,
      properties: {
        "urn:starledger:account": alice,
        "urn:starledger:system": SYSTEM,
        "urn:starledger:chain": "31337",
        "urn:starledger:hub": DOMAIN.hub,
      },
    });
  });

  it("are no others' while they stand for somebody, nor soon after: what was meant for one reaches no other", async function () {
    const { service, store } = await freshService(this);
    const { get, put, del } = await listen(this, service);
    const [alice, bob] = [await openHosted(service, "alice"), await openHosted(service, "bob")];
    const take = (account: string, name: string) => put(`/v1/accounts/${account}/alias`, { body: { name } });
    const taken = refusal("alias_taken", { name: "ally" });
    expect((await take(alice, "ally")).status).to.equal(200);
    expect(await take(bob, "ally")).to.deep.equal(taken);
    // A change gives the old one up.
    expect(await take(alice, "alison")).to.deep.equal(answer(200, stands("alison", alice)));
    expect(await get("/v1/aliases/ally")).to.deep.equal(refusal("unknown_alias", { name: "ally", host: HOST }));
    expect(await take(bob, "ally")).to.deep.equal(taken);
    // Whom it stood for gets it back at any time.
    expect((await take(alice, "ally")).status).to.equal(200);
    expect(await del(`/v1/accounts/${alice}/alias`)).to.deep.equal(answer(200, { status: "ok" }));
    expect(await get(`/v1/accounts/${alice}/alias`)).to.deep.equal(refusal("unknown_alias", { account: alice }));
    expect(await take(bob, "ally")).to.deep.equal(taken);
    const day = 86_400_000;
    expect(await store.aliases.give("ally", bob, Date.now() + 89 * day, 90 * day)).to.equal(undefined);
    expect((await store.aliases.give("ally", bob, Date.now() + 91 * day, 90 * day))?.account).to.equal(bob);
  });

  it("are given to one of those who ask at the same time", async function () {
    const { service } = await freshService(this);
    const { put } = await listen(this, service);
    const people = await Promise.all(["alice", "bob", "carol"].map((name) => openHosted(service, name)));
    const asked = await Promise.all(people.map((who) => put(`/v1/accounts/${who}/alias`, { body: { name: "first" } })));
    expect(asked.map(({ status }) => status).sort()).to.deep.equal([200, 409, 409]);
  });

  it("are payees: what is signed and told is the address", async function () {
    const { service } = await freshService(this);
    const { post, put } = await listen(this, service);
    const [alice, bob] = [await openHosted(service, "alice", 9n), await openHosted(service, "bob")];
    await put(`/v1/accounts/${bob}/alias`, { body: { name: "bobby" } });
    for (const to of ["bobby", `BOBBY@${HOST}`, bob]) {
      const paid = await post("/v1/transfers", { body: { from: alice, to, token: POINTS, amount: "3" } });
      expect([paid.status, (paid.body as { to: string }).to], to).to.deep.equal([201, bob]);
    }
    expect([pointsOf(service, alice), pointsOf(service, bob)]).to.deep.equal([0n, 9n]);
    const back = (...to: string[]) => ({
      from: bob,
      token: POINTS,
      items: to.map((one) => ({ to: one, amount: "1" })),
    });
    await put(`/v1/accounts/${alice}/alias`, { body: { name: "ally" } });
    const batch = await post("/v1/batches", { body: back("ally", alice) });
    expect((batch.body as { items: { to: string }[] }).items.map(({ to }) => to)).to.deep.equal([alice, alice]);
    const unknown = await post("/v1/batches", { body: back("ally", "nobody.here") });
    expect(unknown).to.deep.equal(refusal("unknown_alias", { name: "nobody.here", host: HOST, item: "1" }));
    expect([pointsOf(service, alice), pointsOf(service, bob)]).to.deep.equal([2n, 7n]);
    const pay = (to: string) => post("/v1/transfers", { body: { from: alice, to, token: POINTS, amount: "3" } });
    const nobody = refusal("unknown_alias", { name: "nobody.here", host: HOST });
    expect(await pay("nobody.here")).to.deep.equal(nobody);
    expect(await pay("not a name")).to.deep.equal(refusal("bad_alias", { field: "body/to" }));
    expect(await pay("0x12")).to.deep.equal(refusal("invalid_hex", { field: "body/to" }));
  });

  it("are letters, digits and single separators; some words are nobody's", async function () {
    const { service } = await freshService(this);
    const { put } = await listen(this, service);
    const alice = await openHosted(service, "alice");
    const wrong = ["al", "a".repeat(65), "-alice", "alice.", "al..ice", "al ice", "älice", "alice@star", "0xalice", ""];
    for (const name of [...wrong, "admin", "Admin", "support", "issued", 7, null]) {
      const refused = refusal("bad_alias", { field: "body/name" });
      expect(await put(`/v1/accounts/${alice}/alias`, { body: { name } }), String(name)).to.deep.equal(refused);
    }
    expect(readAlias("a.b-c_1@Host.example:8080")).to.deep.equal({ name: "a.b-c_1", host: "host.example:8080" });
    for (const text of ["alice@", "alice@a@b", "alice@-host", "alice@ho st"])
      expect(readAlias(text)).to.equal(undefined);
  });

  it("are of accounts that are there and not closed, and end with them", async function () {
    const { service } = await freshService(this);
    const { get, put } = await listen(this, service);
    const nobody = person("nobody").address;
    const naming = (account: string) => put(`/v1/accounts/${account}/alias`, { body: { name: "ally" } });
    expect(await naming(nobody)).to.deep.equal(refusal("unknown_account", { account: nobody }));
    const alice = await openHosted(service, "alice");
    expect((await naming(alice)).status).to.equal(200);
    expect((await put(`/v1/accounts/${alice}/status`, { body: { status: "closed" } })).status).to.equal(200);
    expect(await get("/v1/aliases/ally")).to.deep.equal(refusal("unknown_alias", { name: "ally", host: HOST }));
    expect(await naming(alice)).to.deep.equal(refusal("account_closed", { account: alice }));
  });
});
