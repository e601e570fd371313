import { OUTBOX_COSTS, OUTBOX_TABLES } from "../store/outboxTables";

/** What a watchtower keeps; versions and sequence numbers are 8 bytes, so that they compare as what they are. */
const tower = {
  sqlite: `
    CREATE TABLE appointments (
      hub BLOB NOT NULL,
      channel BLOB NOT NULL,
      owner BLOB NOT NULL,
      key TEXT NOT NULL,
      version BLOB NOT NULL,
      state TEXT,
      seq BLOB NOT NULL,
      note TEXT,
      until BLOB NOT NULL,
      appointment TEXT,
      revision INTEGER NOT NULL,
      received INTEGER NOT NULL,
      outcome TEXT,
      ended INTEGER,
      PRIMARY KEY (hub, channel)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX ended_appointments ON appointments (ended) WHERE ended IS NOT NULL;
    CREATE INDEX owned_appointments ON appointments (owner, hub, channel);
    CREATE TABLE preimages (
      hub BLOB NOT NULL,
      channel BLOB NOT NULL,
      hash BLOB NOT NULL,
      preimage BLOB NOT NULL,
      due INTEGER NOT NULL,
      expiry INTEGER NOT NULL,
      PRIMARY KEY (hub, channel, hash)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX due_preimages ON preimages (hub, due);
    CREATE TABLE closes (
      hub BLOB NOT NULL,
      channel BLOB NOT NULL,
      record TEXT NOT NULL,
      block INTEGER NOT NULL,
      trx BLOB NOT NULL,
      PRIMARY KEY (hub, channel)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE cursors (
      hub BLOB PRIMARY KEY,
      block INTEGER NOT NULL,
      hash BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
  postgres: `
    CREATE TABLE appointments (
      hub bytea NOT NULL,
      channel bytea NOT NULL,
      owner bytea NOT NULL,
      key text NOT NULL,
      version bytea NOT NULL,
      state text,
      seq bytea NOT NULL,
      note text,
      until bytea NOT NULL,
      appointment text,
      revision bigint NOT NULL,
      received bigint NOT NULL,
      outcome text,
      ended bigint,
      PRIMARY KEY (hub, channel)
    );
    CREATE INDEX ended_appointments ON appointments (ended) WHERE ended IS NOT NULL;
    CREATE INDEX owned_appointments ON appointments (owner, hub, channel);
    CREATE TABLE preimages (
      hub bytea NOT NULL,
      channel bytea NOT NULL,
      hash bytea NOT NULL,
      preimage bytea NOT NULL,
      due bigint NOT NULL,
      expiry bigint NOT NULL,
      PRIMARY KEY (hub, channel, hash)
    );
    CREATE INDEX due_preimages ON preimages (hub, due);
    CREATE TABLE closes (
      hub bytea NOT NULL,
      channel bytea NOT NULL,
      record text NOT NULL,
      block bigint NOT NULL,
      trx bytea NOT NULL,
      PRIMARY KEY (hub, channel)
    );
    CREATE TABLE cursors (
      hub bytea PRIMARY KEY,
      block bigint NOT NULL,
      hash bytea NOT NULL
    );
  `,
};

/** In their order: the first leads to version 1. */
export const MIGRATIONS = [OUTBOX_TABLES, OUTBOX_COSTS, tower];
