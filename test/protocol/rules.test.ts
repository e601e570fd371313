import { expect } from "chai";

import {
  available,
  balance,
  checkClosing,
  checkCredit,
  checkNote,
  checkOwnWithdrawal,
  checkProposal,
  checkWithdrawal,
  defaultAllotment,
  emptyNote,
  emptyState,
  lockSummary,
  netOf,
  nextState,
  NO_FUNDS,
  systemCheatedByNote,
  systemCheatedByState,
  toAddress,
  userCheated,
  ZERO_HASH,
  type AssetSettings,
  type ChannelId,
  type Note,
  type StateOperation,
  type SystemView,
  type UserView,
  type Withdrawal,
} from "../../src/protocol";
import { expectError } from "../helpers/errors";

const ID = ZERO_HASH as string as ChannelId;
const bob = toAddress("0x00000000000000000000000000000000000000b0");
const asset: AssetSettings = {
  backing: "issued",
  challengePeriod: 1_000n,
  claimWindow: 1_000n,
  lockLimit: 1_000n,
  award: 0n,
  staleFee: 0n,
};
const covered: AssetSettings = { ...asset, backing: "collateral" };
const pay = (amount: bigint): StateOperation => ({ type: "pay", to: bob, amount, reference: ZERO_HASH });

function view(changes: Partial<SystemView> = {}): SystemView {
  return {
    funds: { ...NO_FUNDS, deposited: 100n, collateral: 100n },
    state: { ...emptyState(ID), version: 3n, net: -20n, noteSeq: 1n, noteCredited: 5n },
    note: { ...emptyNote(ID), seq: 4n, credited: 45n },
    outgoing: [],
    pending: null,
    creditedAt: (seq) => ({ "3": 30n, "4": 45n })[String(seq)],
    ...changes,
  };
}

function userView(changes: Partial<UserView> = {}): UserView {
  return {
    ...view(),
    incoming: [],
    released: new Set(),
    registered: new Set(),
    finalTime: 0n,
    signedReclaimed: 0n,
    closing: false,
    ...changes,
  };
}

const believe = (user: UserView, note: Note, settings: AssetSettings) => checkNote(user, note, [], settings, 10n);

const withdrawal = (changes: Partial<Withdrawal> = {}): Withdrawal => ({
  channelId: ID,
  withdrawn: 50n,
  reclaimed: 0n,
  recipient: bob,
  deadline: 500n,
  ...changes,
});

describe("balance", () => {
  it("is what was deposited and received, less what was withdrawn and paid", () => {
    const { funds, state, note } = view();
    expect(balance(funds, state, note)).to.equal(100n - 20n + 40n);
    expect(netOf(state, { ...note, seq: 0n })).to.equal(-20n);
    expect(available(funds, { ...state, locked: 7n }, note, withdrawal())).to.equal(120n - 7n - 50n);
  });

  it("leaves the allotment out: 10,000,000,000 whole tokens", () => {
    expect(defaultAllotment(18)).to.equal(10_000_000_000n * 10n ** 18n);
    expect(defaultAllotment(0)).to.equal(10_000_000_000n);
  });
});

describe("system rules (section 4)", () => {
  it("S2: countersigns exactly what the operations lead to", () => {
    const operations: StateOperation[] = [{ type: "fold", seq: 4n, credited: 45n }, pay(120n)];
    checkProposal(view(), nextState(view().state, operations), operations);
  });

  it("S2: refuses any other version, content, fold or amount", async () => {
    const { state } = view();
    const one = [pay(1n)];
    const check = (proposal: typeof state, operations: StateOperation[]) => () =>
      checkProposal(view(), proposal, operations);
    await expectError(check({ ...nextState(state, one), version: 3n }, one), "stale_version", { got: 3, want: 4 });
    await expectError(check({ ...nextState(state, one), version: 5n }, one), "stale_version", { got: 5, want: 4 });
    await expectError(check(nextState(state, []), []), "state_mismatch", { operations: 0 });
    for (const change of [{ net: 0n }, { noteSeq: 4n }, { noteCredited: 45n }, { locked: 1n }, { memo: ZERO_HASH }]) {
      await expectError(check({ ...nextState(state, one), ...change }, one), "state_mismatch");
    }
    for (const [seq, credited] of [
      [4n, 46n],
      [3n, 31n],
      [2n, 20n],
      [5n, 60n],
    ] as const) {
      const fold: StateOperation[] = [{ type: "fold", seq, credited }];
      await expectError(check(nextState(state, fold), fold), "unknown_note", { seq, credited });
    }
    const much = [pay(121n)];
    await expectError(check(nextState(state, much), much), "insufficient_balance", { short: 1 });
  });

  it("S2: what is being withdrawn is not available", async () => {
    const pending = view({ pending: withdrawal() });
    const operations = [pay(71n)];
    await expectError(
      () => checkProposal(pending, nextState(pending.state, operations), operations),
      "insufficient_balance",
      {
        short: 1,
      },
    );
  });

  it("credits within the allotment, and in a collateral asset within the channel's own cover (case 31)", async () => {
    checkCredit(view(), 80n, asset, 100n);
    await expectError(() => checkCredit(view(), 81n, asset, 100n), "allotment_exceeded", { owed: 201, allotment: 100 });
    const full = view({ funds: { ...NO_FUNDS, deposited: 100n, collateral: 150n } });
    checkCredit(full, 30n, covered, 100n);
    await expectError(() => checkCredit(full, 31n, covered, 100n), "not_covered", { owed: 151, collateral: 150 });
  });

  it("case 31: what S may take back by a signed withdrawal covers nothing any more", async () => {
    const funds = { ...NO_FUNDS, deposited: 100n, collateral: 150n };
    const taking = (reclaimed: bigint) => withdrawal({ withdrawn: 0n, reclaimed });
    const pending = view({ funds, pending: taking(20n) });
    checkCredit(pending, 10n, covered, 100n);
    await expectError(() => checkCredit(pending, 11n, covered, 100n), "not_covered", { owed: 131, collateral: 130 });
    checkCredit(pending, 110n, asset, 100n);
    await expectError(() => checkCredit(pending, 111n, asset, 100n), "allotment_exceeded", { owed: 231 });
    checkWithdrawal(view({ funds }), taking(30n), covered, 10n);
    await expectError(() => checkWithdrawal(view({ funds }), taking(31n), covered, 10n), "not_covered", {
      reclaimed: 31,
      collateral: 30,
    });
    checkWithdrawal(view({ funds }), taking(150n), asset, 10n);
  });

  it("S8: one withdrawal at a time, of what is there, in time", async () => {
    checkWithdrawal(view(), withdrawal(), asset, 10n);
    checkWithdrawal(view(), withdrawal({ reclaimed: 50n }), asset, 10n);
    const check =
      (changes: Partial<Withdrawal>, now = 10n) =>
      () =>
        checkWithdrawal(view(), withdrawal(changes), asset, now);
    await expectError(
      () => checkWithdrawal(view({ pending: withdrawal() }), withdrawal(), asset, 10n),
      "withdrawal_pending",
    );
    await expectError(check({ withdrawn: 0n }), "bad_withdrawal");
    await expectError(check({ withdrawn: 121n }), "insufficient_balance", { short: 1 });
    await expectError(check({ withdrawn: 60n, reclaimed: 41n }), "not_covered", { reclaimed: 41, collateral: 40 });
    await expectError(check({ deadline: 10n }), "bad_deadline");
    await expectError(check({ deadline: 1_011n }), "bad_deadline", { limit: 1_010 });
  });

  it("S8: closes with what the channel stands at, and no locks", async () => {
    const closing = { channelId: ID, net: 20n, deadline: 100n };
    checkClosing(view(), closing, asset, 10n);
    await expectError(() => checkClosing(view(), { ...closing, net: 21n }, asset, 10n), "state_mismatch", { want: 20 });
    const locked = view({ state: { ...view().state, locked: 1n } });
    await expectError(() => checkClosing(locked, closing, asset, 10n), "state_mismatch", { locked: 1 });
    await expectError(() => checkClosing(view({ pending: withdrawal() }), closing, asset, 10n), "withdrawal_pending");
    await expectError(() => checkClosing(view(), closing, asset, 100n), "bad_deadline");
  });
});

describe("user rules (section 4)", () => {
  const next = { ...emptyNote(ID), seq: 5n, credited: 60n };

  it("U5: believes a note that takes nothing back", async () => {
    believe(userView(), next, asset);
    for (const change of [{ seq: 4n }, { credited: 44n }, { seq: 1n }]) {
      await expectError(() => believe(userView(), { ...next, ...change }, asset), "stale_note");
    }
  });

  it("U5: believes nothing of another epoch, or while a close is pending", async () => {
    const other = `0x${"11".repeat(32)}` as ChannelId;
    await expectError(() => believe(userView(), { ...next, channelId: other }, asset), "channel_frozen");
    await expectError(() => believe(userView({ closing: true }), next, asset), "channel_frozen");
  });

  it("U5: in a collateral asset, only what stays covered after all that U signed away", async () => {
    const funds = { ...NO_FUNDS, deposited: 100n, collateral: 150n, reclaimed: 10n };
    const due = 100n - 20n + 60n - 5n;
    believe(userView({ funds, signedReclaimed: 25n }), next, covered);
    await expectError(() => believe(userView({ funds, signedReclaimed: 26n }), next, covered), "not_covered", {
      due,
      collateral: 134,
    });
    const lock = { index: 0n, hash: ZERO_HASH, amount: 16n, expiry: 100n };
    const locking = { ...next, ...lockSummary([lock]) };
    await expectError(() => checkNote(userView({ funds }), locking, [lock], covered, 10n), "not_covered", {
      due: due + 16n,
      collateral: 150,
    });
  });

  it("U5, U6: signs a withdrawal on the same condition, with a near deadline", async () => {
    checkOwnWithdrawal(userView(), withdrawal(), asset, 10n);
    await expectError(
      () => checkOwnWithdrawal(userView(), withdrawal({ deadline: 2_000n }), asset, 10n),
      "bad_deadline",
    );
    await expectError(
      () => checkOwnWithdrawal(userView({ closing: true }), withdrawal(), asset, 10n),
      "channel_frozen",
    );
    const funds = { ...NO_FUNDS, deposited: 100n, collateral: 130n, withdrawn: 5n, reclaimed: 5n };
    checkOwnWithdrawal(userView({ funds }), withdrawal({ reclaimed: 20n }), covered, 10n);
    await expectError(
      () => checkOwnWithdrawal(userView({ funds }), withdrawal({ reclaimed: 21n }), covered, 10n),
      "not_covered",
    );
    await expectError(
      () => checkOwnWithdrawal(userView({ funds }), withdrawal({ withdrawn: 4n }), covered, 10n),
      "bad_withdrawal",
    );
  });
});

describe("revocation (section 5)", () => {
  it("case 7: a user cheats two versions back, a system one", () => {
    expect([3n, 4n, 5n, 6n].map((evidence) => userCheated(4n, evidence))).to.deep.equal([false, false, false, true]);
    expect([3n, 4n, 5n].map((evidence) => systemCheatedByState(4n, evidence))).to.deep.equal([false, false, true]);
  });

  it("a system cheats by hiding a note, in seq or in credit", () => {
    const { state, note } = view();
    const shown = (seq: bigint, credited: bigint) => systemCheatedByNote(state, note, { ...note, seq, credited });
    expect([shown(4n, 45n), shown(5n, 1n), shown(2n, 46n), shown(0n, 99n)]).to.deep.equal([false, true, true, false]);
    const none = emptyNote(ID);
    expect(systemCheatedByNote(state, none, { ...note, seq: 1n, credited: 5n })).to.equal(false);
    expect(systemCheatedByNote(state, none, { ...note, seq: 2n, credited: 5n })).to.equal(true);
  });
});
