import { expect } from "chai";

import { nextStep, stepOf } from "../../src/sdk/exit/plan";
import type { DisputeOnChain, Situation } from "../../src/sdk/exit/situation";
import {
  channelId,
  emptyNote,
  emptyState,
  hashState,
  keccakText,
  toAddress,
  ZERO_HASH,
  type Signature,
} from "../../src/protocol";
import { expectError } from "../helpers/errors";
import { SETTINGS } from "../helpers/service";

const [system, user, token] = ["11", "22", "33"].map((byte) => toAddress(`0x${byte.repeat(20)}`));
const channel = { system: system!, user: user!, token: token!, epoch: 0n };
const id = channelId(channel);
const NOW = 1_000_000n;
const signature = "0x" as Signature;
const signed = { signature, proof: [] };

const stateOf = (version: bigint, net = 0n) => ({ ...emptyState(id), version, net });
const completeOf = (version: bigint, net = 0n) => ({
  state: stateOf(version, net),
  userSignature: signature,
  systemSignature: signed,
});
const noteOf = (seq: bigint, credited: bigint) => ({ note: { ...emptyNote(id), seq, credited }, locks: [], signed });

const shownOf = (value: bigint) => ({ value, seq: 0n, locksExpiry: 0n });

type Judging = Partial<DisputeOnChain["close"]["judged"]>;

/** A close with version 5 and no note, half way through its challenge period. */
function disputeOf(judging: Judging = {}, changes: Partial<DisputeOnChain> = {}): DisputeOnChain {
  const standing = changes.standing ?? stateOf(5n);
  const judged = {
    ...{ funded: 100n, collateral: 100n, paid: 0n, bySystem: false, humble: false },
    ...{ challengeEnd: NOW + 500n, lockEnd: NOW + 500n, claimWindow: 1_000n },
    ...{ version: 5n, noteSeq: 0n, stateHash: hashState(stateOf(5n)), seq: 0n, credited: 0n, locksExpiry: 0n },
    ...judging,
  };
  const close = { id, judged, record: {} as never, block: 1n, transaction: ZERO_HASH };
  const settleableFrom = NOW + 1_500n;
  return { close, standing, shown: undefined, systemCheated: false, proven: 0n, settleableFrom, ...changes };
}

function situationOf(changes: Partial<Situation> = {}, held: Partial<Situation["evidence"]> = {}): Situation {
  const nothing = { completed: undefined, held: undefined, preimages: [], agreement: undefined, mayBeBehind: false };
  return {
    now: NOW,
    finalTime: NOW - 100n,
    evidence: { channel, ...nothing, ...held },
    asset: { settings: { ...SETTINGS, staleFee: 9n }, reserve: 0n, bond: 0n, claims: 0n, awards: 0n },
    channel: {
      ...{ id, epoch: 0n, closing: changes.dispute !== undefined, systemCheated: false },
      ...{ standingVersion: undefined, shown: undefined },
      funds: { deposited: 100n, withdrawn: 0n, reclaimed: 0n, collateral: 100n },
    },
    isOver: false,
    dispute: undefined,
    locks: { locks: [], total: 0n, unregistered: [], until: undefined },
    due: 100n,
    outgoing: 0n,
    collectable: [],
    ...changes,
  };
}

describe("the next step out", () => {
  const next = (situation: Situation, isOriginalKey = false): string => nextStep(situation, isOriginalKey).do;

  it("closes humbly with the fee, or ordinarily without it for an original key", () => {
    const close = { do: "close", due: 100n, mayBeBehind: false };
    expect(nextStep(situationOf(), false)).to.deep.equal({ ...close, humble: true, fee: 9n });
    expect(nextStep(situationOf(), true)).to.deep.equal({ ...close, humble: false, fee: 0n });
  });

  it("case 26: closes humbly with papers that may be behind, whatever is said of the key", () => {
    const step = nextStep(situationOf({}, { mayBeBehind: true }), true);
    expect(step).to.deep.equal({ do: "close", humble: true, fee: 9n, due: 100n, mayBeBehind: true });
    expect(nextStep(situationOf({ due: 0n }, { mayBeBehind: true }), true)).to.deep.equal({
      do: "done",
      because: "your file can prove nothing more; there may be newer",
    });
  });

  it("sends the closing that both signed, and closes otherwise only once that has lapsed (S8)", async () => {
    const closing = { channelId: id, net: 0n, deadline: NOW + 50n };
    const signedByBoth = { closing, signature, systemSignature: signature };
    const step = { do: "agree", signed: signedByBoth, due: 100n };
    const agreed = situationOf({}, { agreement: signedByBoth });
    expect([nextStep(agreed, true), stepOf("close", agreed, true)]).to.deep.equal([step, step]);
    const wait = { do: "wait", until: NOW + 51n, for: "the closing that you signed to lapse" };
    for (const pending of [
      situationOf({}, { agreement: { closing, signature } }),
      situationOf({ now: NOW + 50n }, { agreement: signedByBoth }),
      situationOf({ now: NOW + 99n, finalTime: NOW + 50n }, { agreement: signedByBoth }),
    ]) {
      expect(nextStep(pending, true)).to.deep.equal(wait);
      await expectError(() => stepOf("close", pending, true), "closing_pending", { until: NOW + 51n });
    }
    expect(next(situationOf({ finalTime: NOW + 51n }, { agreement: signedByBoth }))).to.equal("close");
    const disputed = { dispute: disputeOf({ bySystem: true }) };
    const completed = completeOf(6n);
    expect(next(situationOf(disputed, { completed, agreement: { closing, signature } }))).to.equal("challenge");
  });

  it("registers preimages before it closes (case 18)", () => {
    const unregistered = [keccakText("preimage")];
    const step = nextStep(situationOf({ locks: { locks: [], total: 5n, unregistered, until: NOW } }), false);
    expect(step).to.deep.equal({ do: "register", preimages: unregistered });
  });

  it("does not close a channel that holds nothing for the user", () => {
    expect(next(situationOf({ due: 0n }))).to.equal("done");
  });

  for (const [what, judging, own, step] of [
    ["the system's close with an older state", { bySystem: true }, 6n, "challenge"],
    ["the system's close with a much older state", { bySystem: true }, 9n, "challenge"],
    ["its own humble close with an older state", { humble: true }, 9n, "challenge"],
    ["its own ordinary close with the version before", {}, 6n, "challenge"],
    ["its own ordinary close with an older one: it would convict itself (case 7)", {}, 7n, "wait"],
    ["a close with the same state", { bySystem: true }, 5n, "wait"],
    ["a close with a newer state than it holds", { bySystem: true }, 4n, "wait"],
  ] as const) {
    it(`given ${what}: ${step}`, () => {
      const situation = situationOf({ dispute: disputeOf(judging) }, { completed: completeOf(own) });
      expect(next(situation)).to.equal(step);
    });
  }

  it("shows its own of two states of one version (case 8)", () => {
    const completed = completeOf(5n, -3n);
    expect(next(situationOf({ dispute: disputeOf({ bySystem: true }) }, { completed }))).to.equal("challenge");
    const shown = disputeOf({ bySystem: true }, { standing: completed.state });
    expect(next(situationOf({ dispute: shown }, { completed }))).to.equal("wait");
  });

  it("shows no state after the challenge period", () => {
    const dispute = disputeOf({ bySystem: true, challengeEnd: NOW });
    expect(next(situationOf({ dispute }, { completed: completeOf(6n) }))).to.equal("wait");
  });

  for (const [what, judging, changes, held, step] of [
    ["a note worth more than what was shown", {}, { shown: shownOf(10n) }, noteOf(1n, 11n), "prove"],
    ["a note worth no more", {}, { shown: shownOf(11n) }, noteOf(1n, 11n), "wait"],
    [
      "a note that the standing state has folded",
      {},
      { standing: { ...stateOf(5n), noteSeq: 2n } },
      noteOf(1n, 99n),
      "wait",
    ],
    ["a hidden note of no more value, which convicts the system", { bySystem: true }, {}, noteOf(1n, 0n), "prove"],
    ["the same once the system is convicted", { bySystem: true }, { systemCheated: true }, noteOf(1n, 0n), "wait"],
    ["the same after the challenge period", { bySystem: true, challengeEnd: NOW }, {}, noteOf(1n, 0n), "wait"],
  ] as const) {
    it(`given ${what}: ${step}`, () => {
      expect(next(situationOf({ dispute: disputeOf(judging, changes) }, { held }))).to.equal(step);
    });
  }

  it("proves locks that are worth more than what was proven, and not again", () => {
    const held = { note: { ...noteOf(1n, 10n).note, locked: 5n, locksRoot: ZERO_HASH }, locks: [], signed };
    const locks = { locks: [], total: 5n, unregistered: [], until: undefined };
    expect(next(situationOf({ dispute: disputeOf({}, { shown: shownOf(10n) }), locks }, { held }))).to.equal("prove");
    expect(
      next(situationOf({ dispute: disputeOf({}, { shown: shownOf(15n), proven: 5n }), locks }, { held })),
    ).to.equal("wait");
  });

  it("settles as soon as it can, and not before", async () => {
    const early = situationOf({ dispute: disputeOf() });
    expect(nextStep(early, false)).to.deep.equal({ do: "wait", until: NOW + 1_500n, for: "settlement" });
    await expectError(() => stepOf("settle", early, false), "not_yet", { now: NOW, from: NOW + 1_500n });
    const ripe = situationOf({ dispute: disputeOf({ challengeEnd: NOW - 1n }, { settleableFrom: NOW }) });
    expect(nextStep(ripe, false)).to.deep.equal({ do: "settle", standing: stateOf(5n), due: 100n });
  });

  it("collects what is ready, waits for the earliest award, and does not wait for a claim", () => {
    const award = (index: bigint, readyAt: bigint) => ({ kind: "award", index, amount: 5n, readyAt }) as const;
    const claim = { kind: "claim", index: 0n, amount: 8n, readyAt: undefined } as const;
    const over = (...collectable: Situation["collectable"]) =>
      nextStep(situationOf({ isOver: true, collectable }), false);
    expect(over(claim, award(1n, NOW), award(2n, NOW + 1n))).to.deep.equal({ do: "collect", items: [award(1n, NOW)] });
    expect(over(award(2n, NOW + 9n), claim, award(1n, NOW + 4n))).to.deep.include({ do: "wait", until: NOW + 4n });
    expect(over(claim)).to.deep.equal({
      do: "done",
      because: "8 is claimed, and paid once the system's reserve has it",
    });
    expect(over()).to.deep.equal({ do: "done", because: "nothing is left here" });
  });

  it("names what a subcommand cannot do", async () => {
    const standing = { ...stateOf(5n), noteSeq: 4n };
    const dispute = disputeOf({ bySystem: true }, { standing });
    const late = disputeOf({ bySystem: true, challengeEnd: NOW }, { standing });
    const completed = completeOf(6n);
    await expectError(() => stepOf("challenge", situationOf({ dispute: late }, { completed }), false), "too_late");
    await expectError(() => stepOf("challenge", situationOf({ dispute }), false), "stale_version", {
      got: 0n,
      stands: 5n,
    });
    await expectError(() => stepOf("prove", situationOf({ dispute }), false), "unknown_note");
    await expectError(() => stepOf("prove", situationOf({ dispute }, { held: noteOf(3n, 1n) }), false), "stale_note");
    await expectError(() => stepOf("prove", situationOf(), false), "no_close_pending");
    await expectError(() => stepOf("close", situationOf({ dispute }), false), "channel_frozen");
    await expectError(() => stepOf("close", situationOf({ isOver: true }), false), "stale_version");
  });
});
