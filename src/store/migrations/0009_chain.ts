import { OUTBOX_TABLES } from "../outboxTables";
import type { Migration } from "./migration";

/** How far each system has taken in the final chain, and the calls on their way to it. */
export const chain: Migration = {
  sqlite: `
    CREATE TABLE chain_cursors (
      system BLOB PRIMARY KEY,
      block INTEGER NOT NULL,
      hash BLOB NOT NULL,
      opened INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    ${OUTBOX_TABLES.sqlite}
  `,
  postgres: `
    CREATE TABLE chain_cursors (
      system bytea PRIMARY KEY,
      block bigint NOT NULL,
      hash bytea NOT NULL,
      opened bigint NOT NULL
    );
    ${OUTBOX_TABLES.postgres}
  `,
};
