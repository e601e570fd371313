import type { Commit } from "./commit";

/** Parts of the channels, of about as many each (migration 33). */
const PARTS = 8;
/** States and notes between two parts, so that of one part many times as many wait: each is then one of several on the pages written. */
const BETWEEN = 2_048;

/** Enters the places of all that have not been: to be carried out in a transaction. */
export const ENTER_PLACES = enterPlaces("TRUE");

/** Whether there are any that have not been. */
export const ARE_ENTERED = `SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM entered_places
  WHERE states < (SELECT max(place) FROM states) OR notes < (SELECT max(place) FROM notes))`;

/**
 * When a commit enters the places of channels' states and notes, by which SQLite finds them: not each of its own, for those of a
 * commit are on as many pages as there are channels, and all of these would be written anew; nor those of all channels at once, for
 * which other commits would have to wait. Whoever looks for one enters all before.
 */
export class Places {
  private waiting = 0;
  private part = 0;

  /** What a commit has to do besides. */
  after({ changes: { states, notes } }: Commit): string {
    let script = "";
    for (this.waiting += states.length + notes.length; this.waiting >= BETWEEN; this.waiting -= BETWEEN) {
      script += enterPlaces(`part = ${this.part}`);
      this.part = (this.part + 1) % PARTS;
    }
    return script;
  }
}

function enterPlaces(which: string): string {
  return `
    INSERT INTO state_places SELECT channel, version, place FROM entered_places CROSS JOIN states
      WHERE ${which} AND place > states AND substr(channel, 1, 1) BETWEEN first AND last ORDER BY channel, version;
    INSERT INTO note_places SELECT channel, seq, place FROM entered_places CROSS JOIN notes
      WHERE ${which} AND place > notes AND substr(channel, 1, 1) BETWEEN first AND last ORDER BY channel, seq;
    UPDATE entered_places SET states = coalesce((SELECT max(place) FROM states), 0),
      notes = coalesce((SELECT max(place) FROM notes), 0) WHERE ${which};
  `;
}
