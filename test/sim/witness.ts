import type { AccountService } from "../../src/service";
import { hashNote, hashState, type ChannelId, type Hash, type Note, type State } from "../../src/protocol";
import { Violation } from "./violation";

interface Signed {
  readonly number: bigint;
  readonly hash: Hash;
  readonly credited: bigint;
}

/** Whether the disk that outlives the process holds a message already. */
export type OnDisk = (table: "states" | "notes", channel: ChannelId, number: bigint) => boolean;

/** Sees everything that leaves signed, and remembers what nobody may take back. */
export class Witness {
  private readonly states = new Map<ChannelId, Signed[]>();
  private readonly notes = new Map<ChannelId, Signed[]>();

  /** S's signature on a state leaves (S1, S4). */
  systemSignedState(state: State, onDisk: OnDisk): void {
    const { channelId, version: number } = state;
    if (number === 0n) return;
    if (!onDisk("states", channelId, number)) throw new Violation(`S4: state ${number} leaves before it is on disk`);
    remember(
      this.states,
      channelId,
      { number, hash: hashState(state), credited: state.noteCredited },
      "S1: two states",
    );
  }

  /** S's signature on a note leaves (S3, S4). */
  systemSignedNote(note: Note, onDisk: OnDisk): void {
    const { channelId, seq: number, credited } = note;
    if (!onDisk("notes", channelId, number)) throw new Violation(`S4: note ${number} leaves before it is on disk`);
    remember(this.notes, channelId, { number, hash: hashNote(note), credited }, "two notes");
  }

  /**
   * A system that has started again still knows all that it has signed.
   * @param isOver whether a channel's epoch is over on its disk: then it need not
   */
  requireKept(service: AccountService, isOver: (id: ChannelId) => boolean): void {
    const check = (
      known: Map<ChannelId, Signed[]>,
      latestOf: (id: ChannelId) => Signed | undefined,
      what: string,
    ): void => {
      for (const [id, signed] of known) {
        const [latest, last] = [latestOf(id), signed.at(-1)!];
        const isKept = latest !== undefined && (latest.number > last.number || latest.hash === last.hash);
        if (!isKept && !isOver(id)) throw new Violation(`S4: ${what} ${last.number} was signed and is forgotten`);
      }
    };
    const stateOf = (id: ChannelId) => {
      const state = service.channel(id)?.state;
      return state && { number: state.version, hash: hashState(state), credited: 0n };
    };
    const noteOf = (id: ChannelId) => {
      const note = service.channel(id)?.note;
      return note && { number: note.seq, hash: hashNote(note), credited: note.credited };
    };
    check(this.states, stateOf, "state");
    check(this.notes, noteOf, "note");
  }
}

/** In the order of their numbers; `credited` never falls with them. */
function remember(all: Map<ChannelId, Signed[]>, id: ChannelId, one: Signed, fault: string): void {
  let signed = all.get(id);
  if (signed === undefined) all.set(id, (signed = []));
  let place = signed.length;
  while (place > 0 && signed[place - 1]!.number >= one.number) place -= 1;
  const [before, same] = [signed[place - 1], signed[place]];
  if (same?.number === one.number) {
    if (same.hash !== one.hash) throw new Violation(`${fault} of number ${one.number}`);
    return;
  }
  if ((before?.credited ?? 0n) > one.credited || one.credited > (same?.credited ?? one.credited)) {
    throw new Violation(`credited falls at ${one.number}`);
  }
  signed.splice(place, 0, one);
}
