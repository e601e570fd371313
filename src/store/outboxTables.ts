import type { Migration } from "./migrations/migration";

/** What `OutboxItems` keeps calls in. */
export const OUTBOX_TABLES: Migration = {
  sqlite: `
    CREATE TABLE outbox (
      id INTEGER PRIMARY KEY,
      sender BLOB NOT NULL,
      key TEXT NOT NULL UNIQUE,
      call TEXT NOT NULL,
      status TEXT NOT NULL CHECK (status IN ('waiting', 'sent', 'done', 'failed', 'cancelled')),
      nonce INTEGER,
      gas_limit INTEGER NOT NULL DEFAULT 0,
      mined BLOB,
      UNIQUE (sender, nonce)
    ) STRICT;
    CREATE INDEX open_outbox ON outbox (sender, id) WHERE status IN ('waiting', 'sent');
    CREATE TABLE outbox_attempts (
      item INTEGER NOT NULL,
      number INTEGER NOT NULL,
      hash BLOB NOT NULL,
      raw BLOB NOT NULL,
      max_fee TEXT NOT NULL,
      tip TEXT NOT NULL,
      signed_at INTEGER NOT NULL,
      cancels INTEGER NOT NULL,
      PRIMARY KEY (item, number)
    ) STRICT, WITHOUT ROWID;
  `,
  postgres: `
    CREATE TABLE outbox (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      sender bytea NOT NULL,
      key text NOT NULL UNIQUE,
      call text NOT NULL,
      status text NOT NULL CHECK (status IN ('waiting', 'sent', 'done', 'failed', 'cancelled')),
      nonce bigint,
      gas_limit bigint NOT NULL DEFAULT 0,
      mined bytea,
      UNIQUE (sender, nonce)
    );
    CREATE INDEX open_outbox ON outbox (sender, id) WHERE status IN ('waiting', 'sent');
    CREATE TABLE outbox_attempts (
      item bigint NOT NULL,
      number bigint NOT NULL,
      hash bytea NOT NULL,
      raw bytea NOT NULL,
      max_fee numeric(78,0) NOT NULL,
      tip numeric(78,0) NOT NULL,
      signed_at bigint NOT NULL,
      cancels bigint NOT NULL,
      PRIMARY KEY (item, number)
    );
  `,
};

/** What the calls have cost. */
export const OUTBOX_COSTS: Migration = {
  sqlite: `
    ALTER TABLE outbox ADD COLUMN cost TEXT;
    ALTER TABLE outbox ADD COLUMN ended_at INTEGER;
    CREATE INDEX outbox_costs ON outbox (sender, ended_at) WHERE cost IS NOT NULL;
  `,
  postgres: `
    ALTER TABLE outbox ADD COLUMN cost numeric(78,0);
    ALTER TABLE outbox ADD COLUMN ended_at bigint;
    CREATE INDEX outbox_costs ON outbox (sender, ended_at) WHERE cost IS NOT NULL;
  `,
};
