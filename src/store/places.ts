import type { Commit } from "./commit";

/** States and notes whose places wait to be entered at most: each is then one of many on the pages that are written. */
const MANY = 8_192;

/** Enters the places of all that have not been: to be carried out in a transaction. */
export const ENTER_PLACES = `
  INSERT INTO state_places SELECT channel, version, place FROM states
    WHERE place > (SELECT states FROM entered_places) ORDER BY channel, version;
  INSERT INTO note_places SELECT channel, seq, place FROM notes
    WHERE place > (SELECT notes FROM entered_places) ORDER BY channel, seq;
  UPDATE entered_places SET states = coalesce((SELECT max(place) FROM states), 0),
    notes = coalesce((SELECT max(place) FROM notes), 0);
`;

/** Whether there are any that have not been. */
export const ARE_ENTERED = `SELECT 1 FROM entered_places
  WHERE states = coalesce((SELECT max(place) FROM states), 0) AND notes = coalesce((SELECT max(place) FROM notes), 0)`;

/**
 * When a commit enters the places of a channel's states and notes, by which SQLite finds them: not each of its own, for those of a
 * commit are on as many pages as there are channels, and all of these would be written anew. Whoever looks for one enters them before.
 */
export class Places {
  private waiting = 0;

  /** What a commit has to do besides. */
  after({ changes: { states, notes } }: Commit): string {
    this.waiting += states.length + notes.length;
    if (this.waiting < MANY) return "";
    this.waiting = 0;
    return ENTER_PLACES;
  }
}
