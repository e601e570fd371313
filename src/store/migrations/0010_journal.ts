import type { Migration } from "./migration";

/** The hash chain over the log: of each commit the hashes of its events, and the head; null until an older one is sealed. */
export const journal: Migration = {
  sqlite: `
    ALTER TABLE commits ADD COLUMN event_hashes BLOB;
    ALTER TABLE commits ADD COLUMN head BLOB;
    CREATE INDEX unsealed_commits ON commits (system, id) WHERE head IS NULL;
  `,
  postgres: `
    ALTER TABLE commits ADD COLUMN event_hashes bytea, ADD COLUMN head bytea;
    CREATE INDEX unsealed_commits ON commits (system, id) WHERE head IS NULL;
  `,
};
