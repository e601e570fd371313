import type { Migration } from "./migration";

/** Conditional transfers: the locks pending in a channel's state and note (JSON; null for none), and what links them. */
export const locks: Migration = {
  sqlite: `
    ALTER TABLE channels ADD COLUMN outgoing TEXT;
    ALTER TABLE channels ADD COLUMN incoming TEXT;
    CREATE TABLE htlcs (
      payer BLOB NOT NULL,
      version INTEGER NOT NULL,
      outgoing_index INTEGER NOT NULL,
      outgoing TEXT NOT NULL,
      payee BLOB NOT NULL,
      incoming TEXT NOT NULL,
      status TEXT NOT NULL CHECK (status IN ('pending', 'settled', 'failed')),
      returned_in INTEGER NOT NULL,
      over INTEGER NOT NULL CHECK (over IN (0, 1)),
      PRIMARY KEY (payer, version, outgoing_index)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX open_htlcs ON htlcs (payer) WHERE over = 0;
    CREATE TABLE preimages (
      hash BLOB PRIMARY KEY,
      preimage BLOB NOT NULL,
      registered_at INTEGER
    ) STRICT, WITHOUT ROWID;
  `,
  postgres: `
    ALTER TABLE channels ADD COLUMN outgoing text, ADD COLUMN incoming text;
    CREATE TABLE htlcs (
      payer bytea NOT NULL,
      version bigint NOT NULL,
      outgoing_index bigint NOT NULL,
      outgoing text NOT NULL,
      payee bytea NOT NULL,
      incoming text NOT NULL,
      status text NOT NULL CHECK (status IN ('pending', 'settled', 'failed')),
      returned_in bigint NOT NULL,
      over bigint NOT NULL CHECK (over IN (0, 1)),
      PRIMARY KEY (payer, version, outgoing_index)
    );
    CREATE INDEX open_htlcs ON htlcs (payer) WHERE over = 0;
    CREATE TABLE preimages (
      hash bytea PRIMARY KEY,
      preimage bytea NOT NULL,
      registered_at bigint
    );
  `,
};
