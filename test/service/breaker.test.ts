import { expect } from "chai";

import type { Difference } from "../../src/engine";
import { hashOfPreimage, keccakText, ZERO_HASH, type Address } from "../../src/protocol";
import { Services } from "../../src/service";
import { Breaker } from "../../src/service/breaker";
import { Listings } from "../../src/service/listings";
import { Metrics } from "../../src/service/telemetry/metrics";
import { onEachDatabase, openTestStore } from "../helpers/databases";
import { expectError } from "../helpers/errors";
import { listen, refusal } from "../helpers/http";
import { COIN, freshService, issue, NOW, openHosted, POINTS, pointsOf, startService, SYSTEM } from "../helpers/service";
import { LISTED } from "../helpers/systems";

const DIFFERENCE: Difference = {
  ...{ kind: "account_total", token: POINTS, account: null, channel: null, field: null },
  ...{ got: "1", want: "2" },
};

onEachDatabase("The circuit breaker", (database) => {
  async function world(context: Mocha.Context, limit = 1_000n) {
    const { service, url } = await freshService(context, limit, database);
    const [alice, bob] = [await openHosted(service, "alice", 100n), await openHosted(service, "bob")];
    const troubles: string[] = [];
    const metrics = new Metrics();
    const breaker = new Breaker(
      { backingPercent: 200n, bondAwards: 3n },
      ({ code, details }) => void troubles.push([code, details["cause"]].join(" ")),
      (level, isLow) => metrics.levelSeen(level, isLow),
    );
    /** The levels of a token's that are low, as the metrics say. */
    const low = async (token: Address) => {
      const { values } = await metrics.registry.getSingleMetric("starledger_backing_low")!.get();
      const of = values.filter(({ labels, value }) => labels["token"] === token && value === 1);
      return of.map(({ labels }) => labels["level"]);
    };
    const pay = { type: "pay", from: alice, to: bob, token: POINTS, amount: 1n, reference: ZERO_HASH } as const;
    const refused = async (cause: string) => {
      await expectError(() => issue(service, alice, 1n), "crediting_paused", { token: POINTS, cause });
      await expectError(() => service.submit(pay), "crediting_paused", { token: POINTS, cause });
    };
    return { service, url, alice, bob, troubles, breaker, low, pay, refused };
  }

  it("case 31: refuses what would promise more, keeps what was promised, and lets everybody leave, until it is resumed", async function () {
    const { service, url, alice, bob, pay, refused } = await world(this);
    const { put, post } = await listen(this, service);
    const preimage = keccakText("a preimage");
    const lock = { from: alice, to: bob, token: POINTS, amount: 30n, hash: hashOfPreimage(preimage) };
    await service.submit({ type: "lockHosted", ...lock, expiry: NOW + 500n, reference: ZERO_HASH });
    const path = `/v1/assets/${POINTS}/crediting`;
    const paused = await put(path, { body: { paused: true } });
    expect(paused).to.deep.nested.include({ status: 200, "body.paused": "operator" });
    await refused("operator");
    const body = { from: alice, to: bob, token: POINTS, amount: "1" };
    const details = { token: POINTS, cause: "operator" };
    expect(await post("/v1/transfers", { body })).to.deep.equal(refusal("crediting_paused", details));
    await expectError(
      () =>
        service.submit({
          type: "lockHosted",
          ...lock,
          hash: keccakText("x"),
          expiry: NOW + 500n,
          reference: ZERO_HASH,
        }),
      "crediting_paused",
    );

    await service.submit({ type: "reveal", preimage });
    expect(pointsOf(service, bob)).to.equal(30n);
    const { id, funds } = service.channelOf(alice, POINTS)!;
    await service.submit({ type: "updateFunds", channelId: id, funds: { ...funds, deposited: 7n }, finalTime: NOW });
    expect(pointsOf(service, alice) >= 77n).to.equal(true);
    await service.submit({ ...pay, to: null, amount: 2n });
    await service.submit({
      type: "withdrawHosted",
      from: alice,
      token: POINTS,
      recipient: alice,
      amount: 5n,
      deadline: NOW + 500n,
    });
    await service.submit({ type: "closeHosted", from: bob, token: POINTS, deadline: NOW + 500n });

    await service.stop();
    const next = await startService(await openTestStore(this, url));
    const { put: order } = await listen(this, next);
    await expectError(() => issue(next, alice, 1n), "crediting_paused");
    expect((await order(path, { body: { paused: false } })).body).to.include({ paused: null });
    expect((await order(path, { body: { paused: false } })).status).to.equal(200);
    await issue(next, alice, 1n);
    const told = await next.events({ types: ["asset.paused", "asset.resumed"], limit: 9 });
    expect(told.map(({ type, data }) => [type, data])).to.deep.equal([
      ["asset.paused", { cause: "operator" }],
      ["asset.resumed", {}],
    ]);
  });

  it("case 31: stops by itself when the chain covers less than is owed, not for what is on its way there", async function () {
    const { service, alice, troubles, breaker, low, refused } = await world(this);
    let limit = 100n;
    const read = () => Promise.resolve({ ...LISTED, limit });
    const services = new Services([service]);
    const options = { services, read, tokensOf: () => [], interval: 60_000, breaker, onError: () => undefined };
    const listings = new Listings(options);
    await listings.refresh(service, POINTS);
    await listings.refresh(service, POINTS);
    expect([service.asset(POINTS).paused, troubles, await low(POINTS)]).to.deep.equal([
      null,
      ["low_backing "],
      ["backing"],
    ]);
    await service.submit({
      type: "withdrawHosted",
      from: alice,
      token: POINTS,
      recipient: alice,
      amount: 40n,
      deadline: NOW + 500n,
    });
    limit = 60n;
    await listings.refresh(service, POINTS);
    expect(service.asset(POINTS).paused, "it has paid what is still pending here").to.equal(null);
    limit = 59n;
    await listings.refresh(service, POINTS);
    await refused("backing");
    limit = 1_000n;
    await listings.refresh(service, POINTS);
    await refused("backing");
    expect(troubles).to.deep.equal(["low_backing ", "crediting_paused backing"]);
    const own = service.asset(COIN);
    await listings.refresh(service, COIN);
    expect([own.settings.backing, service.asset(COIN).paused]).to.deep.equal(["collateral", null]);
  });

  it("tells once that a token's bond pays too few awards, shows for how long, and stops nothing", async function () {
    const { service, breaker, low, troubles } = await world(this);
    const settings = { ...LISTED.settings, award: 10n };
    const token = `0x${"77".repeat(20)}` as Address;
    let bond = 29n;
    const read = () => Promise.resolve({ ...LISTED, settings, bond });
    const options = { services: new Services([service]), read, tokensOf: () => [], interval: 60_000, breaker };
    const listings = new Listings({ ...options, onError: () => undefined });
    for (let i = 0; i < 2; i++) await listings.refresh(service, token);
    expect([troubles, await low(token)]).to.deep.equal([["low_bond "], ["bond"]]);
    bond = 30n;
    await listings.refresh(service, token);
    expect(await low(token)).to.deep.equal([]);
    bond = 0n;
    await listings.refresh(service, token);
    expect([troubles, service.asset(token).paused]).to.deep.equal([["low_bond ", "low_bond "], null]);
  });

  it("case 31: stops by itself when the records differ; what may differ for a moment, only if it lasts", async function () {
    const { service, breaker, refused, troubles } = await world(this);
    const resume = () => service.submit({ type: "pauseCrediting", system: SYSTEM, token: POINTS, cause: null });
    const lagging: Difference = { ...DIFFERENCE, kind: "chain_funds" };
    for (const found of [[lagging], [], [lagging], [{ ...lagging, got: "3" }]]) {
      await breaker.onReconciled(service, found);
      expect(service.asset(POINTS).paused).to.equal(null);
    }
    await breaker.onReconciled(service, [{ ...lagging, got: "3" }]);
    await refused("reconciliation");
    await resume();
    await breaker.onReconciled(service, [DIFFERENCE]);
    await refused("reconciliation");
    expect(service.asset(COIN).paused).to.equal(null);
    await breaker.onReconciled(service, [{ ...DIFFERENCE, kind: "stored_account", token: null }]);
    expect(service.asset(COIN).paused).to.equal("reconciliation");
    expect(troubles.length).to.equal(3);
  });
});
