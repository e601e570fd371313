import type { Lock, Note, State } from "../../../src/protocol";
import type { Completed, HeldNote, StoreRecord } from "../../../src/sdk";

/** Where somebody has a channel standing: the latest state and the latest note, with their locks. */
export interface Holding {
  readonly state: State | undefined;
  readonly outgoing: readonly Lock[];
  readonly note: Note | undefined;
  readonly incoming: readonly Lock[];
}

/** What a wallet's file holds, as far as it is complete. */
export class Kept {
  private readonly states: Completed[] = [];
  private readonly notes: HeldNote[] = [];

  remember(record: StoreRecord): void {
    if (record.type === "completed" || record.type === "adopted" || record.type === "resynchronised") {
      this.states.push(record.completed);
    }
    if (record.type === "received") this.notes.push(record.held);
  }

  /** The latest of before a version and a seq. */
  before(version: bigint, seq: bigint): Holding {
    const states = this.states.filter(({ state }) => state.version < version);
    const notes = this.notes.filter(({ note }) => note.seq < seq);
    const last = latest(states, ({ state }) => state.version);
    const held = latest(notes, ({ note }) => note.seq);
    return { state: last?.state, outgoing: last?.locks ?? [], note: held?.note, incoming: held?.locks ?? [] };
  }
}

/** The later of each. */
export function laterOf(one: Holding, other: Holding): Holding {
  const { state, outgoing } = (other.state?.version ?? 0n) > (one.state?.version ?? 0n) ? other : one;
  const { note, incoming } = (other.note?.seq ?? 0n) > (one.note?.seq ?? 0n) ? other : one;
  return { state, outgoing, note, incoming };
}

function latest<T>(list: readonly T[], numberOf: (one: T) => bigint): T | undefined {
  return list.reduce<T | undefined>(
    (best, one) => (best === undefined || numberOf(one) > numberOf(best) ? one : best),
    undefined,
  );
}
