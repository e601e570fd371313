import { expect } from "chai";

import { lockOutcomes, outsetOf, type Channel } from "../../src/engine";
import { balance, keccakText, NO_FUNDS, type StateOperation } from "../../src/protocol";
import { expectError } from "../helpers/errors";
import { COIN, NOW, person, POINTS, SETTINGS, SYSTEM } from "../helpers/service";
import { agreed, LATER, lose, LOSS, NOTHING, pay, shownOf, UNTIL } from "./helpers/losing";
import { lockTo, reveal, secret, World, type Name } from "./helpers/world";

const CLOSED = keccakText("closed");
const { challengePeriod } = SETTINGS;

describe("S7: what a loss of data opens to nobody", () => {
  /** Everybody has 100. */
  function funded(...names: Name[]): World {
    const world = new World();
    for (const name of names) world.issue(name, 100n);
    return world;
  }

  const paidIn = (world: World, name: Name, shown: Channel) =>
    outsetOf(world.ledger, world.channel(name), shownOf(shown), LATER).paid;

  it("S7: a channel that is opened anew begins only once the chain was read about it, however late that is", async () => {
    const world = funded("alice");
    lose(world);
    const dora = person("dora").address;
    const account = { address: dora, system: SYSTEM, custody: "self", sealedKey: null, status: "open" } as const;
    world.run({ type: "openAccount", account, tokens: [POINTS] });
    const channel = () => world.ledger.channelOf(SYSTEM, dora, POINTS)!;
    const { id: channelId } = channel();
    const outset = () => outsetOf(world.ledger, channel(), NOTHING, LATER);
    await expectError(outset, "resynchronising", { channel: channelId });
    const funds = { ...NO_FUNDS, deposited: 5n };
    world.run({ type: "updateFunds", channelId, funds, finalTime: NOW });
    expect([channel().freeze, channel().funds, outset().paid]).to.deep.equal([
      LOSS,
      funds,
      { outgoing: [], incoming: [] },
    ]);
  });

  it("S7: a channel that is opened anew, and whose epoch is over on the chain, never begins in it", async () => {
    const world = funded("alice");
    lose(world);
    const dora = person("dora").address;
    const account = { address: dora, system: SYSTEM, custody: "self", sealedKey: null, status: "open" } as const;
    world.run({ type: "openAccount", account, tokens: [POINTS] });
    const { id: channelId } = world.ledger.channelOf(SYSTEM, dora, POINTS)!;
    world.run({ type: "freeze", channelId }, { type: "settleEpoch", channelId, funds: NO_FUNDS });
    const { key, freeze } = world.ledger.channelOf(SYSTEM, dora, POINTS)!;
    expect([key.epoch, freeze]).to.deep.equal([1n, LOSS]);
    await expectError(() => outsetOf(world.ledger, world.ledger.channel(channelId)!, NOTHING, LATER), "channel_frozen");
  });

  for (const order of ["before", "after"] as const) {
    it(`S7: a channel whose epoch is over on the chain, or of which it is not believed, does not begin anew, if that came ${order} the loss`, async () => {
      const world = funded("alice");
      const { id: channelId, funds } = world.channel("alice");
      if (order === "after") lose(world);
      world.run({ type: "freeze", channelId });
      if (order === "before") lose(world);
      expect(world.channel("alice").freeze).to.deep.equal({ ...LOSS, forGood: true });
      await expectError(() => world.run(agreed(world, "alice", NOTHING)), "channel_frozen");
      const close = { transaction: CLOSED, bySystem: false, humble: false, version: 1n, challengeEnd: NOW + 50n };
      world.run({ type: "freeze", channelId, close }, { type: "updateFunds", channelId, funds, finalTime: LATER });
      expect(world.channel("alice").freeze).to.deep.equal({ ...LOSS, forGood: true, transaction: CLOSED });
    });
  }

  it("S7: each asset waits for its own period, one that is listed later too", () => {
    const world = funded("alice");
    lose(world);
    const settings = { ...SETTINGS, challengePeriod: 7n * challengePeriod };
    const asset = { system: SYSTEM, token: COIN, decimals: 18, allotment: 1n, limit: 1n, settings };
    world.run({ type: "addAsset", asset, lostSince: NOW });
    expect([POINTS, COIN].map((token) => world.ledger.asset(SYSTEM, token)?.lost)).to.deep.equal([
      UNTIL,
      NOW + settings.challengePeriod,
    ]);
    world.run({ type: "openChannels", account: person("alice").address, tokens: [COIN] });
    expect(world.channel("alice", COIN).freeze).to.deep.equal({
      ...LOSS,
      lost: NOW + settings.challengePeriod,
      unread: true,
    });
    lose(world, NOW + 1n);
    expect([POINTS, COIN].map((token) => world.channel("alice", token).freeze?.lost)).to.deep.equal([
      UNTIL + 1n,
      NOW + settings.challengePeriod + 1n,
    ]);
  });

  it("S7: how locks have ended is not said before the channel has begun anew: its owner may have others at their places", () => {
    const world = funded("alice", "bob");
    world.run(world.state("alice", [lockTo("bob", 30n, 1)]), reveal(1));
    const said = () => lockOutcomes(world.ledger, world.channel("alice"));
    expect(said()).to.deep.equal([{ type: "foldLock", index: 0n, preimage: secret(1) }]);
    lose(world);
    expect(said()).to.deep.equal([]);
  });

  it("S7: of two locks with one hash, one each way, each is paid by its own expiry", () => {
    const [whole, restored] = [funded("alice", "bob"), funded("alice", "bob")];
    // Alice is promised by a lock until 400, and pays by one until 500.
    whole.run(whole.state("bob", [lockTo("alice", 30n, 1, { expiry: NOW + 500n })]));
    whole.run(whole.state("alice", [lockTo("bob", 20n, 1, { expiry: NOW + 500n })]));
    lose(restored);
    restored.observe(LATER, [{ preimage: secret(1), time: NOW + 450n }]);
    const shown = whole.channel("alice");
    expect([shown.incoming, shown.outgoing].flat().map(({ expiry }) => expiry - NOW)).to.deep.equal([400n, 500n]);
    expect(paidIn(restored, "alice", shown)).to.deep.equal({
      outgoing: [{ index: 0n, preimage: secret(1) }],
      incoming: [],
    });
    restored.run(agreed(restored, "alice", shownOf(shown)));
    expect(restored.money("alice")).to.equal(80n);
    restored.check();
  });

  it("S7: of two locks with one hash in one state, each is paid by its own expiry", () => {
    const [whole, restored] = [funded("alice", "bob", "carol"), funded("alice", "bob", "carol")];
    const locks: StateOperation[] = [
      lockTo("bob", 30n, 1, { expiry: NOW + 500n }),
      lockTo("carol", 20n, 1, { expiry: NOW + 900n }),
    ];
    whole.run(whole.state("alice", locks));
    lose(restored);
    restored.observe(LATER, [{ preimage: secret(1), time: NOW + 600n }]);
    expect(paidIn(restored, "alice", whole.channel("alice"))).to.deep.equal({
      outgoing: [{ index: 1n, preimage: secret(1) }],
      incoming: [],
    });
  });

  it("S7: nobody pays by a lock that did not reach its payee in time, and everybody by one that did", () => {
    const world = funded("alice", "bob", "carol");
    world.run(world.state("alice", [lockTo("bob", 30n, 1)]));
    world.run(world.state("carol", [lockTo("bob", 20n, 2)]), reveal(2));
    lose(world);
    // After the payee's lock is over, before the payer's.
    world.observe(LATER, [{ preimage: secret(1), time: NOW + 450n }]);
    expect(
      ["alice", "carol"].map((name) => paidIn(world, name as Name, world.channel(name as Name)).outgoing),
    ).to.deep.equal([[], [{ index: 0n, preimage: secret(2) }]]);
    for (const name of ["alice", "bob", "carol"] as const) world.run(agreed(world, name, NOTHING));
    expect((["alice", "bob", "carol"] as const).map((name) => world.money(name))).to.deep.equal([100n, 120n, 80n]);
    world.check();
  });

  it("S7: after a second loss, of the first jump too, both begin above all that was signed since", async () => {
    const [whole, restored] = [funded("alice", "bob"), funded("alice", "bob")];
    const hidden = whole.channel("alice");
    lose(whole);
    for (const name of ["alice", "bob"] as const) whole.run(agreed(whole, name, NOTHING));
    for (let i = 0; i < 3; i++) pay(whole, "alice", "bob", 20n);
    const richest = whole.channel("alice");
    expect(balance(richest.funds, richest.state, richest.note)).to.equal(40n);
    // A backup of before the first jump; the user shows what is of before it too.
    lose(restored, LATER + 1n);
    const later = LATER + 1n + challengePeriod + 1n;
    await expectError(
      () => restored.run({ ...agreed(restored, "alice", shownOf(hidden), later), time: LATER }),
      "resynchronising",
    );
    await expectError(
      () => restored.run({ ...agreed(restored, "alice", shownOf(hidden), later), time: later + 1n }),
      "out_of_range",
    );
    restored.run(agreed(restored, "alice", shownOf(hidden), later));
    const { state, note } = restored.channel("alice");
    expect(state.version > richest.state.version + 2n && note.seq > richest.note.seq).to.equal(true);
    expect([state.noteSeq, state.version]).to.deep.equal([note.seq, later * 2n ** 30n]);
  });

  it("S7: begun anew twice in one second, the second is above the first", () => {
    const world = funded("alice");
    for (const version of [LATER * 2n ** 30n, LATER * 2n ** 30n + 2n ** 32n]) {
      world.run(agreed(world, "alice", NOTHING));
      expect([world.channel("alice").state.version, world.channel("alice").note.seq]).to.deep.equal([version, version]);
    }
  });
});
