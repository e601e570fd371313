import { expect } from "chai";

import { Services } from "../../src/service";
import { Listings } from "../../src/service/listings";
import { afterTest } from "../helpers/afterTest";
import { COIN, freshService, NOW, openHosted, POINTS } from "../helpers/service";
import { LISTED } from "../helpers/systems";

describe("Listings", () => {
  it("are read again from time to time; one that cannot be read leaves the others alone", async function () {
    const { service } = await freshService(this, 10n);
    const errors: unknown[] = [];
    let asked = 0;
    const listings = new Listings({
      services: new Services([service]),
      read: (_system, token) => {
        asked += 1;
        return token === POINTS ? Promise.reject(new Error("no answer")) : Promise.resolve({ ...LISTED, limit: 77n });
      },
      tokensOf: () => [],
      interval: 5,
      onError: (error) => errors.push(error),
    });
    afterTest(this, () => listings.stop());
    listings.start();
    const before = service.counters.commits;
    while (asked < 10) await new Promise(setImmediate);
    expect([service.asset(POINTS).limit, service.asset(COIN).limit]).to.deep.equal([10n, 77n]);
    expect(errors).not.to.deep.equal([]);
    // What is as it was takes no commit.
    expect(service.counters.commits).to.equal(before + 1);
  });

  it("of a system that is taken over are known before it serves, and read again after that", async function () {
    const { service } = await freshService(this, 10n);
    const token = `0x${"77".repeat(20)}` as typeof POINTS;
    const read = () => Promise.resolve({ ...LISTED, limit: 77n });
    const services = new Services([service]);
    const options = { services, read, tokensOf: () => [POINTS, token], interval: 60_000, onError: () => undefined };
    const listings = new Listings(options);
    await listings.takeOver(service);
    expect([service.asset(token).limit, service.asset(POINTS).limit]).to.deep.equal([77n, 10n]);
    await listings.stop();
    expect(service.asset(POINTS).limit).to.equal(77n);
  });

  it("are read again when a withdrawal is settled, so that no reconciliation finds the limit of before", async function () {
    const { service } = await freshService(this, 10n);
    const alice = await openHosted(service, "alice", 10n);
    let limit = 10n;
    const read = () => Promise.resolve({ ...LISTED, limit });
    const services = new Services([service]);
    const listings = new Listings({ services, read, tokensOf: () => [], interval: 60_000, onError: () => undefined });
    afterTest(this, () => listings.stop());
    await listings.takeOver(service);
    const { id, funds } = service.channelOf(alice, POINTS)!;
    const terms = { from: alice, token: POINTS, recipient: alice, deadline: NOW + 500n };
    await service.submit({ type: "withdrawHosted", ...terms, amount: 4n });
    const changed = new Promise<void>((resolve) =>
      service.onEvents((events) => events.some(({ type }) => type === "asset.limitChanged") && resolve()),
    );
    limit = 6n;
    await service.submit({ type: "updateFunds", channelId: id, funds: { ...funds, withdrawn: 4n }, finalTime: NOW });
    await changed;
    expect([service.asset(POINTS).limit, service.asset(POINTS).liabilities]).to.deep.equal([6n, 6n]);
  });
});
