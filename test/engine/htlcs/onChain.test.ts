import { expect } from "chai";

import { preimagesToRegister } from "../../../src/engine";
import { NO_FUNDS } from "../../../src/protocol";
import { expectError } from "../../helpers/errors";
import { NOW } from "../../helpers/service";
import { hash, promised, reveal, secret } from "../helpers/world";

describe("conditional transfers and the chain", () => {
  it("case 17: at the expiry itself a preimage is late, for S and for the chain alike", async () => {
    const late = promised();
    late.now = NOW + 400n;
    await expectError(() => late.run(reveal(1)), "lock_expired", { expiry: NOW + 400n });
    late.observe(NOW + 401n, [{ preimage: secret(1), time: NOW + 400n }]);
    late.fold("alice");
    expect([late.money("alice"), late.money("bob")]).to.deep.equal([100n, 0n]);

    const inTime = promised();
    inTime.now = NOW + 399n;
    inTime.observe(NOW + 401n, [{ preimage: secret(1), time: NOW + 399n }]);
    inTime.fold("alice");
    expect([inTime.money("alice"), inTime.money("bob")]).to.deep.equal([68n, 30n]);
    for (const world of [late, inTime]) world.check();
  });

  it("case 18: a preimage that becomes public between the two expiries pays nobody", () => {
    const world = promised();
    world.observe(NOW + 450n, [{ preimage: secret(1), time: NOW + 420n }]);
    expect(world.due("alice")).to.deep.equal([{ type: "dropLock", index: 0n }]);
    world.fold("alice");
    expect([world.money("alice"), world.money("bob")]).to.deep.equal([100n, 0n]);
    world.check();
  });

  it("case 18: of many registrations of one preimage the earliest counts", () => {
    const world = promised();
    const registered = [{ preimage: secret(1), time: NOW + 1n }];
    world.observe(NOW + 2n, registered);
    world.observe(NOW + 900n, [{ preimage: secret(1), time: NOW + 800n }]);
    expect(world.ledger.preimage(hash(1))?.registeredAt).to.equal(NOW + 1n);
    expect(world.money("bob")).to.equal(30n);
  });

  it("case 18: S registers the preimage if the payer has not folded half a margin before its lock ends", () => {
    const world = promised();
    const due = (now: bigint) => preimagesToRegister(world.ledger, world.policy, now).map(({ preimage }) => preimage);
    expect(due(NOW + 450n)).to.deep.equal([]);
    world.run(reveal(1));
    expect(due(NOW + 449n)).to.deep.equal([]);
    expect([due(NOW + 450n), due(NOW + 499n), due(NOW + 500n)]).to.deep.equal([[secret(1)], [secret(1)], []]);
    world.observe(NOW + 460n, [{ preimage: secret(1), time: NOW + 455n }]);
    expect(due(NOW + 461n)).to.deep.equal([]);
    world.fold("alice");
    world.check();
  });

  it("S6: a payer that closes is made to pay on chain at once", () => {
    const world = promised();
    world.run(reveal(1));
    world.run({ type: "freeze", channelId: world.channel("alice").id });
    expect(preimagesToRegister(world.ledger, world.policy, NOW).map(({ preimage }) => preimage)).to.deep.equal([
      secret(1),
    ]);
  });

  it("S6: a payee that closes is paid by the hub alone: what was registered counts, not what it says", async () => {
    const world = promised();
    const { id } = world.channel("bob");
    world.run({ type: "freeze", channelId: id });
    await expectError(() => world.run(reveal(1)), "channel_frozen", { channel: id });
    const fold = world.state("alice", [{ type: "foldLock", index: 0n, preimage: secret(1) }]);
    await expectError(() => world.run(fold), "lock_pending", { index: 0 });
    await expectError(() => world.run({ type: "settleEpoch", channelId: id, funds: NO_FUNDS }), "lock_pending", {
      hash: hash(1),
    });
    world.observe(NOW + 10n, [{ preimage: secret(1), time: NOW + 5n }]);
    expect([world.money("bob"), world.booked("settled"), world.booked("fees")]).to.deep.equal([0n, 30n, 2n]);
    world.run(fold);
    world.run({ type: "settleEpoch", channelId: id, funds: NO_FUNDS });
    world.check();
  });

  it("an epoch that ends with a lock that came back gives it to the chain with the rest", () => {
    const world = promised();
    world.observe(NOW + 401n);
    const { id } = world.channel("alice");
    world.run({ type: "freeze", channelId: id }, { type: "settleEpoch", channelId: id, funds: NO_FUNDS });
    expect([world.money("alice"), world.booked("settled"), world.booked("locked")]).to.deep.equal([0n, 100n, 0n]);
    expect([...world.ledger.openHtlcs()]).to.deep.equal([]);
    world.check();
  });

  it("a lapsed lock of a payee that closes frees the payer; a returned one when its epoch is over", () => {
    const lapsed = promised();
    lapsed.run({ type: "freeze", channelId: lapsed.channel("bob").id });
    expect(lapsed.observe(NOW + 401n).notes).to.deep.equal([]);
    lapsed.fold("alice");
    expect(lapsed.money("alice")).to.equal(100n);

    const returned = promised();
    const { id } = returned.channel("bob");
    returned.run(returned.state("bob", [{ type: "releaseLock", hash: hash(1) }]));
    returned.run({ type: "freeze", channelId: id });
    expect(returned.due("alice")).to.deep.equal([]);
    returned.run({ type: "settleEpoch", channelId: id, funds: NO_FUNDS });
    returned.fold("alice");
    expect(returned.money("alice")).to.equal(100n);
  });
});
