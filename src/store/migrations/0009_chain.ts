import type { Migration } from "./migration";

/** How far each system has taken in the final chain. */
export const chain: Migration = {
  sqlite: `
    CREATE TABLE chain_cursors (
      system BLOB PRIMARY KEY,
      block INTEGER NOT NULL,
      hash BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
  postgres: `
    CREATE TABLE chain_cursors (
      system bytea PRIMARY KEY,
      block bigint NOT NULL,
      hash bytea NOT NULL
    );
  `,
};
