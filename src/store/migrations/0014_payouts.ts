import { OUTBOX_COSTS } from "../outboxTables";
import type { Migration } from "./migration";

/** Which call of the outbox carries a withdrawal, if one does yet, what the calls have cost, and what the hub said where it refused one. */
export const payouts: Migration = {
  sqlite: `
    CREATE TABLE payouts (
      hash BLOB PRIMARY KEY,
      item TEXT,
      refused TEXT
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX carried_payouts ON payouts (item);
    ${OUTBOX_COSTS.sqlite}
  `,
  postgres: `
    CREATE TABLE payouts (
      hash bytea PRIMARY KEY,
      item text,
      refused text
    );
    CREATE INDEX carried_payouts ON payouts (item);
    ${OUTBOX_COSTS.postgres}
  `,
};
