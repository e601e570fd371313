import { fail } from "../errors";
import { emptyNote } from "./channel";
import type { NoteOperation, StateOperation } from "./operations";
import { maximum, within } from "./primitives";
import { advanceNote, advanceState } from "./transitions";
import type { Hash, Lock, Note, State } from "./types";

/** What a resynchronised state's version and its note's seq are ahead by at least, of anything that either side has shown. */
export const JUMP = 2n ** 32n;
/**
 * Versions and seqs per second of the chain's time: of two losses the later jump lands above all that was signed since the
 * earlier one, even where that is lost or hidden.
 */
const PACE = 2n ** 30n;
/** Beyond it a version or seq is no honest one, and leaves no room for jumps to come: databases keep 63 bits. Time is there in 2174. */
const FARTHEST = 3n * 2n ** 61n;

/** Where a channel stands: the latest complete state and the latest note, with their locks. */
export interface Position {
  readonly state: State;
  readonly outgoing: readonly Lock[];
  readonly note: Note;
  readonly incoming: readonly Lock[];
}

/** A lock that is paid, by its place in its own tree, and the preimage that shows it. */
export interface PaidLock {
  readonly index: bigint;
  readonly preimage: Hash;
}

/** The locks that are paid, of each tree by itself: one hash may be in both, and be public in time for one of them alone. */
export interface PaidLocks {
  readonly outgoing: readonly PaidLock[];
  readonly incoming: readonly PaidLock[];
}

/** What both sides sign after a loss of data: neither holds locks. */
export interface Resynchronisation {
  readonly note: Note;
  /** What the note's memo is the hash of. */
  readonly noteOperations: readonly NoteOperation[];
  readonly state: State;
  /** What the state's memo is the hash of. */
  readonly operations: readonly StateOperation[];
}

/** The better of two states and of two notes, each with its locks: of equals the first. */
export function bestOf(one: Position, other: Position): Position {
  const { state, outgoing } = other.state.version > one.state.version ? other : one;
  const { note, incoming } = isBetter(other.note, one.note) ? other : one;
  return { state, outgoing, note, incoming };
}

/**
 * S7: the note and the state that folds it, on top of the best that both sides have shown and above all that was ever signed
 * before `time`. The locks that are paid become credit and debit; every other one is to be past its expiry, and is dropped.
 * @param time Unix seconds of a final block, later than what was signed before the loss could be sent
 * @throws unknown_lock, wrong_preimage, out_of_range
 */
export function resynchronise(best: Position, paid: PaidLocks, time: bigint): Resynchronisation {
  const { state, outgoing } = best;
  const { note: before, locks } = noteThatCounts(best);
  const settled = paid.incoming.map((one): NoteOperation => ({ type: "settleLock", ...one }));
  const lapsed = without(locks, paid.incoming).map(({ index }): NoteOperation => ({ type: "lapseLock", index }));
  const noteOperations = [...settled, ...lapsed];
  const seq = beyond(before.seq, time, "seq") - 1n;
  const { note } = advanceNote({ ...before, seq }, locks, noteOperations);
  const fold = { type: "fold", seq: note.seq, credited: note.credited } as const;
  const folded = paid.outgoing.map((one): StateOperation => ({ type: "foldLock", ...one }));
  const dropped = without(outgoing, paid.outgoing).map(({ index }): StateOperation => ({ type: "dropLock", index }));
  const operations = [fold, ...folded, ...dropped];
  const version = beyond(state.version, time, "version") - 1n;
  return { note, noteOperations, state: advanceState({ ...state, version }, outgoing, operations).state, operations };
}

/**
 * Whether every lock of a position has ended as of the final block of time `finalTime`: before that nobody knows what is paid.
 * @throws lock_pending
 */
export function requireEnded({ outgoing, incoming }: Pick<Position, "outgoing" | "incoming">, finalTime: bigint): void {
  const pending = [...outgoing, ...incoming].find(({ expiry }) => expiry >= finalTime);
  if (pending !== undefined) fail("lock_pending", { hash: pending.hash, until: pending.expiry });
}

function beyond(best: bigint, time: bigint, field: string): bigint {
  const target = maximum(within(best, 0n, FARTHEST, field) + JUMP, time * PACE);
  return within(target, 0n, FARTHEST + JUMP, field);
}

function without(locks: readonly Lock[], paid: readonly PaidLock[]): Lock[] {
  return locks.filter(({ index }) => !paid.some((one) => one.index === index));
}

/** The incoming locks of a position that are worth anything: none of a note that is older than the state has folded. */
export function locksThatCount(position: Position): readonly Lock[] {
  return noteThatCounts(position).locks;
}

/** A state that has folded a newer note leaves nothing of an older one but what it folded. */
function noteThatCounts({ state, note, incoming }: Position): { readonly note: Note; readonly locks: readonly Lock[] } {
  if (note.seq >= state.noteSeq) return { note, locks: incoming };
  return { note: { ...emptyNote(state.channelId), seq: state.noteSeq, credited: state.noteCredited }, locks: [] };
}

function isBetter(a: Note, b: Note): boolean {
  return a.seq === b.seq ? a.credited > b.credited : a.seq > b.seq;
}
