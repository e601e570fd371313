import type { Migration } from "./migration";

const STATES = `channel, version, net, note_seq, note_credited, locked, locks_expiry, locks_root, memo, operations,
  user_signature, commit_id, leaf, first_event, event_count`;
const NOTES = `channel, seq, credited, locked, locks_expiry, locks_root, memo, operations, commit_id, leaf,
  first_event, event_count`;

/**
 * In SQLite's index of states and notes, half of a channel's id stands for it: of pages that are half as many, a commit of many
 * payments changes fewer. Two ids with one half are as hard to find as two with one hash of 128 bits.
 */
export const shortKeys: Migration = {
  sqlite: `
    ALTER TABLE states RENAME TO states_by_id;
    ALTER TABLE notes RENAME TO notes_by_id;
    CREATE TABLE states (
      channel BLOB NOT NULL,
      version INTEGER NOT NULL,
      net TEXT NOT NULL,
      note_seq INTEGER NOT NULL,
      note_credited TEXT NOT NULL,
      locked TEXT NOT NULL,
      locks_expiry INTEGER NOT NULL,
      locks_root BLOB NOT NULL,
      memo BLOB NOT NULL,
      operations TEXT,
      user_signature BLOB NOT NULL,
      commit_id INTEGER NOT NULL,
      leaf INTEGER NOT NULL,
      first_event INTEGER,
      event_count INTEGER
    ) STRICT;
    CREATE TABLE notes (
      channel BLOB NOT NULL,
      seq INTEGER NOT NULL,
      credited TEXT NOT NULL,
      locked TEXT NOT NULL,
      locks_expiry INTEGER NOT NULL,
      locks_root BLOB NOT NULL,
      memo BLOB NOT NULL,
      operations TEXT,
      commit_id INTEGER NOT NULL,
      leaf INTEGER NOT NULL,
      first_event INTEGER,
      event_count INTEGER
    ) STRICT;
    INSERT INTO states (${STATES}) SELECT ${STATES} FROM states_by_id ORDER BY rowid;
    INSERT INTO notes (${NOTES}) SELECT ${NOTES} FROM notes_by_id ORDER BY rowid;
    DROP TABLE states_by_id;
    DROP TABLE notes_by_id;
    CREATE UNIQUE INDEX states_of_channel ON states (substr(channel, 1, 16), version);
    CREATE UNIQUE INDEX notes_of_channel ON notes (substr(channel, 1, 16), seq);
  `,
  postgres: "",
};
