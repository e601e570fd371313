import type { Migration } from "./migration";

const STATES = `channel, version, net, note_seq, note_credited, locked, locks_expiry, locks_root, memo, operations,
  user_signature, commit_id, leaf`;
const NOTES = "channel, seq, credited, locked, locks_expiry, locks_root, memo, operations, commit_id, leaf";

/**
 * SQLite keeps states and notes in the order in which they come, as PostgreSQL does, with an index of their keys beside them:
 * among all others of their channels, each of them took a page of its own to be written anew.
 */
export const appended: Migration = {
  sqlite: `
    ALTER TABLE states RENAME TO states_by_key;
    ALTER TABLE notes RENAME TO notes_by_key;
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
      PRIMARY KEY (channel, version)
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
      PRIMARY KEY (channel, seq)
    ) STRICT;
    INSERT INTO states (${STATES}) SELECT ${STATES} FROM states_by_key ORDER BY commit_id, leaf;
    INSERT INTO notes (${NOTES}) SELECT ${NOTES} FROM notes_by_key ORDER BY commit_id, leaf;
    DROP TABLE states_by_key;
    DROP TABLE notes_by_key;
  `,
  postgres: "",
};
