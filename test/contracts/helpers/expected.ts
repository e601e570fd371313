import {
  maximum,
  minimum,
  payOut,
  positive,
  settle,
  systemCheatedByNote,
  systemCheatedByState,
  undisputedDue,
  userCheated,
  type ChannelId,
  type Hash,
  type Note,
  type State,
} from "../../../src/protocol";
import { ZeroHash } from "./fixture";
import type { Scenario, ScenarioNote, ScenarioState } from "./scenario";

/** What everybody has in the end; `claimed` is what the user is still owed. */
export interface Books {
  user: bigint;
  system: bigint;
  reserve: bigint;
  claimed: bigint;
  awarded: bigint;
  penalised: "user" | "system" | "nobody";
}

const NOWHERE = {
  channelId: ZeroHash as ChannelId,
  locksExpiry: 0n,
  locksRoot: ZeroHash as Hash,
  memo: ZeroHash as Hash,
};
const asState = (s: ScenarioState): State => ({ ...NOWHERE, ...s });
const asNote = (n: ScenarioNote | undefined): Note => ({ ...NOWHERE, seq: 0n, credited: 0n, locked: 0n, ...n });

/** The state that a close is judged by. */
export function judgedOf(s: Scenario): ScenarioState {
  return s.checkpointed && s.newer ? s.newer : s.closed;
}

/** The same channel's life as the protocol library sees it. */
export function expectedBooks(s: Scenario, award: bigint): Books {
  const channel = {
    collateral: s.committed + (s.backing === "collateral" ? s.deposited : 0n),
    reserve: s.reserve + (s.backing === "reserve" ? s.deposited : 0n),
    // Burned deposits leave room to mint.
    mintable: s.backing === "issued" ? maximum(s.mintable, s.deposited) : 0n,
  };
  const books: Books = {
    user: -s.deposited,
    system: -(s.committed + s.reserve + s.bond),
    reserve: 0n,
    claimed: 0n,
    awarded: 0n,
    penalised: "nobody",
  };
  const pay = (amount: bigint): void => {
    const paid = payOut(amount, { backing: s.backing, ...channel });
    books.user += amount - paid.claim;
    channel.collateral -= paid.fromCollateral;
    channel.mintable -= paid.minted;
    channel.reserve -= paid.fromReserve;
    books.claimed += paid.claim;
  };

  pay(s.withdrawn);
  const funded = s.deposited - s.withdrawn;
  const judged = judgedOf(s);
  const own = asNote(s.notes[s.closedWith]);
  const bySystem = s.closer === "system";
  const paid = bySystem ? undisputedDue(funded, judged, own) : 0n;
  pay(paid);

  const shownState = s.newer && !s.checkpointed ? s.newer : null;
  const standing = shownState ?? judged;
  if (s.closer === "user" && shownState && userCheated(judged.version, shownState.version)) {
    books.system += channel.collateral;
    return { ...books, reserve: channel.reserve, penalised: "user" };
  }
  const systemCheated =
    bySystem &&
    ((shownState !== null && systemCheatedByState(judged.version, shownState.version)) ||
      (s.early && s.notes.some((note) => systemCheatedByNote(asState(judged), own, asNote(note)))));

  const registered = ({ amounts }: { amounts: bigint[] }): bigint =>
    amounts.reduce((sum, amount, i) => (s.revealed[i] ? sum + amount : sum), 0n);
  const result = settle({
    funded,
    state: standing,
    shown: s.notes.map((note) => ({ ...note, registered: registered(note) })),
    outgoing: registered(standing),
    systemCheated,
    paid,
  });
  const rest = positive(channel.collateral - result.toUser);
  pay(result.toUser);
  if (systemCheated) books.user += rest;
  else books.system += rest;
  books.awarded = systemCheated ? minimum(award, s.bond) : 0n;
  return { ...books, reserve: channel.reserve, penalised: systemCheated ? "system" : "nobody" };
}
