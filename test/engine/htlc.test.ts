import { expect } from "chai";
import fc from "fast-check";

import {
  Batch,
  Ledger,
  lockOutcomes,
  preimagesToRegister,
  requireConserved,
  step,
  type Changes,
  type Channel,
  type Command,
  type LedgerAccount,
  type NewEvent,
} from "../../src/engine";
import { StarledgerError } from "../../src/errors";
import {
  advanceState,
  balance,
  checkLocks,
  defaultAllotment,
  hashOfPreimage,
  keccakText,
  NO_FUNDS,
  sign,
  ZERO_HASH,
  type Hash,
  type StateOperation,
} from "../../src/protocol";
import { expectError } from "../helpers/errors";
import { COIN, NOW, person, POINTS, SETTINGS, SYSTEM } from "../helpers/service";

const NAMES = ["alice", "bob", "carol"] as const;
type Name = (typeof NAMES)[number];
const MARGIN = 100n;
const SIGNATURE = sign(ZERO_HASH, person("alice").key);
const secret = (i: number): Hash => keccakText(`secret ${i}`);
const hash = (i: number): Hash => hashOfPreimage(secret(i));

/** A ledger with its clock; every change goes through a batch, as in the service, and its events are kept. */
class World {
  readonly ledger = new Ledger();
  readonly events: NewEvent[] = [];
  now = NOW;
  policy = { margin: MARGIN, maxCount: 128, maxValue: {} };

  constructor(tokens = [POINTS]) {
    const common = { system: SYSTEM, decimals: 18, allotment: defaultAllotment(18), limit: 10n ** 20n };
    for (const token of tokens) {
      const settings = token === COIN ? ({ ...SETTINGS, backing: "collateral" } as const) : SETTINGS;
      this.run({ type: "addAsset", asset: { ...common, token, settings } });
    }
    for (const name of NAMES) {
      const account = {
        address: person(name).address,
        system: SYSTEM,
        custody: "self",
        sealedKey: null,
        status: "open",
      } as const;
      this.run({ type: "openAccount", account, tokens });
    }
  }

  run(...commands: Command[]): Changes {
    const batch = new Batch(this.ledger);
    for (const command of commands) batch.apply(step(batch, command, { now: this.now, locks: this.policy }));
    const changes = batch.changes();
    requireConserved(this.ledger, changes);
    this.ledger.apply(changes);
    this.events.push(...changes.events);
    return changes;
  }

  channel(name: Name, token = POINTS): Channel {
    return this.ledger.channelOf(SYSTEM, person(name).address, token)!;
  }

  /** A state of these operations on top of the latest. */
  state(name: Name, operations: StateOperation[], token = POINTS): Command {
    const channel = this.channel(name, token);
    const proposal = advanceState(channel.state, channel.outgoing, operations).state;
    return { type: "submitState", proposal, operations, signature: SIGNATURE, signer: channel.key.user };
  }

  issue(name: Name, amount: bigint): void {
    this.run({ type: "issue", account: person(name).address, token: POINTS, amount, reference: ZERO_HASH });
    this.fold(name);
  }

  /** What a wallet signs when it has nothing else to do. */
  fold(name: Name): void {
    const operations = this.due(name);
    if (operations.length > 0) this.run(this.state(name, operations));
  }

  due(name: Name): StateOperation[] {
    const channel = this.channel(name);
    const { note, state } = channel;
    const operations: StateOperation[] = lockOutcomes(this.ledger, channel);
    if (note.seq > state.noteSeq) operations.unshift({ type: "fold", seq: note.seq, credited: note.credited });
    return operations;
  }

  observe(finalTime: bigint, registered: { preimage: Hash; time: bigint }[] = []): Changes {
    return this.run({ type: "observeChain", finalTime, registered });
  }

  /** Money of an account that is not locked, as its channel has it and as the log has it. */
  money(name: Name): bigint {
    const { funds, state, note } = this.channel(name);
    const left = balance(funds, state, note) - state.locked;
    expect(this.booked(person(name).address), `log of ${name}`).to.equal(left);
    return left;
  }

  booked(of: LedgerAccount): bigint {
    return this.events.reduce((sum, { account, counterparty, amount }) => {
      return sum + (counterparty === of ? (amount ?? 0n) : 0n) - (account === of ? (amount ?? 0n) : 0n);
    }, 0n);
  }

  /** Property 1, and every list of locks is the one that was signed. */
  check(): void {
    const owed = NAMES.reduce((sum, name) => sum + this.money(name), 0n) + this.booked("locked");
    expect(this.ledger.asset(SYSTEM, POINTS)?.liabilities).to.equal(owed);
    for (const name of NAMES) {
      const { state, note, outgoing, incoming } = this.channel(name);
      checkLocks(state, outgoing);
      checkLocks(note, incoming);
      expect(new Set(incoming.map((lock) => lock.hash)).size).to.equal(incoming.length);
    }
  }
}

const lockTo = (to: Name, amount: bigint, i: number, { fee = 0n, expiry = NOW + 500n } = {}): StateOperation => ({
  type: "lock",
  to: person(to).address,
  amount,
  fee,
  hash: hash(i),
  expiry,
  reference: ZERO_HASH,
});

/** Alice has 100 and has promised Bob 30 for a fee of 2. */
function promised(): World {
  const world = new World();
  world.issue("alice", 100n);
  world.run(world.state("alice", [lockTo("bob", 30n, 1, { fee: 2n })]));
  return world;
}

const reveal = (i: number): Command => ({ type: "reveal", preimage: secret(i) });

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

describe("property 6: for any schedule the payee is paid if and only if the payer pays", () => {
  const who = fc.constantFrom(...NAMES);
  const which = fc.nat(3);
  const amount = fc.bigInt(1n, 40n);
  const action = fc.oneof(
    fc.record({ type: fc.constant("issue" as const), who, amount }),
    fc.record({ type: fc.constant("pay" as const), who, to: who, amount }),
    { weight: 3, arbitrary: fc.record({ type: fc.constant("lock" as const), who, to: who, amount, which }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant("reveal" as const), which }) },
    fc.record({ type: fc.constant("register" as const), which }),
    { weight: 2, arbitrary: fc.record({ type: fc.constant("release" as const), who, which }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant("fold" as const), who }) },
    fc.record({ type: fc.constant("withdraw" as const), who, amount }),
    fc.record({ type: fc.constant("wait" as const), seconds: fc.bigInt(1n, 250n) }),
    fc.record({ type: fc.constant("leave" as const), who }),
    fc.record({ type: fc.constant("rejoin" as const), who }),
  );
  type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

  /** What each must have in the end, told from what was asked and accepted alone. */
  interface Transfer {
    readonly payer: Name;
    readonly payee: Name;
    readonly amount: bigint;
    readonly which: number;
    readonly ends: bigint;
    paid: boolean;
    released: boolean;
  }

  class Model {
    readonly has: Record<Name, bigint> = { alice: 0n, bob: 0n, carol: 0n };
    readonly transfers: Transfer[] = [];
    private registrations: { preimage: Hash; time: bigint }[] = [];
    private readonly registered = new Set<number>();

    constructor(private readonly world: World) {}

    /** Carries the action out; what is refused changes nothing. */
    run(one: Action): void {
      try {
        this.carryOut(one);
      } catch (error) {
        if (!(error instanceof StarledgerError) || error.code === "journal_unbalanced") throw error;
      }
    }

    private carryOut(one: Action): void {
      const { world, has } = this;
      switch (one.type) {
        case "issue":
          world.run({
            type: "issue",
            account: person(one.who).address,
            token: POINTS,
            amount: one.amount,
            reference: ZERO_HASH,
          });
          has[one.who] += one.amount;
          return;
        case "pay":
          world.run(
            world.state(one.who, [
              { type: "pay", to: person(one.to).address, amount: one.amount, reference: ZERO_HASH },
            ]),
          );
          has[one.who] -= one.amount;
          has[one.to] += one.amount;
          return;
        case "lock": {
          const expiry = world.now + 300n;
          world.run(world.state(one.who, [lockTo(one.to, one.amount, one.which, { expiry })]));
          const ends = expiry - MARGIN;
          const { who: payer, to: payee, which: i } = one;
          this.transfers.push({ payer, payee, amount: one.amount, which: i, ends, paid: false, released: false });
          return;
        }
        case "reveal": {
          const open = this.openFor(one.which).filter(
            ({ ends, payee }) => world.now < ends && world.channel(payee).status === "open",
          );
          world.run(reveal(one.which));
          for (const transfer of open) transfer.paid = true;
          return;
        }
        case "register":
          if (!this.registered.has(one.which)) {
            this.registrations.push({ preimage: secret(one.which), time: world.now });
          }
          this.registered.add(one.which);
          return;
        case "release": {
          const transfer = this.openFor(one.which).find(({ payee }) => payee === one.who);
          world.run(world.state(one.who, [{ type: "releaseLock", hash: hash(one.which) }]));
          transfer!.released = true;
          return;
        }
        case "fold":
          world.fold(one.who);
          return;
        case "withdraw":
          return this.withdraw(one.who, one.amount);
        case "wait":
          world.now += one.seconds;
          return this.observe();
        case "leave":
          world.run({ type: "freeze", channelId: world.channel(one.who).id });
          return;
        case "rejoin":
          if (world.channel(one.who).status !== "frozen") return;
          world.run({ type: "settleEpoch", channelId: world.channel(one.who).id, funds: NO_FUNDS });
          this.left.add(one.who);
      }
    }

    /** Who closed once: what it had then is the chain's affair, and no longer compared. */
    readonly left = new Set<Name>();

    observe(): void {
      const before = new Map(this.transfers.map((transfer) => [transfer, this.mayClaim(transfer)]));
      const { registrations } = this;
      this.registrations = [];
      this.world.observe(this.world.now, registrations);
      for (const { preimage, time } of registrations) {
        for (const transfer of this.transfers) {
          if (secret(transfer.which) === preimage && time < transfer.ends && before.get(transfer)) transfer.paid = true;
        }
      }
    }

    private openFor(which: number): Transfer[] {
      return this.transfers.filter((one) => one.which === which && !one.paid && !one.released && !this.isOver(one));
    }

    /** The chain may still pay it: it lapses only when its expiry is final, is free only when the release is folded. */
    private mayClaim(transfer: Transfer): boolean {
      if (transfer.paid || this.isOver(transfer)) return false;
      if (!transfer.released) return true;
      const { state, note, status } = this.world.channel(transfer.payee);
      return status !== "settled" && state.noteSeq < note.seq;
    }

    private isOver({ which, payee }: Transfer): boolean {
      const { id } = this.world.channel(payee);
      return ![...this.world.ledger.htlcsUnder(hash(which))].some(
        (htlc) => htlc.payee === id && htlc.status !== "settled",
      );
    }

    private withdraw(name: Name, taken: bigint): void {
      const { world } = this;
      const { id, funds } = world.channel(name);
      const withdrawal = {
        channelId: id,
        withdrawn: funds.withdrawn + taken,
        reclaimed: 0n,
        recipient: person(name).address,
        deadline: world.now + 10n,
      };
      world.run({ type: "withdraw", withdrawal, signature: SIGNATURE, signer: person(name).address });
      const after = { ...funds, withdrawn: withdrawal.withdrawn };
      world.run({ type: "updateFunds", channelId: id, funds: after, finalTime: world.now });
      this.has[name] -= taken;
    }
  }

  it("whatever is locked, revealed, registered, released, folded, withdrawn or closed, in any order", function () {
    this.timeout(120_000);
    const outcomes = { paid: 0, failed: 0 };
    fc.assert(
      fc.property(fc.array(action, { minLength: 5, maxLength: 60 }), (actions) => {
        const world = new World();
        for (const name of NAMES) world.issue(name, 100n);
        const model = new Model(world);
        for (const name of NAMES) model.has[name] = 100n;
        for (const one of actions) {
          model.run(one);
          world.check();
        }
        // In the end every expiry is final, and everyone signs what is due.
        world.now += 1_000n;
        model.observe();
        for (const name of [...NAMES, ...NAMES]) model.run({ type: "fold", who: name });
        world.check();
        for (const { payer, payee, amount: sum, paid } of model.transfers) {
          outcomes[paid ? "paid" : "failed"] += 1;
          if (!paid) continue;
          model.has[payer] -= sum;
          model.has[payee] += sum;
        }
        const stayed = NAMES.filter((name) => !model.left.has(name) && world.channel(name).status === "open");
        if (model.left.size === 0) {
          for (const name of stayed) expect(world.money(name), name).to.equal(model.has[name]);
        }
        for (const { payer, payee, status, over } of world.ledger.openHtlcs()) {
          const isClosing = [payer, payee].some((id) => world.ledger.channel(id)?.status !== "open");
          expect([isClosing, status !== "pending", over]).to.deep.equal([true, true, false]);
        }
      }),
      { numRuns: 200 },
    );
    expect([outcomes.paid > 20, outcomes.failed > 20], JSON.stringify(outcomes)).to.deep.equal([true, true]);
  });

  it("many commands in one commit lead to what they lead to one by one", () => {
    const command = fc.record({ who, to: who, amount, which, kind: fc.nat(4) });
    fc.assert(
      fc.property(fc.array(command, { minLength: 1, maxLength: 30 }), (commands) => {
        const [single, batched] = [new World(), new World()];
        for (const world of [single, batched]) for (const name of NAMES) world.issue(name, 100n);
        const batch = new Batch(batched.ledger);
        const context = { now: NOW, locks: single.policy };
        for (const { who: name, to, amount: sum, which: i, kind } of commands) {
          const next = [
            () => single.state(name, [lockTo(to, sum, i)]),
            () => reveal(i),
            () => single.state(name, [{ type: "releaseLock", hash: hash(i) }]),
            () => single.state(name, single.due(name)),
            (): Command => ({
              type: "observeChain",
              finalTime: NOW + sum,
              registered: [{ preimage: secret(i), time: NOW }],
            }),
          ][kind]!;
          let command: Command;
          try {
            command = next();
            single.run(command);
          } catch (error) {
            if (error instanceof StarledgerError) continue;
            throw error;
          }
          batch.apply(step(batch, command, context));
        }
        batched.ledger.apply(batch.changes());
        const all = (world: World) => [
          NAMES.map((name) => world.channel(name)),
          [...world.ledger.openHtlcs()].sort(byPlace),
        ];
        expect(all(batched)).to.deep.equal(all(single));
      }),
      { numRuns: 100 },
    );
  });
});

function byPlace(a: { payer: string; version: bigint }, b: { payer: string; version: bigint }): number {
  return `${a.payer}${a.version}` < `${b.payer}${b.version}` ? -1 : 1;
}
