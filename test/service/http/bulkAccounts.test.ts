import { expect } from "chai";

import { addressOf, keccakText, type Address } from "../../../src/protocol";
import { onEachDatabase, openTestStore } from "../../helpers/databases";
import { listen, makeKey, refusal, type Answer } from "../../helpers/http";
import { COIN, freshService, openHosted, person, POINTS, startService, SYSTEM } from "../../helpers/service";

interface Opened {
  readonly items: readonly { readonly address: Address | null; readonly refused: string | null }[];
}

const openedIn = ({ status, body }: Answer): Opened => {
  expect(status, JSON.stringify(body).slice(0, 300)).to.equal(201);
  return body as Opened;
};

onEachDatabase("HTTP: many accounts", (database) => {
  it("are opened in one commit, each by itself, and told in their order", async function () {
    const { service, url } = await freshService(this, undefined, database);
    const { post } = await listen(this, service);
    const alice = await openHosted(service, "alice");
    const [bob, carol] = [person("bob").address, person("carol").address];
    const self = (address: Address, tokens: readonly Address[] = [POINTS]) => ({ custody: "self", address, tokens });
    const unlisted = person("token").address;
    const items = [
      self(bob, [POINTS, COIN]),
      { custody: "hosted", tokens: [POINTS] },
      self(alice),
      self(bob),
      self(carol, [unlisted]),
    ];
    const { lastCommit } = service.status;
    const done = openedIn(await post("/v1/accounts/batch", { key: "import", body: { items } }));
    const made = done.items[1]!.address!;
    const at = { system: SYSTEM, commit: `${lastCommit + 1n}` };
    expect(done).to.deep.equal({
      items: [
        { address: bob, ...at, refused: null, details: {} },
        { address: made, ...at, refused: null, details: {} },
        { address: null, ...at, refused: "account_exists", details: { account: alice } },
        { address: null, ...at, refused: "account_exists", details: { account: bob } },
        { address: null, ...at, refused: "unknown_asset", details: { system: SYSTEM, token: unlisted } },
      ],
    });
    expect([service.account(bob).custody, service.account(made).custody]).to.deep.equal(["self", "hosted"]);
    expect(service.channelOf(bob, COIN)?.key.user).to.equal(bob);
    expect([service.hasAccount(carol), service.accountCount]).to.deep.equal([false, 3]);

    const again = await post("/v1/accounts/batch", { key: "import", body: { items } });
    expect([again.replayed, again.body, service.accountCount]).to.deep.equal(["true", done, 3]);
    const other = await post("/v1/accounts/batch", { key: "import", body: { items: items.slice(1) } });
    expect(other.body).to.include({ code: "idempotency_conflict" });

    await service.stop();
    const restarted = await startService(await openTestStore(this, url));
    expect([restarted.accountCount, restarted.account(made).custody]).to.deep.equal([3, "hosted"]);
  });

  it("are as many as thousands, and no more than the limit", async function () {
    const { service } = await freshService(this, undefined, database);
    const { post } = await listen(this, service);
    const items = Array.from({ length: 2_000 }, (_, i) => {
      return { custody: "self", address: addressOf(keccakText(`customer ${i}`)), tokens: [POINTS] };
    });
    const { commits } = service.counters;
    const done = openedIn(await post("/v1/accounts/batch", { body: { items } }));
    expect(done.items.map(({ address }) => address)).to.deep.equal(items.map(({ address }) => address));
    expect([service.accountCount, service.counters.commits]).to.deep.equal([2_000, commits + 1]);
    const [item] = items;
    for (const length of [0, 5_001]) {
      const refused = await post("/v1/accounts/batch", { body: { items: Array.from({ length }, () => item) } });
      expect([refused.status, (refused.body as { code: string }).code]).to.deep.equal([400, "invalid_request"]);
    }
  });

  it("case 33: are opened by a key for the tokens that it may name, and by no user", async function () {
    const { service } = await freshService(this, undefined, database);
    const api = await listen(this, service);
    const restrictions = { tokens: [COIN] };
    const operator = await makeKey(api, { scopes: ["accounts:write"], restrictions });
    const body = { items: [{ custody: "hosted", tokens: [POINTS] }] };
    const refused = await api.post("/v1/accounts/batch", { operator, body });
    expect([refused, service.accountCount]).to.deep.equal([refusal("forbidden", { restriction: "tokens" }), 0]);
  });
});
