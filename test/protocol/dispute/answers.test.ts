import { expect } from "chai";
import fc from "fast-check";

import {
  answersTo,
  channelId,
  emptyNote,
  emptyState,
  hashState,
  maximum,
  noteValue,
  settle,
  systemCheatedByNote,
  toAddress,
  userCheated,
  type Answer,
  type CloseOnChain,
  type Defence,
  type Note,
  type Signature,
  type State,
} from "../../../src/protocol";

const [system, user, token] = ["11", "22", "33"].map((byte) => toAddress(`0x${byte.repeat(20)}`));
const id = channelId({ system: system!, user: user!, token: token!, epoch: 0n });
const signature = "0x" as Signature;
const signed = { signature, proof: [] };
const NOW = 1_000_000n;
const FUNDED = 1_000n;

/** All that was ever signed in a channel: states by version, notes by seq, and what of each one's locks was registered. */
interface Life {
  readonly states: readonly State[];
  readonly notes: readonly Note[];
  readonly registered: bigint;
}

interface Closing {
  readonly state: State;
  readonly note: Note;
  readonly bySystem: boolean;
  readonly humble: boolean;
}

const small = fc.bigInt(0n, 200n);

/** Versions, seqs and credits that only ever grow, as in section 3; the empty ones come first. */
const lives: fc.Arbitrary<Life> = fc
  .record({
    notes: fc.array(fc.record({ more: small, locked: small }), { maxLength: 5 }),
    states: fc.array(fc.record({ net: fc.bigInt(-300n, 300n), folds: fc.nat(2), locked: small }), { maxLength: 5 }),
    registered: small,
  })
  .map(({ notes: steps, states: moves, registered }) => {
    const notes = [emptyNote(id)];
    for (const { more, locked } of steps) {
      const last = notes[notes.length - 1]!;
      notes.push({ ...last, seq: last.seq + 1n, credited: last.credited + more, locked, locksExpiry: NOW + 900n });
    }
    const states = [emptyState(id)];
    for (const { net, folds, locked } of moves) {
      const last = states[states.length - 1]!;
      const folded = notes[Math.min(notes.length - 1, Number(last.noteSeq) + folds)]!;
      const [noteSeq, noteCredited] = [folded.seq, folded.credited];
      states.push({ ...last, version: last.version + 1n, net, noteSeq, noteCredited, locked, locksExpiry: NOW + 900n });
    }
    return { states, notes, registered };
  });

const cases = fc
  .tuple(lives, fc.nat(), fc.nat(), fc.boolean(), fc.boolean())
  .map(([life, state, note, bySystem, humble]) => {
    const { states, notes } = life;
    const closing: Closing = {
      state: states[state % states.length]!,
      note: notes[note % notes.length]!,
      bySystem,
      humble: humble && !bySystem,
    };
    return { life, closing };
  });

/** A close as the hub records it (section 6, contracts/base/Disputes.sol). */
function closeOf({ state, note, bySystem, humble }: Closing): CloseOnChain {
  const counts = note.seq > 0n && note.seq >= state.noteSeq;
  const judged = {
    ...{ challengeEnd: NOW + 100n, lockEnd: NOW + 500n, claimWindow: 100n, locksExpiry: NOW + 500n },
    ...{ bySystem, humble, version: state.version, noteSeq: state.noteSeq, stateHash: hashState(state) },
    seq: counts ? note.seq : state.noteSeq,
    credited: counts ? maximum(note.credited, state.noteCredited) : state.noteCredited,
    ...{ funded: FUNDED, collateral: FUNDED, paid: 0n },
  };
  return { judged, standing: state, shown: undefined, systemCheated: false };
}

function defenceOf(side: Defence["side"], life: Life, proven = 0n): Defence {
  const { states, notes, registered } = life;
  const [state, note] = [states[states.length - 1]!, notes[notes.length - 1]!];
  return {
    side,
    completed: state.version === 0n ? undefined : { state, userSignature: signature, systemSignature: signed },
    held: note.seq === 0n ? undefined : { note, signed },
    claims: { locks: [], total: registered, unregistered: [], until: undefined },
    proven,
    mayTie: false,
  };
}

/** What the hub makes of an answer; throws where it would revert. */
function show(close: CloseOnChain, answer: Answer, life: Life): { close: CloseOnChain; userPenalised: boolean } {
  const { judged, standing, systemCheated } = close;
  switch (answer.show) {
    case "state": {
      const { state } = answer.evidence;
      if (!judged.bySystem && !judged.humble && userCheated(judged.version, state.version)) {
        return { close, userPenalised: true };
      }
      if (state.version <= standing.version) throw new Error("Hub_Stale");
      const convicted = systemCheated || judged.bySystem;
      return { close: { ...close, standing: state, systemCheated: convicted }, userPenalised: false };
    }
    case "note": {
      const { note } = answer.held;
      if (note.seq < standing.noteSeq) throw new Error("Hub_Stale");
      if (hashState(answer.standing) !== hashState(standing)) throw new Error("Hub_WrongState");
      const value = noteValue({ ...note, registered: life.registered });
      const shown = close.shown ?? { value: judged.credited, seq: judged.seq, locksExpiry: 0n };
      const isBetter = shown.seq < standing.noteSeq || value > shown.value;
      const best = isBetter ? { value, seq: note.seq, locksExpiry: NOW + 500n } : shown;
      const hidden = judged.bySystem && (note.seq > judged.seq || note.credited > judged.credited);
      return { close: { ...close, shown: best, systemCheated: systemCheated || hidden }, userPenalised: false };
    }
    case "locks":
      if (hashState(answer.of) !== hashState(standing)) throw new Error("Hub_WrongState");
      return { close, userPenalised: false };
  }
}

/** All answers of a side, and what comes of them. */
function answerAll(first: CloseOnChain, defence: Defence, life: Life) {
  const answers = answersTo(first, defence, NOW);
  let close = first;
  let userPenalised = false;
  for (const answer of answers) {
    expect(userPenalised, "nothing is shown on a channel that is settled").to.equal(false);
    ({ close, userPenalised } = show(close, answer, life));
  }
  return { answers, close, userPenalised };
}

/** What U is due in the end; the system has shown its locks. */
function dueAfter({ judged, standing, shown, systemCheated }: CloseOnChain, outgoing: bigint): bigint {
  const { value, seq } = shown ?? { value: judged.credited, seq: judged.seq };
  const notes = [{ seq, credited: value, locked: 0n, registered: 0n }];
  return settle({ funded: FUNDED, state: standing, shown: notes, outgoing, systemCheated, paid: judged.paid }).due;
}

describe("what is shown on a pending close", () => {
  it("gives the user all that its newest state and note are worth, whatever S closes with (cases 7, 17)", () => {
    fc.assert(
      fc.property(cases, ({ life, closing }) => {
        const { close } = answerAll(
          closeOf({ ...closing, bySystem: true, humble: false }),
          defenceOf("user", life),
          life,
        );
        const [state, note] = [life.states[life.states.length - 1]!, life.notes[life.notes.length - 1]!];
        const due = settle({
          funded: FUNDED,
          state,
          shown: [{ ...note, registered: life.registered }],
          outgoing: life.registered,
          systemCheated: close.systemCheated,
          paid: 0n,
        }).due;
        expect(close.standing).to.deep.equal(state);
        expect(dueAfter(close, life.registered) >= due).to.equal(true);
      }),
    );
  });

  it("convicts S exactly when it closed with what it had revoked (section 5)", () => {
    fc.assert(
      fc.property(cases, ({ life, closing }) => {
        const { state, note } = closing;
        const { close } = answerAll(
          closeOf({ ...closing, bySystem: true, humble: false }),
          defenceOf("user", life),
          life,
        );
        const [newest, held] = [life.states[life.states.length - 1]!, life.notes[life.notes.length - 1]!];
        const cheated =
          newest.version > state.version ||
          (held.seq >= newest.noteSeq && held.seq > 0n && systemCheatedByNote(state, note, held));
        expect(close.systemCheated).to.equal(cheated);
      }),
    );
  });

  it("never convicts the user by what its own side shows (case 7)", () => {
    fc.assert(
      fc.property(cases, ({ life, closing }) => {
        const { userPenalised } = answerAll(closeOf({ ...closing, bySystem: false }), defenceOf("user", life), life);
        expect(userPenalised).to.equal(false);
      }),
    );
  });

  it("takes from S no more than the newest state and note oblige it to, or penalises the user (property 3)", () => {
    fc.assert(
      fc.property(cases, ({ life, closing }) => {
        const first = closeOf({ ...closing, bySystem: false });
        const { close, answers, userPenalised } = answerAll(first, defenceOf("system", life), life);
        const newest = life.states[life.states.length - 1]!;
        const isRevoked = !closing.humble && userCheated(closing.state.version, newest.version);
        expect(userPenalised).to.equal(isRevoked);
        if (isRevoked) return;
        const shown = answers.some((answer) => answer.show === "locks") ? life.registered : 0n;
        const due = settle({
          funded: FUNDED,
          state: newest,
          shown: life.notes.map((note) => ({ ...note, registered: life.registered })),
          outgoing: life.registered,
          systemCheated: false,
          paid: 0n,
        }).due;
        expect(dueAfter(close, shown) <= due).to.equal(true);
      }),
    );
  });

  it("shows a system's own close nothing newer, which would convict it", () => {
    fc.assert(
      fc.property(cases, ({ life, closing }) => {
        const first = closeOf({ ...closing, bySystem: true, humble: false });
        const { close } = answerAll(first, defenceOf("system", life), life);
        expect([close.standing, close.systemCheated]).to.deep.equal([closing.state, false]);
      }),
    );
  });

  it("says nothing more once all is shown", () => {
    fc.assert(
      fc.property(cases, fc.constantFrom("user" as const, "system" as const), ({ life, closing }, side) => {
        const { close, userPenalised } = answerAll(closeOf(closing), defenceOf(side, life), life);
        if (userPenalised) return;
        expect(answersTo(close, defenceOf(side, life, life.registered), NOW)).to.deep.equal([]);
      }),
    );
  });

  it("shows no state and convicts nobody after the challenge period, but still proves what a note is worth", () => {
    fc.assert(
      fc.property(cases, ({ life, closing }) => {
        const close = closeOf({ ...closing, bySystem: true, humble: false });
        for (const answer of answersTo(close, defenceOf("user", life), close.judged.challengeEnd)) {
          expect(answer).to.include({ show: "note", convicts: false, until: close.judged.locksExpiry + 100n });
        }
      }),
    );
  });
});
