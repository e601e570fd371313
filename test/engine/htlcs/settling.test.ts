import { expect } from "chai";

import { step, type Command } from "../../../src/engine";
import { expectError } from "../../helpers/errors";
import { COIN, NOW, POINTS } from "../../helpers/service";
import { World, hash, lockTo, promised, reveal, secret, type Name } from "../helpers/world";

describe("conditional transfers", () => {
  it("the payer's lock and the payee's are one commit, a margin apart", () => {
    const world = new World();
    world.issue("alice", 100n);
    const changes = world.run(world.state("alice", [lockTo("bob", 30n, 1, { fee: 2n })]));
    const outgoing = { index: 0n, hash: hash(1), amount: 32n, expiry: NOW + 500n };
    const incoming = { index: 0n, hash: hash(1), amount: 30n, expiry: NOW + 400n };
    expect(changes.states?.map(({ state }) => state.locked)).to.deep.equal([32n]);
    expect(changes.notes?.map(({ note, locks }) => [note.credited, locks])).to.deep.equal([[0n, [incoming]]]);
    expect(changes.htlcs).to.deep.equal([
      {
        payer: world.channel("alice").id,
        version: 2n,
        outgoing,
        payee: world.channel("bob").id,
        incoming,
        status: "pending",
        returnedIn: 0n,
        over: false,
      },
    ]);
    expect([world.money("alice"), world.money("bob"), world.booked("locked")]).to.deep.equal([68n, 0n, 32n]);
    world.check();
  });

  it("the preimage pays the payee at once, and the payer folds the lock", () => {
    const world = promised();
    const changes = world.run(reveal(1));
    expect(changes.notes?.map(({ note, locks }) => [note.credited, note.locked, locks])).to.deep.equal([[30n, 0n, []]]);
    expect([world.money("bob"), world.booked("fees"), world.booked("locked")]).to.deep.equal([30n, 2n, 0n]);
    expect(world.due("alice")).to.deep.equal([{ type: "foldLock", index: 0n, preimage: secret(1) }]);
    world.fold("alice");
    expect([world.money("alice"), world.channel("alice").outgoing]).to.deep.equal([68n, []]);
    expect([...world.ledger.openHtlcs()]).to.deep.equal([]);
    world.check();
  });

  it("case 25: the same preimage again changes nothing; one that nobody waits for is refused", async () => {
    const world = promised();
    world.run(reveal(1));
    expect(step(world.ledger, reveal(1), { now: NOW, locks: world.policy })).to.deep.equal({});
    await expectError(() => world.run(reveal(2)), "unknown_lock", { hash: hash(2) });
  });

  it("property 6: a payer who folds with a preimage of its own pays the payee in the same commit", () => {
    const world = promised();
    world.run(world.state("alice", [{ type: "foldLock", index: 0n, preimage: secret(1) }]));
    expect([world.money("alice"), world.money("bob")]).to.deep.equal([68n, 30n]);
    expect([...world.ledger.openHtlcs()]).to.deep.equal([]);
    world.check();
  });

  it("one preimage settles both legs of an exchange of two tokens", () => {
    const world = new World([POINTS, COIN]);
    world.issue("alice", 100n);
    const funds = { deposited: 50n, withdrawn: 0n, reclaimed: 0n, collateral: 50n };
    const open = (name: Name): Command => ({
      type: "updateFunds",
      channelId: world.channel(name, COIN).id,
      funds: name === "bob" ? funds : { ...funds, deposited: 0n },
      finalTime: NOW,
    });
    world.run(open("bob"), open("alice"));
    world.run(world.state("alice", [lockTo("bob", 30n, 1, { expiry: NOW + 800n })]));
    world.run(world.state("bob", [lockTo("alice", 5n, 1)], COIN));
    world.run(reveal(1));
    expect([world.channel("bob").note.credited, world.channel("alice", COIN).note.credited]).to.deep.equal([30n, 5n]);
  });
});
