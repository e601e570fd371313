import { maximum } from "./primitives";
import type { Note, State } from "./types";

/** Section 5: a complete state of `evidence` shows that U gave up the version it closed with. */
export function userCheated(closedWith: bigint, evidence: bigint): boolean {
  return evidence >= closedWith + 2n;
}

/** Section 5: a complete state of `evidence` shows that S gave up the version it closed with. */
export function systemCheatedByState(closedWith: bigint, evidence: bigint): boolean {
  return evidence > closedWith;
}

/** Section 5: a note that S signed and hid when it closed with `state` and `note`. */
export function systemCheatedByNote(state: State, note: Note, evidence: Note): boolean {
  if (evidence.seq < state.noteSeq) return false;
  const counted = note.seq >= state.noteSeq ? note : { seq: 0n, credited: 0n };
  return (
    evidence.seq > maximum(counted.seq, state.noteSeq) ||
    evidence.credited > maximum(counted.credited, state.noteCredited)
  );
}
