import type { Migration } from "./migration";

const STATES = `channel, version, net, note_seq, note_credited, locked, locks_expiry, locks_root, memo, operations,
  user_signature, commit_id, leaf, first_event, event_count`;
const NOTES = `channel, seq, credited, locked, locks_expiry, locks_root, memo, operations, commit_id, leaf,
  first_event, event_count`;

const without = (columns: string, ...left: readonly string[]) =>
  columns
    .split(",")
    .map((column) => column.trim())
    .filter((column) => !left.includes(column))
    .map((column) => `m.${column}`)
    .join(", ");

/**
 * In SQLite, a table has the place of each state and note of a channel, where an index had their keys: it is written many rows at a
 * time, in their order, while of an index each commit writes a page for each state and note. What has no locks says so by null.
 */
export const places: Migration = {
  sqlite: `
    ALTER TABLE states RENAME TO states_without_place;
    ALTER TABLE notes RENAME TO notes_without_place;
    CREATE TABLE states (
      place INTEGER PRIMARY KEY,
      channel BLOB NOT NULL,
      version INTEGER NOT NULL,
      net TEXT NOT NULL,
      note_seq INTEGER NOT NULL,
      note_credited TEXT NOT NULL,
      locked TEXT,
      locks_expiry INTEGER,
      locks_root BLOB,
      memo BLOB NOT NULL,
      operations TEXT,
      user_signature BLOB NOT NULL,
      commit_id INTEGER NOT NULL,
      leaf INTEGER NOT NULL,
      first_event INTEGER,
      event_count INTEGER
    ) STRICT;
    CREATE TABLE notes (
      place INTEGER PRIMARY KEY,
      channel BLOB NOT NULL,
      seq INTEGER NOT NULL,
      credited TEXT NOT NULL,
      locked TEXT,
      locks_expiry INTEGER,
      locks_root BLOB,
      memo BLOB NOT NULL,
      operations TEXT,
      commit_id INTEGER NOT NULL,
      leaf INTEGER NOT NULL,
      first_event INTEGER,
      event_count INTEGER
    ) STRICT;
    INSERT INTO states (${STATES}) SELECT ${STATES} FROM states_without_place ORDER BY rowid;
    INSERT INTO notes (${NOTES}) SELECT ${NOTES} FROM notes_without_place ORDER BY rowid;
    DROP TABLE states_without_place;
    DROP TABLE notes_without_place;
    CREATE TABLE state_places (
      channel BLOB NOT NULL,
      version INTEGER NOT NULL,
      place INTEGER NOT NULL,
      PRIMARY KEY (channel, version)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE note_places (
      channel BLOB NOT NULL,
      seq INTEGER NOT NULL,
      place INTEGER NOT NULL,
      PRIMARY KEY (channel, seq)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO state_places SELECT channel, version, place FROM states ORDER BY channel, version;
    INSERT INTO note_places SELECT channel, seq, place FROM notes ORDER BY channel, seq;
    CREATE TABLE entered_places (states INTEGER NOT NULL, notes INTEGER NOT NULL) STRICT;
    INSERT INTO entered_places
      SELECT coalesce((SELECT max(place) FROM states), 0), coalesce((SELECT max(place) FROM notes), 0);
    CREATE VIEW channel_states AS SELECT p.channel, p.version, ${without(STATES, "channel", "version")}
      FROM state_places p CROSS JOIN states m ON m.place = p.place;
    CREATE VIEW channel_notes AS SELECT p.channel, p.seq, ${without(NOTES, "channel", "seq")}
      FROM note_places p CROSS JOIN notes m ON m.place = p.place;
  `,
  postgres: `
    ALTER TABLE states ALTER COLUMN locked DROP NOT NULL, ALTER COLUMN locks_expiry DROP NOT NULL,
      ALTER COLUMN locks_root DROP NOT NULL;
    ALTER TABLE notes ALTER COLUMN locked DROP NOT NULL, ALTER COLUMN locks_expiry DROP NOT NULL,
      ALTER COLUMN locks_root DROP NOT NULL;
  `,
};
