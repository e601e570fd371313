import { expect } from "chai";

import { fail } from "../../../src/errors";
import { ZERO_HASH, type Address } from "../../../src/protocol";
import { Services } from "../../../src/service";
import { routerOf } from "../../../src/service/crossing";
import { openTestStore, SQLITE } from "../../helpers/databases";
import { listen, refusal } from "../../helpers/http";
import {
  COIN,
  DOMAIN,
  KEYSTORE,
  freshService,
  openHosted,
  person,
  POINTS,
  pointsOf,
  startService,
  SYSTEM,
} from "../../helpers/service";
import { LISTED, systemsOf, TERMS } from "../../helpers/systems";

interface Opened {
  readonly address: Address;
  readonly system: Address;
}

/** Two systems of one process; only the second lists the coin. */
async function twoSystems(context: Mocha.Context) {
  const store = await openTestStore(context, await SQLITE.fresh(context));
  const systems = systemsOf(2);
  const all = await Promise.all(systems.map(({ address: system, signer }) => startService(store, { system, signer })));
  for (const [i, service] of all.entries()) {
    for (const token of [POINTS, COIN].slice(0, 1 + i)) {
      await service.submit({ type: "addAsset", asset: { ...TERMS, system: systems[i]!.address, token } });
    }
  }
  const [first, second] = all as [(typeof all)[0], (typeof all)[0]];
  return { store, first, second, systems, ...(await listen(context, new Services(all))) };
}

describe("HTTP: several systems", () => {
  const opening = (system?: Address, tokens: readonly Address[] = [POINTS]) => ({
    body: { custody: "hosted", tokens, ...(system && { system }) },
  });

  it("are listed with their signers and assets", async function () {
    const { get, systems } = await twoSystems(this);
    const want = systems.map(({ address, signer }) => ({
      ...{ address, chainId: "31337", hub: DOMAIN.hub, signer: signer.address },
      router: routerOf(KEYSTORE, address),
    }));
    expect((await get("/v1/systems")).body).to.deep.equal({ systems: want });
    const { assets } = (await get("/v1/assets")).body as { assets: { system: Address; token: Address }[] };
    expect(assets.map(({ system, token }) => [system, token])).to.deep.equal([
      [systems[0]!.address, POINTS],
      [systems[1]!.address, POINTS],
      [systems[1]!.address, COIN],
    ]);
  });

  it("share new accounts: each goes to the system with the fewest, or to the one named", async function () {
    const { post, get, systems } = await twoSystems(this);
    const open = async (system?: Address, tokens?: readonly Address[]) =>
      (await post("/v1/accounts", opening(system, tokens))).body as Opened;
    const [a, b] = systems.map(({ address }) => address) as [Address, Address];
    const opened = [await open(), await open(), await open(b), await open(b), await open(), await open()];
    expect(opened.map(({ system }) => system)).to.deep.equal([a, b, b, b, a, a]);
    // Only there is the coin.
    expect((await open(undefined, [POINTS, COIN])).system).to.equal(b);
    for (const { address, system } of opened) {
      expect((await get(`/v1/accounts/${address}`)).body).to.deep.equal({
        address,
        system,
        custody: "hosted",
        status: "open",
      });
    }
  });

  it("keep an account at one of them for all its assets", async function () {
    const { post, systems } = await twoSystems(this);
    const [a, b] = systems.map(({ address }) => address) as [Address, Address];
    const { address } = person("alice");
    const open = (system: Address) =>
      post("/v1/accounts", { body: { custody: "self", address, tokens: [POINTS], system } });
    expect((await open(b)).status).to.equal(201);
    expect(await open(a)).to.deep.equal(refusal("account_exists", { account: address, system: b }));
    const key = "hosted-1";
    expect((await post("/v1/accounts", { ...opening(a), key })).status).to.equal(201);
    const elsewhere = await post("/v1/accounts", { ...opening(b), key });
    expect(elsewhere).to.deep.equal(refusal("idempotency_conflict", { key: `operator:${key}`, system: a }));
    expect(await post("/v1/accounts", opening(SYSTEM))).to.deep.equal(refusal("unknown_system", { system: SYSTEM }));
    expect(await post("/v1/accounts", opening(a, [COIN]))).to.deep.equal(
      refusal("unknown_asset", { system: a, token: COIN }),
    );
  });

  it("share many new accounts, each as if it were alone, and open none twice", async function () {
    const { post, first, second, systems } = await twoSystems(this);
    const [a, b] = systems.map(({ address }) => address) as [Address, Address];
    const [alice, bob] = [person("alice").address, person("bob").address];
    await first.submit({ type: "openAccount", address: alice, tokens: [POINTS] });
    const self = (address: Address) => ({ custody: "self", address, tokens: [POINTS] });
    const hosted = { custody: "hosted", tokens: [POINTS] };
    const items = [
      hosted,
      self(bob),
      self(alice),
      hosted,
      { custody: "hosted", tokens: [POINTS, COIN] },
      hosted,
      hosted,
    ];
    type Item = Opened & { readonly refused: string | null };
    const open = async (body: object, key: string) => {
      const { replayed, body: answer } = await post("/v1/accounts/batch", { body, key });
      return { replayed, items: (answer as { items: readonly Item[] }).items, answer };
    };
    const opened = await open({ items }, "import");
    // The second has none at first, and it alone has the coin.
    expect(opened.items.map(({ system }) => system)).to.deep.equal([b, a, a, b, b, a, a]);
    expect(opened.items[2]).to.include({ address: null, refused: "account_exists" });
    expect([first.accountCount, second.accountCount]).to.deep.equal([4, 3]);
    const again = await open({ items }, "import");
    expect([again.replayed, again.answer]).to.deep.equal(["true", opened.answer]);
    const other = await post("/v1/accounts/batch", { body: { items: [self(person("eve").address)] }, key: "import" });
    expect(other).to.deep.equal(refusal("idempotency_conflict"));
    const named = await open({ system: b, items: [self(bob), hosted] }, "named");
    expect(named.items.map(({ system, refused }) => [system, refused])).to.deep.equal([
      [a, "account_exists"],
      [b, null],
    ]);
    expect([first.accountCount, second.accountCount]).to.deep.equal([4, 4]);
  });

  it("serve each its own accounts", async function () {
    const { post, first, second } = await twoSystems(this);
    const [alice, bob] = [person("alice").address, person("bob").address];
    for (const [service, address] of [
      [first, alice],
      [second, bob],
    ] as const) {
      await service.submit({ type: "openAccount", address, tokens: [POINTS] });
    }
    for (const account of [alice, bob]) {
      expect((await post("/v1/issuances", { body: { account, token: POINTS, amount: "5" } })).status).to.equal(201);
    }
    expect([pointsOf(first, alice), pointsOf(second, bob)]).to.deep.equal([5n, 5n]);
    const issue = (account: Address) =>
      post("/v1/issuances", { body: { account, token: POINTS, amount: "1" }, key: "k" });
    expect((await issue(alice)).status).to.equal(201);
    expect(await issue(bob), "case 25: a key is the caller's at all systems").to.deep.equal(
      refusal("idempotency_conflict"),
    );
    expect([pointsOf(first, alice), pointsOf(second, bob)]).to.deep.equal([6n, 5n]);
  });
});

describe("HTTP: lists of several systems", () => {
  it("go from one system to the next, and back, page by page", async function () {
    const { get, first, second, systems } = await twoSystems(this);
    const [alice, opened] = [person("alice").address, person("bob").address];
    await first.submit({ type: "openAccount", address: alice, tokens: [POINTS] });
    await second.submit({ type: "openAccount", address: opened, tokens: [POINTS] });
    for (const [service, account] of [
      [first, alice],
      [first, alice],
      [second, opened],
      [first, alice],
    ] as const) {
      await service.submit({ type: "issue", account, token: POINTS, amount: 2n, reference: ZERO_HASH });
    }
    interface Listed {
      readonly data: readonly { readonly id: string; readonly account: Address }[];
      readonly next: string | null;
      readonly previous: string | null;
    }
    const list = async (query: string) => (await get(`/v1/issuances?pageSize=3${query}`)).body as Listed;
    const start = await list("");
    expect(start.data.map(({ account }) => account)).to.deep.equal([alice, alice, alice]);
    const rest = await list(`&cursor=${start.next!}`);
    expect([rest.data.map(({ account }) => account), rest.next]).to.deep.equal([[opened], null]);
    expect((await list(`&cursor=${rest.previous!}`)).data).to.deep.equal(start.data);
    expect((await list(`&system=${systems[1]!.address}`)).data).to.deep.equal(rest.data);
    expect((await list(`&account=${opened}`)).data).to.deep.equal(rest.data);
    const elsewhere = await get(`/v1/issuances?system=${systems[1]!.address}&cursor=${start.next!}`);
    expect(elsewhere).to.deep.equal(
      refusal("invalid_request", { field: "querystring/cursor", reason: "not of a page" }),
    );
    const unnamed = await get("/v1/events");
    expect(unnamed).to.deep.equal(
      refusal("invalid_request", { field: "querystring/system", reason: "must name one of the systems" }),
    );
  });
});

describe("HTTP: assets", () => {
  it("take over what the hub lists, and what may be owed as it is now", async function () {
    const { service } = await freshService(this, 10n);
    const listed = new Map([[POINTS, 10n]]);
    const { get, post } = await listen(this, service, {
      hub: (system, token) => {
        const limit = listed.get(token) ?? fail("unknown_asset", { system, token });
        return Promise.resolve({ ...LISTED, limit });
      },
    });
    const alice = await openHosted(service, "alice");
    const issue = (amount: string) => post("/v1/issuances", { body: { account: alice, token: POINTS, amount } });
    expect((await issue("11")).status).to.equal(422);
    listed.set(POINTS, 11n);
    const refreshed = await post("/v1/assets", { body: { token: POINTS } });
    expect([refreshed.status, (refreshed.body as { limit: string }).limit]).to.deep.equal([201, "11"]);
    expect((await issue("11")).status).to.equal(201);

    const token = person("a new token").address;
    const unlisted = refusal("unknown_asset", { system: SYSTEM, token });
    expect(await post("/v1/assets", { body: { token } })).to.deep.equal(unlisted);
    listed.set(token, 1n);
    expect((await post("/v1/assets", { body: { token } })).status).to.equal(201);
    const { assets } = (await get("/v1/assets")).body as { assets: { token: Address }[] };
    expect(assets.map((asset) => asset.token)).to.deep.equal([POINTS, COIN, token]);
  });

  it("of several systems are told apart by the system's name", async function () {
    const { post } = await twoSystems(this);
    const refused = refusal("invalid_request", { field: "body/system", reason: "several are served" });
    expect(await post("/v1/assets", { body: { token: POINTS } })).to.deep.equal(refused);
  });
});
