import { expect } from "chai";

import { type Command } from "../../../src/engine";
import { expectError } from "../../helpers/errors";
import { NOW } from "../../helpers/service";
import { hash, promised, reveal, secret } from "../helpers/world";

describe("the end of conditional transfers", () => {
  it("S3: the payer's lock stays until the outcome is decided, and then ends in no other way", async () => {
    const world = promised();
    const drop = (): Command => world.state("alice", [{ type: "dropLock", index: 0n }]);
    await expectError(() => world.run(drop()), "lock_pending", { index: 0 });
    world.run(reveal(1));
    await expectError(() => world.run(drop()), "wrong_outcome", { status: "settled" });
    const lapsed = promised();
    lapsed.observe(NOW + 401n);
    const fold = lapsed.state("alice", [{ type: "foldLock", index: 0n, preimage: secret(1) }]);
    await expectError(() => lapsed.run(fold), "wrong_outcome", { status: "failed" });
  });

  it("S3: a lock lapses when a block later than its expiry is final, not before", () => {
    const world = promised();
    expect(world.observe(NOW + 400n).notes).to.deep.equal([]);
    const { notes } = world.observe(NOW + 401n);
    expect(notes?.map(({ note, locks }) => [note.seq, note.credited, locks])).to.deep.equal([[2n, 0n, []]]);
    world.fold("alice");
    expect([world.money("alice"), world.money("bob"), world.booked("locked")]).to.deep.equal([100n, 0n, 0n]);
    world.check();
  });

  it("S3: a released lock frees the payer's only when the payee has folded the note without it", async () => {
    const world = promised();
    const changes = world.run(world.state("bob", [{ type: "releaseLock", hash: hash(1) }]));
    expect(changes.notes?.map(({ note, locks }) => [note.seq, locks])).to.deep.equal([[2n, []]]);
    expect(world.due("alice")).to.deep.equal([]);
    const drop = world.state("alice", [{ type: "dropLock", index: 0n }]);
    await expectError(() => world.run(drop), "lock_pending", { index: 0 });
    await expectError(() => world.run(reveal(1)), "unknown_lock", { hash: hash(1) });
    world.fold("bob");
    world.run(drop);
    expect([world.money("alice"), world.money("bob")]).to.deep.equal([100n, 0n]);
    world.check();
  });

  it("S3: a payee that releases and never folds holds the payer's money no longer than to its expiry", () => {
    const world = promised();
    world.run(world.state("bob", [{ type: "releaseLock", hash: hash(1) }]));
    world.observe(NOW + 400n);
    expect(world.due("alice")).to.deep.equal([]);
    world.observe(NOW + 401n);
    world.fold("alice");
    expect([world.money("alice"), world.money("bob")]).to.deep.equal([100n, 0n]);
    world.check();
  });

  it("case 29: a transfer failed back while the payee claims it on chain is paid on both legs, or on none", () => {
    const claimed = promised();
    claimed.run(claimed.state("bob", [{ type: "releaseLock", hash: hash(1) }]));
    claimed.observe(NOW + 10n, [{ preimage: secret(1), time: NOW + 5n }]);
    claimed.fold("bob");
    claimed.fold("alice");
    expect([claimed.money("alice"), claimed.money("bob")]).to.deep.equal([68n, 30n]);
    claimed.check();

    const freed = promised();
    freed.run(freed.state("bob", [{ type: "releaseLock", hash: hash(1) }]));
    freed.fold("bob");
    freed.observe(NOW + 10n, [{ preimage: secret(1), time: NOW + 5n }]);
    freed.fold("alice");
    expect([freed.money("alice"), freed.money("bob")]).to.deep.equal([100n, 0n]);
    freed.check();
  });
});
