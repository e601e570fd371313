import { hashState } from "../hashing";
import { maximum, minimum } from "../primitives";
import { userCheated } from "../revocation";
import type { State } from "../types";
import type { Claims } from "./claims";
import type { CompleteState, LockEvidence, SignedNote } from "./evidence";
import { settleableFrom, type BestNote, type Dispute } from "./record";

/** A pending close as the chain has it. */
export interface CloseOnChain {
  readonly judged: Dispute;
  /** The state that stands. */
  readonly standing: State;
  /** The best note shown since the close, if any was. */
  readonly shown: BestNote | undefined;
  /** S is convicted already. */
  readonly systemCheated: boolean;
}

/** What one of the two sides, or its watchtower, holds of a channel that is closing. */
export interface Defence {
  readonly side: "user" | "system";
  /** The latest complete state; undefined for version 0. */
  readonly completed: CompleteState | undefined;
  /** The best note, which only the user shows; undefined for none. */
  readonly held: SignedNote | undefined;
  /** Of the note's locks for the user, of the latest state's for the system. */
  readonly claims: Claims;
  /** What of that tree the hub has counted. */
  readonly proven: bigint;
  /** Of two complete states of one version the one shown by the user itself, or by its appointed watchtower, stands. */
  readonly mayTie: boolean;
}

/** Something to show the hub; of no use any more from `until` on, in Unix seconds. */
export type Answer =
  | { readonly show: "state"; readonly evidence: CompleteState; readonly until: bigint }
  | {
      readonly show: "note";
      readonly held: SignedNote;
      /** The state that stands once what comes before this is shown. */
      readonly standing: State;
      readonly locks: readonly LockEvidence[];
      readonly convicts: boolean;
      readonly until: bigint;
    }
  | {
      readonly show: "locks";
      readonly of: State;
      readonly locks: readonly LockEvidence[];
      readonly until: bigint;
    };

/**
 * What a side shows on a pending close, in this order; nothing where all is as it should be (sections 5 and 6). What an
 * earlier one changes, the later ones already count on. Nothing convicts the side that shows it.
 * @param now the latest block's time, in Unix seconds
 */
export function answersTo(close: CloseOnChain, defence: Defence, now: bigint): Answer[] {
  const state = stateToShow(close, defence, now);
  const isOver = state !== undefined && convictsUser(close, state.state.version);
  const later = isOver ? undefined : afterState({ ...close, standing: state?.state ?? close.standing }, defence, now);
  const first: Answer[] = state ? [{ show: "state", evidence: state, until: close.judged.challengeEnd }] : [];
  return later === undefined ? first : [...first, later];
}

function afterState(close: CloseOnChain, defence: Defence, now: bigint): Answer | undefined {
  return defence.side === "user" ? noteToShow(close, defence, now) : locksToShow(close, defence);
}

function stateToShow(close: CloseOnChain, defence: Defence, now: bigint): CompleteState | undefined {
  const { judged, standing } = close;
  const { completed, side, mayTie } = defence;
  if (completed === undefined || now >= judged.challengeEnd) return undefined;
  const { version } = completed.state;
  if (side === "user" ? convictsUser(close, version) : judged.bySystem) return undefined;
  const isTie = mayTie && version === standing.version && hashState(completed.state) !== hashState(standing);
  return version > standing.version || isTie ? completed : undefined;
}

/** A state newer by two than what the user closed with proves that it cheated, unless it closed humbly. */
function convictsUser({ judged }: CloseOnChain, version: bigint): boolean {
  return !judged.bySystem && !judged.humble && userCheated(judged.version, version);
}

/** The user's note, if it is worth more than what was shown, or proves that the system hid it. */
function noteToShow(close: CloseOnChain, { held, claims, proven }: Defence, now: bigint): Answer | undefined {
  const { judged, standing, shown = judged } = close;
  if (held === undefined || held.note.seq < standing.noteSeq) return undefined;
  const { note } = held;
  const isHidden = judged.bySystem && (note.seq > judged.seq || note.credited > judged.credited);
  const isConvicted = close.systemCheated || (judged.bySystem && standing.version > judged.version);
  const convicts = isHidden && !isConvicted && now < judged.challengeEnd;
  const value = note.credited + minimum(note.locked, maximum(proven, claims.total));
  const best = shown.seq < standing.noteSeq ? 0n : "value" in shown ? shown.value : shown.credited;
  if (!convicts && value <= maximum(best, standing.noteCredited)) return undefined;
  const until = convicts ? judged.challengeEnd : settleableFrom(judged, close.shown);
  return { show: "note", held, standing, locks: claims.locks, convicts, until };
}

/** The user's locks of the state that stands whose preimages the system knows; nothing once it is convicted. */
function locksToShow(close: CloseOnChain, { completed, claims, proven }: Defence): Answer | undefined {
  const { judged, standing } = close;
  const isConvicted = close.systemCheated || (judged.bySystem && standing.version > judged.version);
  if (isConvicted || completed === undefined || hashState(completed.state) !== hashState(standing)) return undefined;
  if (minimum(standing.locked, claims.total) <= minimum(standing.locked, proven)) return undefined;
  return { show: "locks", of: standing, locks: claims.locks, until: settleableFrom(judged, close.shown) };
}
