import type { Backing } from "./asset";
import { maximum, minimum, positive } from "./primitives";

/** The figures of a state that settlement needs. */
export interface SettledState {
  readonly net: bigint;
  readonly noteSeq: bigint;
  readonly noteCredited: bigint;
  readonly locked: bigint;
}

/** A note that was shown; `registered` is the sum of its leaves registered in time. */
export interface ShownNote {
  readonly seq: bigint;
  readonly credited: bigint;
  readonly locked: bigint;
  readonly registered: bigint;
}

/** `val(n)` of section 6. */
export function noteValue(note: ShownNote): bigint {
  return note.credited + minimum(note.locked, note.registered);
}

/**
 * `p`: U's undisputed due when S closes with its own state and note (section 6).
 * @param funded D − W
 */
export function undisputedDue(funded: bigint, state: SettledState, note: { seq: bigint; credited: bigint }): bigint {
  const incoming = note.seq < state.noteSeq ? 0n : positive(note.credited - state.noteCredited);
  return positive(funded + state.net + incoming - state.locked);
}

/** What decides a settlement. */
export interface SettlementInput {
  /** D − W. */
  readonly funded: bigint;
  readonly state: SettledState;
  readonly shown: readonly ShownNote[];
  /** Σ of the state's leaves registered in time and shown by S. */
  readonly outgoing: bigint;
  readonly systemCheated: boolean;
  /** `p`, zero if U closed. */
  readonly paid: bigint;
}

/** I, O, X of section 6 and what U gets besides `paid`. */
export interface SettlementResult {
  readonly incoming: bigint;
  readonly outgoing: bigint;
  readonly due: bigint;
  readonly toUser: bigint;
}

/** U's due at settlement (section 6). */
export function settle(input: SettlementInput): SettlementResult {
  const { state, shown } = input;
  const incoming = shown
    .filter((note) => note.seq >= state.noteSeq)
    .reduce((best, note) => maximum(best, noteValue(note) - state.noteCredited), 0n);
  const outgoing = input.systemCheated ? 0n : minimum(state.locked, input.outgoing);
  const due = positive(input.funded + state.net + incoming - outgoing);
  return { incoming, outgoing, due, toUser: maximum(due, input.paid) - input.paid };
}

/** What a payout may draw on. */
export interface Sources {
  readonly backing: Backing;
  readonly collateral: bigint;
  /** Free of claims. */
  readonly reserve: bigint;
  /** What the token lets the hub mint now. */
  readonly mintable: bigint;
}

/** Where a payout came from; `claim` is what nothing covered. */
export interface Payout {
  readonly fromCollateral: bigint;
  readonly fromReserve: bigint;
  readonly minted: bigint;
  readonly claim: bigint;
}

/** Pays `amount` as the backing says (section 2). */
export function payOut(amount: bigint, sources: Sources): Payout {
  const fromCollateral = minimum(amount, sources.collateral);
  let rest = amount - fromCollateral;
  const fromReserve = sources.backing === "collateral" ? 0n : minimum(rest, sources.reserve);
  rest -= fromReserve;
  // A mint that exceeds what the token allows fails as a whole.
  const minted = sources.backing === "issued" && rest <= sources.mintable ? rest : 0n;
  return { fromCollateral, fromReserve, minted, claim: rest - minted };
}

/** The part of a user's cheat in which S's watchtower shares: `min(C, max(0, D − W + s.net))` (section 5). */
export function userForfeit(funded: bigint, evidenceNet: bigint, collateral: bigint): bigint {
  return minimum(collateral, positive(funded + evidenceNet));
}
