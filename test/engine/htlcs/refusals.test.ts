import { expect } from "chai";

import { type Command } from "../../../src/engine";
import { type StateOperation } from "../../../src/protocol";
import { expectError } from "../../helpers/errors";
import { COIN, NOW, person, POINTS } from "../../helpers/service";
import { MARGIN, World, hash, lockTo, promised, reveal, secret, type Name } from "../helpers/world";

describe("conditional transfers that are refused", () => {
  it("case 29: no second live lock under a hash for one payee, none under a hash that is known or registered", async () => {
    const world = promised();
    const again = (i: number) => () => world.run(world.state("alice", [lockTo("bob", 1n, i)]));
    await expectError(again(1), "hash_used", { hash: hash(1) });
    await expectError(() => world.run(world.state("alice", [lockTo("bob", 1n, 2), lockTo("bob", 1n, 2)])), "hash_used");
    world.run(world.state("alice", [lockTo("carol", 1n, 1)]));
    world.run(reveal(1));
    expect([world.money("bob"), world.money("carol")]).to.deep.equal([30n, 1n]);
    await expectError(again(1), "hash_used", { hash: hash(1) });
    world.observe(NOW, [{ preimage: secret(3), time: NOW }]);
    await expectError(again(3), "hash_used", { hash: hash(3) });
    world.check();
  });

  it("case 28: refuses a lock for oneself, for a stranger, above the balance, fee included", async () => {
    const world = new World();
    world.issue("alice", 100n);
    const locking = (operation: StateOperation) => () => world.run(world.state("alice", [operation]));
    await expectError(locking(lockTo("alice", 1n, 1)), "self_payment");
    const nobody = { ...lockTo("bob", 1n, 1), to: person("nobody").address } as StateOperation;
    await expectError(locking(nobody), "unknown_account", { account: person("nobody").address });
    await expectError(locking(lockTo("bob", 99n, 1, { fee: 2n })), "insufficient_balance", { short: 1 });
    await expectError(locking(lockTo("bob", 1n, 1, { fee: 2n ** 127n })), "insufficient_balance");
    await expectError(locking(lockTo("bob", 1n, 1, { expiry: NOW + 199n })), "bad_expiry", { soonest: NOW + 200n });
    await expectError(locking(lockTo("bob", 1n, 1, { expiry: NOW + 1_001n })), "bad_expiry", { limit: NOW + 1_000n });
    const both: StateOperation[] = [lockTo("bob", 1n, 1), { type: "foldLock", index: 0n, preimage: secret(1) }];
    await expectError(() => world.run(world.state("alice", both)), "unknown_lock");
    await expectError(() => world.run(world.state("bob", [{ type: "releaseLock", hash: hash(9) }])), "unknown_lock");
    expect(world.money("alice")).to.equal(100n);
  });

  it("case 30: limits locks of one channel, each way, in count and value", async () => {
    const world = new World();
    for (const name of ["alice", "carol"] as const) world.issue(name, 100n);
    world.policy = { margin: MARGIN, maxCount: 2, maxValue: { [POINTS]: 50n } };
    world.run(world.state("alice", [lockTo("bob", 20n, 1)]));
    await expectError(() => world.run(world.state("alice", [lockTo("carol", 31n, 2)])), "too_many_locks", {
      locked: 51,
      maxValue: 50,
    });
    await expectError(() => world.run(world.state("carol", [lockTo("bob", 31n, 2)])), "too_many_locks", { locked: 51 });
    const three = [2, 3].map((i) => lockTo("bob", 1n, i));
    await expectError(() => world.run(world.state("carol", three)), "too_many_locks", { locks: 3, maxCount: 2 });
    world.run(world.state("carol", [lockTo("bob", 30n, 2)]));
    world.policy = { ...world.policy, maxValue: {} };
    await expectError(() => world.run(world.state("carol", [lockTo("bob", 1n, 4)])), "too_many_locks", { locks: 3 });
    world.check();
  });

  it("case 31: in a collateral asset S promises only what the payee's own collateral covers", async () => {
    const world = new World([POINTS, COIN]);
    const funds = (amount: bigint) => ({ deposited: 50n, withdrawn: 0n, reclaimed: 0n, collateral: amount });
    const update = (name: Name, collateral: bigint): Command => ({
      type: "updateFunds",
      channelId: world.channel(name, COIN).id,
      funds: funds(collateral),
      finalTime: NOW,
    });
    world.run(update("alice", 50n), update("bob", 60n));
    const locking = (amount: bigint) => world.state("alice", [lockTo("bob", amount, 1)], COIN);
    await expectError(() => world.run(locking(11n)), "not_covered", { owed: 61, collateral: 60 });
    world.run(locking(10n));
    world.run(reveal(1));
    expect(world.channel("bob", COIN).note.credited).to.equal(10n);
  });
});
