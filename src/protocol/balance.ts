import type { Funds, Note, State, Withdrawal } from "./types";

/** All that S gave U off chain minus all that U gave S: `net + (note.credited − noteCredited)`; an older note counts nothing. */
export function netOf(state: State, note: Note): bigint {
  return note.seq < state.noteSeq ? state.net : state.net + note.credited - state.noteCredited;
}

/** Money of U in a channel (section 3): `D − W + net + (note.credited − noteCredited)`. */
export function balance(funds: Funds, state: State, note: Note): bigint {
  return funds.deposited - funds.withdrawn + netOf(state, note);
}

/** What U can spend now: its balance less its locks and less a withdrawal that is signed but not on chain yet. */
export function available(funds: Funds, state: State, note: Note, pending: Withdrawal | null): bigint {
  const leaving = pending === null ? 0n : pending.withdrawn - funds.withdrawn;
  return balance(funds, state, note) - state.locked - leaving;
}
