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
    ALTER TABLE outbox ADD COLUMN cost TEXT;
    ALTER TABLE outbox ADD COLUMN ended_at INTEGER;
    CREATE INDEX outbox_costs ON outbox (sender, ended_at) WHERE cost IS NOT NULL;
  `,
  postgres: `
    CREATE TABLE payouts (
      hash bytea PRIMARY KEY,
      item text,
      refused text
    );
    CREATE INDEX carried_payouts ON payouts (item);
    ALTER TABLE outbox ADD COLUMN cost numeric(78,0);
    ALTER TABLE outbox ADD COLUMN ended_at bigint;
    CREATE INDEX outbox_costs ON outbox (sender, ended_at) WHERE cost IS NOT NULL;
  `,
};
