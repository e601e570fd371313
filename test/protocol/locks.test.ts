import { createHash } from "node:crypto";

import { expect } from "chai";
import fc from "fast-check";

import {
  addLock,
  advanceNote,
  advanceState,
  checkClosing,
  checkExpiry,
  checkInvoice,
  checkLockLimit,
  checkLocks,
  checkNote,
  checkProposal,
  checkWithdrawal,
  digest,
  emptyNote,
  emptyState,
  fromHex,
  hashInvoice,
  hashOfPreimage,
  keccakText,
  lockAt,
  lockSummary,
  memoOf,
  nextState,
  NO_FUNDS,
  payeeExpiry,
  payerExpiry,
  registerFrom,
  sign,
  withoutLock,
  ZERO_HASH,
  type ChannelId,
  type Hash,
  type Lock,
  type StateOperation,
  type UserView,
} from "../../src/protocol";
import { expectError } from "../helpers/errors";
import { person, POINTS, SEPARATOR, SETTINGS } from "../helpers/service";
import { hash as anyHash } from "./arbitrary";

const ID = ZERO_HASH as string as ChannelId;
const bob = person("bob").address;
const preimage = keccakText("preimage");
const hash = hashOfPreimage(preimage);
const NOW = 10n;

const lock = (changes: Partial<Lock> = {}): Lock => ({ index: 0n, hash, amount: 40n, expiry: 500n, ...changes });
const locking = { type: "lock", to: bob, amount: 38n, fee: 2n, hash, expiry: 500n, reference: ZERO_HASH } as const;

describe("locks", () => {
  it("hash preimages as Bitcoin and Lightning do: SHA-256 of exactly 32 bytes", async () => {
    fc.assert(
      fc.property(anyHash, (secret) => {
        const expected = createHash("sha256").update(fromHex(secret)).digest("hex");
        expect(hashOfPreimage(secret)).to.equal(`0x${expected}`);
      }),
    );
    for (const bad of ["0x", `${preimage}00`, preimage.slice(0, 64)]) {
      await expectError(() => hashOfPreimage(bad as Hash), "invalid_hex");
    }
  });

  it("take the lowest free index, so that no index is in a tree twice", () => {
    const step = fc.oneof(fc.constant("add" as const), fc.nat(20));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let locks: readonly Lock[] = [];
        for (const one of steps) {
          if (one === "add") locks = addLock(locks, { hash, amount: 1n, expiry: 1n });
          else locks = withoutLock(locks, BigInt(one));
          const indices = locks.map(({ index }) => index);
          expect(new Set(indices).size).to.equal(locks.length);
          expect(indices).to.deep.equal([...indices].sort((a, b) => Number(a - b)));
        }
        const next = addLock(locks, { hash, amount: 1n, expiry: 1n });
        const added = next.find((one) => !locks.includes(one))!;
        const free = Array.from({ length: next.length }, (_, i) => BigInt(i)).find(
          (index) => !locks.some((one) => one.index === index),
        );
        expect(added.index).to.equal(free);
      }),
    );
  });

  it("are found by index or not at all", async () => {
    expect(lockAt([lock()], 0n)).to.deep.equal(lock());
    await expectError(() => lockAt([lock()], 1n), "unknown_lock", { index: 1 });
  });
});

describe("transitions with locks", () => {
  const state = { ...emptyState(ID), net: 100n };

  it("a state locks amount and fee without paying, and pays when the lock is folded", () => {
    const locked = advanceState(state, [], [locking]);
    expect(locked.locks).to.deep.equal([lock()]);
    expect(locked.state).to.deep.equal({
      ...state,
      version: 1n,
      ...lockSummary([lock()]),
      memo: memoOf([locking]),
    });
    const fold = { type: "foldLock", index: 0n, preimage } as const;
    const folded = advanceState(locked.state, locked.locks, [fold]);
    expect(folded.locks).to.deep.equal([]);
    expect(folded.state).to.deep.equal({ ...state, version: 2n, net: 60n, memo: memoOf([fold]) });
  });

  it("a dropped lock costs nothing, a released one is the note's affair", () => {
    const locked = advanceState(state, [], [locking]);
    const dropped = advanceState(locked.state, locked.locks, [{ type: "dropLock", index: 0n }]);
    expect([dropped.state.net, dropped.state.locked, dropped.locks]).to.deep.equal([100n, 0n, []]);
    const released = advanceState(locked.state, locked.locks, [{ type: "releaseLock", hash }]);
    expect([released.state.net, released.state.locked, released.locks]).to.deep.equal([100n, 40n, locked.locks]);
  });

  it("operations that concern no lock keep those there are", () => {
    const locked = advanceState(state, [], [locking]);
    const pay: StateOperation[] = [{ type: "pay", to: bob, amount: 1n, reference: ZERO_HASH }];
    expect(nextState(locked.state, pay)).to.deep.equal(advanceState(locked.state, locked.locks, pay).state);
    expect(nextState(locked.state, pay)).to.include(lockSummary(locked.locks));
  });

  it("a note promises, then credits, or takes the promise back", () => {
    const promise = { type: "receiveLock", from: bob, amount: 40n, hash, expiry: 500n, reference: ZERO_HASH } as const;
    const promised = advanceNote(emptyNote(ID), [], [promise]);
    expect(promised.note).to.deep.equal({
      ...emptyNote(ID),
      seq: 1n,
      ...lockSummary([lock()]),
      memo: memoOf([promise]),
    });
    const settled = advanceNote(promised.note, promised.locks, [{ type: "settleLock", index: 0n, preimage }]);
    expect([settled.note.credited, settled.note.locked, settled.locks]).to.deep.equal([40n, 0n, []]);
    for (const type of ["lapseLock", "returnLock"] as const) {
      const gone = advanceNote(promised.note, promised.locks, [{ type, index: 0n }]);
      expect([gone.note.credited, gone.note.locksRoot, gone.locks]).to.deep.equal([0n, ZERO_HASH, []]);
    }
  });

  it("S3: a lock becomes money by its preimage alone", async () => {
    const other = keccakText("other");
    const fold = { type: "foldLock", index: 0n, preimage: other } as const;
    await expectError(() => advanceState(state, [lock()], [fold]), "wrong_preimage", { hash });
    const settle = { type: "settleLock", index: 0n, preimage: other } as const;
    await expectError(() => advanceNote(emptyNote(ID), [lock()], [settle]), "wrong_preimage", { hash });
    const twice = { type: "foldLock", index: 0n, preimage } as const;
    await expectError(() => advanceState(state, [lock()], [twice, twice]), "unknown_lock", { index: 0 });
    await expectError(() => advanceState(state, [], [{ type: "dropLock", index: 3n }]), "unknown_lock", { index: 3 });
  });

  it("case 28: refuses to lock nothing, less, or beyond 128 bits, and a negative fee", async () => {
    for (const amount of [0n, -1n, 2n ** 128n, 2n ** 128n - 1n]) {
      await expectError(() => advanceState(state, [], [{ ...locking, amount }]), "invalid_amount");
    }
    await expectError(() => advanceState(state, [], [{ ...locking, fee: -1n }]), "out_of_range", { name: "fee" });
    const most = { ...locking, amount: 2n ** 128n - 3n };
    await expectError(() => advanceState(state, [], [most, locking]), "out_of_range", { name: "locked" });
  });
});

describe("rules about locks (section 4)", () => {
  const funds = { ...NO_FUNDS, deposited: 100n, collateral: 100n };

  it("S2: what is locked is not available, fee included", async () => {
    const view = {
      funds,
      state: emptyState(ID),
      note: emptyNote(ID),
      outgoing: [],
      pending: null,
      creditedAt: () => undefined,
    };
    const check = (operations: StateOperation[]) => () =>
      checkProposal(view, advanceState(view.state, [], operations).state, operations);
    expect(check([{ ...locking, amount: 98n }])()).to.deep.equal([lock({ amount: 100n })]);
    await expectError(check([{ ...locking, amount: 99n }]), "insufficient_balance", { short: 1 });
    await expectError(check([{ ...locking, fee: 100n }]), "insufficient_balance", { short: 38 });
  });

  it("S2, U6: a lock ends in the future and within the lock limit, the payee's a margin earlier", async () => {
    const policy = { margin: 100n, maxCount: 1, maxValue: {} };
    checkExpiry(1_010n, SETTINGS, NOW);
    await expectError(() => checkExpiry(NOW, SETTINGS, NOW), "bad_expiry", { got: NOW, now: NOW });
    await expectError(() => checkExpiry(1_011n, SETTINGS, NOW), "bad_expiry", { limit: 1_010 });
    expect(payeeExpiry(210n, SETTINGS, policy, NOW)).to.equal(110n);
    await expectError(() => payeeExpiry(209n, SETTINGS, policy, NOW), "bad_expiry", { soonest: 210 });
    expect(registerFrom(210n, policy.margin)).to.equal(160n);
  });

  it("S2, section 7: an invoice can be paid until it expires; the payer's lock leaves the payee a margin to claim it", async () => {
    const policy = { margin: 100n, maxCount: 1, maxValue: {} };
    expect(payerExpiry(NOW + 400n, policy.margin, NOW)).to.equal(NOW + 500n);
    expect(payerExpiry(NOW + 1n, policy.margin, NOW)).to.equal(NOW + 250n);
    expect(payeeExpiry(NOW + 250n, SETTINGS, policy, NOW + 50n)).to.equal(NOW + 150n);
    await expectError(() => payerExpiry(NOW, policy.margin, NOW), "invoice_closed", { expiry: NOW, now: NOW });
  });

  it("case 30: limits what one channel holds in locks, in count and value", async () => {
    const locks = [lock(), lock({ index: 1n })];
    checkLockLimit(lockSummary(locks), locks, 2, 80n);
    await expectError(() => checkLockLimit(lockSummary(locks), locks, 1, 80n), "too_many_locks", { locks: 2 });
    await expectError(() => checkLockLimit(lockSummary(locks), locks, 2, 79n), "too_many_locks", { locked: 80 });
  });

  it("U5: sum, latest expiry and root are those of the list, and each index is above the one before", async () => {
    const locks = [lock(), lock({ index: 1n, amount: 5n, expiry: 700n })];
    const summary = lockSummary(locks);
    checkLocks(summary, locks);
    for (const change of [{ locked: 46n }, { locksExpiry: 701n }, { locksRoot: keccakText("other") }]) {
      await expectError(() => checkLocks({ ...summary, ...change }, locks), "locks_mismatch");
    }
    await expectError(() => checkLocks(summary, locks.slice(1)), "locks_mismatch", { locked: 5 });
    const twice = [lock(), lock({ amount: 5n })];
    const swapped = [...locks].reverse();
    expect(lockSummary(swapped)).to.deep.equal(summary);
    for (const wrong of [twice, swapped, [...locks, lock({ amount: 1n })]]) {
      await expectError(() => checkLocks(lockSummary(wrong), wrong), "locks_mismatch", {
        reason: "an index is not above the one before",
      });
    }
  });

  describe("U5: what leaves a note", () => {
    const view = (changes: Partial<UserView> = {}): UserView => ({
      funds,
      state: emptyState(ID),
      note: { ...emptyNote(ID), seq: 1n, credited: 10n, ...lockSummary([lock()]) },
      incoming: [lock()],
      released: new Set(),
      registered: new Set(),
      finalTime: 0n,
      signedReclaimed: 0n,
      closing: false,
      ...changes,
    });
    const note = (credited: bigint, locks: Lock[]) => ({ ...emptyNote(ID), seq: 2n, credited, ...lockSummary(locks) });
    const check = (user: UserView, credited: bigint, locks: Lock[], asset = SETTINGS) =>
      checkNote(user, note(credited, locks), locks, asset, NOW);

    it("a lock that is still there, or has become credit, is believed", () => {
      check(view(), 10n, [lock()]);
      check(view(), 50n, []);
    });

    it("a lock that vanished, or was changed, is not", async () => {
      await expectError(() => check(view(), 49n, []), "stale_note", { credited: 49, heldCredited: 50 });
      for (const change of [{ amount: 39n }, { expiry: 499n }, { hash: ZERO_HASH }, { index: 1n }]) {
        await expectError(() => check(view(), 10n, [lock(change)]), "stale_note", { heldCredited: 50 });
      }
    });

    it("a lock that U released may leave unpaid", () => {
      check(view({ released: new Set([hash]) }), 10n, []);
    });

    it("case 17: a lock whose expiry is final may leave unpaid, unless its preimage was registered in time", async () => {
      check(view({ finalTime: 501n }), 10n, []);
      await expectError(() => check(view({ finalTime: 500n }), 10n, []), "stale_note");
      await expectError(() => check(view({ finalTime: 501n, registered: new Set([hash]) }), 10n, []), "stale_note");
    });

    it("one whose expiry has come but is not final to U is to be asked for again: S may have seen a later block", async () => {
      const checkAt = (now: bigint, user: UserView, credited = 10n) =>
        checkNote(user, note(credited, []), [], SETTINGS, now);
      const details = { finalTime: 500, until: 500 };
      await expectError(() => checkAt(501n, view({ finalTime: 500n })), "not_yet", details);
      await expectError(() => checkAt(381n, view({ finalTime: 500n })), "not_yet", details);
      await expectError(() => checkAt(380n, view({ finalTime: 500n })), "stale_note");
      await expectError(() => checkAt(501n, view({ finalTime: 500n }), 9n), "stale_note");
      await expectError(() => checkAt(501n, view({ registered: new Set([hash]) })), "stale_note");
      const folded = { ...emptyState(ID), noteSeq: 2n };
      await expectError(() => checkAt(501n, view({ state: folded })), "stale_note");
    });

    it("U6: a new lock further away than the lock limit is not believed; one held already is not judged again", async () => {
      const far = lock({ index: 1n, expiry: NOW + SETTINGS.lockLimit + 1n });
      await expectError(() => check(view(), 10n, [lock(), far]), "bad_expiry", { got: far.expiry });
      check(view({ incoming: [lock(), far] }), 10n, [lock(), far]);
    });

    it("in a collateral asset, locks are covered too", async () => {
      const covered = { ...SETTINGS, backing: "collateral" } as const;
      const more = { ...funds, collateral: 150n };
      check(view({ funds: more }), 10n, [lock()], covered);
      await expectError(() => check(view({ funds: more }), 11n, [lock()], covered), "not_covered", { due: 151 });
    });
  });

  it("S8: no closing while locks are pending, on either side", async () => {
    const view = {
      funds,
      state: emptyState(ID),
      note: emptyNote(ID),
      outgoing: [],
      pending: null,
      creditedAt: () => undefined,
    };
    const closing = { channelId: ID, net: 0n, deadline: 100n };
    checkClosing(view, closing, SETTINGS, NOW);
    const incoming = { ...view, note: { ...view.note, ...lockSummary([lock()]) } };
    await expectError(() => checkClosing(incoming, closing, SETTINGS, NOW), "state_mismatch", { locked: 40 });
    const outgoing = { ...view, state: { ...view.state, ...lockSummary([lock()]) } };
    await expectError(() => checkClosing(outgoing, closing, SETTINGS, NOW), "state_mismatch", { locked: 40 });
  });

  it("case 31: in a collateral asset S takes back nothing that covers an incoming lock", async () => {
    const note = { ...emptyNote(ID), seq: 1n, ...lockSummary([lock()]) };
    const view = {
      funds: { ...funds, collateral: 150n },
      state: emptyState(ID),
      note,
      outgoing: [],
      pending: null,
      creditedAt: () => undefined,
    };
    const covered = { ...SETTINGS, backing: "collateral" } as const;
    const taking = (reclaimed: bigint) => ({ channelId: ID, withdrawn: 0n, reclaimed, recipient: bob, deadline: 100n });
    checkWithdrawal(view, taking(10n), covered, NOW);
    await expectError(() => checkWithdrawal(view, taking(11n), covered, NOW), "not_covered", { collateral: 10 });
  });
});

describe("invoice", () => {
  const { key, address } = person("bob");
  const invoice = { hash, amount: 5n, token: POINTS, expiry: 100n, account: address, memo: ZERO_HASH };
  const signature = sign(digest(SEPARATOR, hashInvoice(invoice)), key);

  it("is the payee's word, for one token", async () => {
    checkInvoice(SEPARATOR, { invoice, signature }, POINTS);
    await expectError(() => checkInvoice(SEPARATOR, { invoice, signature }, bob), "unknown_asset", { got: POINTS });
    for (const change of [{ hash: ZERO_HASH }, { amount: 6n }, { expiry: 101n }, { memo: hash }, { token: bob }]) {
      const changed = { ...invoice, ...change };
      await expectError(() => checkInvoice(SEPARATOR, { invoice: changed, signature }, changed.token), "wrong_signer");
    }
    const stolen = { ...invoice, account: person("mallory").address };
    await expectError(() => checkInvoice(SEPARATOR, { invoice: stolen, signature }, POINTS), "wrong_signer");
  });
});
