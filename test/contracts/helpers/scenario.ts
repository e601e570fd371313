import fc from "fast-check";

import { INT128_MAX, INT128_MIN, UINT128_MAX } from "../../../src/protocol";

/** Trees have up to this many locks; lock `i` of every tree has the same preimage. */
export const LOCKS = 3;

export interface ScenarioState {
  version: bigint;
  net: bigint;
  noteSeq: bigint;
  noteCredited: bigint;
  locked: bigint;
  amounts: bigint[];
}

export interface ScenarioNote {
  seq: bigint;
  credited: bigint;
  locked: bigint;
  amounts: bigint[];
}

/** One channel's life from its first deposit to its settlement, honest or not. */
export interface Scenario {
  backing: "issued" | "reserve" | "collateral";
  deposited: bigint;
  committed: bigint;
  reserve: bigint;
  bond: bigint;
  /** What the token still lets the hub mint, if it is issued. */
  mintable: bigint;
  withdrawn: bigint;
  closer: "user" | "humble" | "system";
  /** What the close shows, and a newer one that is stored before or shown after. */
  closed: ScenarioState;
  newer: ScenarioState | null;
  checkpointed: boolean;
  notes: ScenarioNote[];
  /** The note that the close shows: an index of `notes`, or none. */
  closedWith: number;
  /** Whether the notes are shown within the challenge period, or only after it. */
  early: boolean;
  /** Which preimages are registered in time. */
  revealed: boolean[];
}

const small = fc.bigInt(0n, 2_000n);
const uint128 = fc.oneof({ weight: 8, arbitrary: small }, fc.constantFrom(UINT128_MAX, 2n ** 112n));
const int128 = fc.oneof(
  { weight: 8, arbitrary: fc.bigInt(-2_000n, 2_000n) },
  fc.constantFrom(INT128_MIN, INT128_MAX, -1n, 0n),
);
const amounts = fc.array(fc.oneof({ weight: 8, arbitrary: small }, fc.constant(UINT128_MAX)), { maxLength: LOCKS });

/** What is locked is mostly, but not always, the sum of the leaves. */
const locked = fc.tuple(amounts, fc.option(uint128, { freq: 3 })).map(([list, other]) => {
  const sum = list.reduce((a, b) => a + b, 0n);
  return { amounts: list, locked: list.length === 0 ? 0n : (other ?? (sum > UINT128_MAX ? UINT128_MAX : sum)) };
});

const state = fc.record({ net: int128, locked });
const note = fc.record({ seq: fc.bigInt(1n, 6n), credited: uint128, locked });

export const scenario: fc.Arbitrary<Scenario> = fc
  .record({
    backing: fc.constantFrom("issued" as const, "reserve" as const, "collateral" as const),
    deposited: small,
    committed: small,
    reserve: small,
    bond: small,
    mintable: fc.constantFrom(0n, 1_000n, 10n ** 6n),
    withdrawn: fc.oneof(fc.constant(0n), small),
    closer: fc.constantFrom("user" as const, "humble" as const, "system" as const),
    first: state,
    version: fc.bigInt(0n, 3n),
    folded: fc.record({ seq: fc.bigInt(0n, 3n), credited: small }),
    second: fc.option(state, { freq: 2 }),
    later: fc.record({ versions: fc.bigInt(1n, 3n), seqs: fc.bigInt(0n, 2n), credited: small }),
    checkpointed: fc.boolean(),
    notes: fc.array(note, { maxLength: 4 }),
    closedWith: fc.option(fc.nat(3), { freq: 4, nil: -1 }),
    early: fc.boolean(),
    revealed: fc.array(fc.boolean(), { minLength: LOCKS, maxLength: LOCKS }),
  })
  .map(({ first, version, folded, second, later, notes, ...rest }) => {
    const empty = { version: 0n, net: 0n, noteSeq: 0n, noteCredited: 0n, locked: 0n, amounts: [] };
    const noteCredited = folded.seq === 0n ? 0n : folded.credited;
    const closed =
      version === 0n ? empty : { version, net: first.net, noteSeq: folded.seq, noteCredited, ...first.locked };
    // Neither the seq nor the credit that a state folds ever falls.
    const newer = second && {
      version: version + later.versions,
      net: second.net,
      noteSeq: closed.noteSeq + later.seqs,
      noteCredited: closed.noteCredited + (later.seqs === 0n ? 0n : later.credited),
      ...second.locked,
    };
    return {
      ...rest,
      closedWith: notes.length === 0 ? -1 : rest.closedWith % notes.length,
      closed,
      newer,
      notes: notes.map(({ seq, credited, locked: locks }) => ({ seq, credited, ...locks })),
    };
  });
