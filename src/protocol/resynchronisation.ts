import { fail } from "../errors";
import { emptyNote } from "./channel";
import { hashOfPreimage } from "./locks";
import type { NoteOperation, StateOperation } from "./operations";
import { UINT64_MAX, within } from "./primitives";
import { advanceNote, advanceState } from "./transitions";
import type { Hash, Lock, Note, State } from "./types";

/** What a resynchronised state's version and its note's seq are ahead by, of anything that either side may have hidden. */
export const JUMP = 2n ** 32n;
/** Beyond it a version or seq is no honest one, and leaves no room for jumps to come. */
const FARTHEST = UINT64_MAX / 4n;

/** Where a channel stands: the latest complete state and the latest note, with their locks. */
export interface Position {
  readonly state: State;
  readonly outgoing: readonly Lock[];
  readonly note: Note;
  readonly incoming: readonly Lock[];
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
 * S7: the note of seq + 2^32 and the state of version + 2^32 that folds it, on top of the best that both sides have shown. The
 * locks that are paid become credit and debit; every other one is to be past its expiry, and is dropped.
 * @param preimages of the locks, either way, that are paid
 * @throws out_of_range
 */
export function resynchronise(best: Position, preimages: readonly Hash[]): Resynchronisation {
  const { state, outgoing } = best;
  const { note: before, locks } = noteThatCounts(best);
  const paid = new Map(preimages.map((preimage) => [hashOfPreimage(preimage), preimage]));
  const noteOperations = locks.map(({ index, hash }): NoteOperation => {
    const preimage = paid.get(hash);
    return preimage === undefined ? { type: "lapseLock", index } : { type: "settleLock", index, preimage };
  });
  const seq = within(before.seq, 0n, FARTHEST, "seq") + JUMP - 1n;
  const { note } = advanceNote({ ...before, seq }, locks, noteOperations);
  const fold = { type: "fold", seq: note.seq, credited: note.credited } as const;
  const ended = outgoing.map(({ index, hash }): StateOperation => {
    const preimage = paid.get(hash);
    return preimage === undefined ? { type: "dropLock", index } : { type: "foldLock", index, preimage };
  });
  const operations = [fold, ...ended];
  const version = within(state.version, 0n, FARTHEST, "version") + JUMP - 1n;
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

/** A state that has folded a newer note leaves nothing of an older one but what it folded. */
function noteThatCounts({ state, note, incoming }: Position): { readonly note: Note; readonly locks: readonly Lock[] } {
  if (note.seq >= state.noteSeq) return { note, locks: incoming };
  return { note: { ...emptyNote(state.channelId), seq: state.noteSeq, credited: state.noteCredited }, locks: [] };
}

function isBetter(a: Note, b: Note): boolean {
  return a.seq === b.seq ? a.credited > b.credited : a.seq > b.seq;
}
