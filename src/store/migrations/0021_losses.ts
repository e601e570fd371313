import type { Migration } from "./migration";

/** Systems whose database was restored and that do not know it yet; until when what they signed before may hold, once they do. */
export const losses: Migration = {
  sqlite: `
    CREATE TABLE losses (system BLOB PRIMARY KEY, declared INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    ALTER TABLE assets ADD COLUMN lost INTEGER;
  `,
  postgres: `
    CREATE TABLE losses (system bytea PRIMARY KEY, declared bigint NOT NULL);
    ALTER TABLE assets ADD COLUMN lost bigint;
  `,
};
