import { readFileSync } from "node:fs";

import { expect } from "chai";

import { hashClosing, hashState, nextState, ZERO_HASH, digest, sign, toJson } from "../../../src/protocol";
import { onEachDatabase, openTestStore } from "../../helpers/databases";
import { answer, listen, refusal } from "../../helpers/http";
import {
  careFor,
  issue,
  listAssets,
  NOW,
  openHosted,
  person,
  POINTS,
  pointsOf,
  SEPARATOR,
  startService,
  SYSTEM,
} from "../../helpers/service";
import { storedChannels } from "../../helpers/storedChannels";

onEachDatabase("HTTP: dryRun=true", (database) => {
  async function world(context: Mocha.Context) {
    const url = await database.fresh(context);
    const store = await openTestStore(context, url);
    // The lease is not renewed meanwhile: that is no part of the ledger, but writes to the file.
    const service = await startService(store, { lease: { ttl: 600_000 } });
    await listAssets(service);
    const api = await listen(context, service);
    const [alice, bob] = [await openHosted(service, "alice", 100n), await openHosted(service, "bob")];
    const { key, address: carol } = person("carol");
    await service.submit({ type: "openAccount", address: carol, tokens: [POINTS] });
    await issue(service, carol, 50n);
    const rate = { flat: "1", basisPoints: 0, min: "0", max: null };
    await api.put(`/v1/assets/${POINTS}/fees`, {
      body: { transfer: rate, payment: rate, redemption: rate, withdrawal: rate },
    });
    const body = { account: bob, token: POINTS, amount: "30", expiry: `${NOW + 300n}` };
    const { text } = (await api.post("/v1/invoices", { body })).body as { text: string };
    return { ...api, service, store, url, alice, bob, carol, key, text };
  }

  it("says what every call that moves money would do, and changes nothing", async function () {
    const { service, store, url, post, alice, bob, carol, key, text } = await world(this);
    const ids = { alice: service.channelOf(alice, POINTS)!.id, carol: service.channelOf(carol, POINTS)!.id };
    const pay = { from: alice, token: POINTS, amount: "30" };
    const state = nextState(service.channelOf(carol, POINTS)!.state, [
      { type: "fold", seq: 1n, credited: 50n },
      { type: "pay", to: bob, amount: 20n, reference: ZERO_HASH },
      { type: "fee", amount: 1n, reference: ZERO_HASH },
    ]);
    const proposal = Object.fromEntries(
      Object.entries(state).map(([name, value]) => [name, typeof value === "bigint" ? `${value}` : value]),
    );
    const operations = [
      { type: "fold", seq: "1", credited: "50" },
      { type: "pay", to: bob, amount: "20", reference: ZERO_HASH },
      { type: "fee", amount: "1", reference: ZERO_HASH },
    ];
    const signature = sign(digest(SEPARATOR, hashState(state)), key);
    const deadline = `${NOW + 500n}`;
    const closing = { channelId: ids.carol, net: 50n, deadline: NOW + 500n };
    const signedClosing = sign(digest(SEPARATOR, hashClosing(closing)), key);
    const wireClosing = { ...closing, net: "50", deadline };
    const withdrawal = { custody: "hosted", from: alice, token: POINTS, amount: "30", recipient: bob, deadline };
    const calls: [string, object, string, string, string, string, string][] = [
      ["/v1/issuances", { account: alice, token: POINTS, amount: "30" }, "alice", "0", "130", "0", "130"],
      ["/v1/transfers", { ...pay, to: bob }, "alice", "1", "69", "0", "69"],
      [
        "/v1/batches",
        { from: alice, token: POINTS, items: [1, 2].map(() => ({ to: bob, amount: "30" })) },
        "alice",
        "2",
        "38",
        "0",
        "38",
      ],
      ["/v1/redemptions", pay, "alice", "1", "69", "0", "69"],
      ["/v1/payments", { from: alice, invoice: text }, "alice", "1", "100", "31", "69"],
      ["/v1/withdrawals", withdrawal, "alice", "1", "99", "0", "69"],
      [`/v1/channels/${ids.alice}/closings`, { custody: "hosted", deadline }, "alice", "0", "100", "0", "100"],
      [
        `/v1/channels/${ids.carol}/closings`,
        { custody: "self", closing: wireClosing, signature: signedClosing },
        "carol",
        "0",
        "50",
        "0",
        "50",
      ],
      [`/v1/channels/${ids.carol}/states`, { proposal, operations, signature }, "carol", "1", "29", "0", "29"],
    ];
    const contents = async () => [
      toJson([...service.channels()]),
      toJson(await storedChannels(store, SYSTEM)),
      await store.lastCommit(SYSTEM),
      await store.log.last(SYSTEM),
      await store.replies(["operator:key"]),
      // Byte for byte where the store is a file.
      database.name === "SQLite" ? readFileSync(url.slice("sqlite:".length)).toString("hex") : "",
      database.name === "SQLite" ? readFileSync(`${url.slice("sqlite:".length)}-wal`).toString("hex") : "",
    ];
    const before = await contents();
    for (const [path, body, who, fee, balance, locked, available] of calls) {
      const [address, channelId] = who === "alice" ? [alice, ids.alice] : [carol, ids.carol];
      const account = { address, token: POINTS, decimals: 18, channelId, balance, locked, available };
      const told = await post(`${path}?dryRun=true`, { body, key: "key" });
      expect(told, path).to.deep.equal(answer(200, { dryRun: true, fee, account }));
    }
    expect(await contents()).to.deep.equal(before);
  });

  it("says why a call would be refused; any other word than true and false is refused", async function () {
    const { post, alice, bob } = await world(this);
    const body = { from: alice, to: bob, token: POINTS, amount: "100" };
    const short = refusal("insufficient_balance", { short: "1" });
    expect(await post("/v1/transfers?dryRun=true", { body })).to.deep.equal(short);
    expect((await post("/v1/transfers?dryRun=yes", { body })).status).to.equal(400);
    expect((await post("/v1/transfers?dryrun=true", { body })).status).to.equal(400);
  });

  it("what comes true is what was said", async function () {
    const { service, post, alice, text } = await world(this);
    const body = { from: alice, invoice: text };
    const { account } = (await post("/v1/payments?dryRun=true", { body })).body as { account: { available: string } };
    await post("/v1/payments", { body });
    await careFor(this, service).settled();
    expect(`${pointsOf(service, alice)}`).to.equal(account.available);
  });
});
