import { hashOfPreimage, keccakText, lockSummary, type CompleteState, type Lock } from "../../../src/protocol";
import type { ChannelPapers } from "../../../src/sdk/watchtower";
import type { Court, Party } from "./court";

/** What every channel has on chain, in base units. */
export const FUNDED = 1_000n;
/** Seconds that locks live. */
const LOCKED = 7_200n;

/** A user, what it handed over, and what the system dares to close with. */
export interface Accused {
  readonly party: Party;
  readonly papers: ChannelPapers;
  readonly shown: CompleteState | undefined;
  /** The state that stands once the tower has answered. */
  readonly standing: CompleteState;
  /** The events by which the hub takes all that is to be shown. */
  readonly answers: readonly ("StateReplaced" | "NoteProven")[];
  /** What the protocol owes the user, before what the system forfeits. */
  readonly due: bigint;
}

type Kind = (court: Court, party: Party, now: bigint) => Omit<Accused, "party">;

/** An old state, in which the user had paid more than in the newest. */
const oldState: Kind = (court, party) => {
  const standing = court.state(party, { version: 2n, net: -100n });
  return {
    papers: { key: party.key, completed: standing, held: undefined, preimages: [] },
    ...{ shown: court.state(party, { version: 1n, net: -900n }), standing, answers: ["StateReplaced"], due: 900n },
  };
};

/** The newest state, without the note that came after it. */
const hiddenNote: Kind = (court, party) => {
  const standing = court.state(party, { version: 1n, net: -500n });
  const held = court.note(party, { seq: 1n, credited: 50n });
  return {
    papers: { key: party.key, completed: standing, held, preimages: [] },
    ...{ shown: standing, standing, answers: ["NoteProven"], due: 550n },
  };
};

/** An old state, while a payment to the user is pending that it has claimed. */
const incomingLock: Kind = (court, party, now) => {
  const preimage = keccakText(`${party.id} preimage`);
  const lock: Lock = { index: 0n, hash: hashOfPreimage(preimage), amount: 20n, expiry: now + LOCKED };
  const standing = court.state(party, { version: 2n, net: -100n });
  const held = court.note(party, { seq: 1n }, [lock]);
  return {
    papers: { key: party.key, completed: standing, held, preimages: [preimage] },
    ...{ shown: court.state(party, { version: 1n, net: -900n }), standing, due: 920n },
    answers: ["StateReplaced", "NoteProven"],
  };
};

/** An old state, while a payment of the user's is pending: what the system was paid by it later is forfeit, too. */
const outgoingLock: Kind = (court, party, now) => {
  const lock: Lock = { index: 0n, hash: keccakText(`${party.id} hash`), amount: 30n, expiry: now + LOCKED };
  const standing = court.state(party, { version: 2n, net: -200n, ...lockSummary([lock]) });
  return {
    papers: { key: party.key, completed: standing, held: undefined, preimages: [] },
    ...{ shown: court.state(party, { version: 1n, net: -900n }), standing, answers: ["StateReplaced"], due: 800n },
  };
};

const KINDS: readonly Kind[] = [oldState, hiddenNote, incomingLock, outgoingLock];

/** The `index`th; there is one of every kind among four that follow. */
export function accused(court: Court, index: number, now: bigint): Accused {
  const party = court.party(`accused ${index}`);
  return { party, ...KINDS[index % KINDS.length]!(court, party, now) };
}

/** What user and tower get when the channel is settled: the user its due, and what is forfeit but for the tower's share. */
export function payoutOf({ due }: Pick<Accused, "due">, share: bigint): { toUser: bigint; toTower: bigint } {
  const forfeit = FUNDED - due;
  const toTower = (forfeit * share) / 10_000n;
  return { toUser: due + forfeit - toTower, toTower };
}
