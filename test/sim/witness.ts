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

/** What was signed of a channel, in the order of its numbers. */
interface Series {
  readonly signed: Signed[];
  /** The highest number of before the last loss of data, and the highest that the system still had after it. */
  highest: bigint;
  kept: bigint;
}

/** The highest number of a channel that the disk holds. */
export type LastOnDisk = (table: "states" | "notes", channel: ChannelId) => bigint;

/** Sees everything that leaves signed, and remembers what nobody may take back. */
export class Witness {
  private readonly states = new Map<ChannelId, Series>();
  private readonly notes = new Map<ChannelId, Series>();

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

  /** The system has lost data: what it signs from here on is beyond all that it ever signed (S7). */
  lose(lastOnDisk: LastOnDisk): void {
    for (const table of ["states", "notes"] as const) {
      for (const [id, series] of this[table]) {
        series.highest = series.signed.at(-1)!.number;
        series.kept = lastOnDisk(table, id);
      }
    }
  }

  /**
   * A system that has started again still knows all that it has signed.
   * @param isOver whether a channel's epoch is over on its disk: then it need not
   */
  requireKept(service: AccountService, isOver: (id: ChannelId) => boolean): void {
    const check = (
      known: Map<ChannelId, Series>,
      latestOf: (id: ChannelId) => Signed | undefined,
      what: string,
    ): void => {
      for (const [id, { signed, highest }] of known) {
        const [latest, last] = [latestOf(id), signed.at(-1)!];
        if (last.number <= highest) continue;
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

/** In the order of their numbers; `credited` never falls with them, but where data were lost. */
function remember(all: Map<ChannelId, Series>, id: ChannelId, one: Signed, fault: string): void {
  let series = all.get(id);
  if (series === undefined) all.set(id, (series = { signed: [], highest: 0n, kept: 0n }));
  const { signed, highest, kept } = series;
  let place = signed.length;
  while (place > 0 && signed[place - 1]!.number >= one.number) place -= 1;
  const [before, same] = [signed[place - 1], signed[place]];
  if (same?.number === one.number) {
    if (same.hash !== one.hash) throw new Violation(`${fault} of number ${one.number}`);
    return;
  }
  if (one.number > kept && one.number <= highest) {
    throw new Violation(`S7: ${one.number} is signed after a loss of data, and ${highest} was before`);
  }
  const isFirst = before !== undefined && before.number <= highest && one.number > highest;
  if ((!isFirst && (before?.credited ?? 0n) > one.credited) || one.credited > (same?.credited ?? one.credited)) {
    throw new Violation(`credited falls at ${one.number}`);
  }
  signed.splice(place, 0, one);
}
