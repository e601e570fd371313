import type { Migration } from "./migration";

/** Payments from one system's account to another's, and how far each has come. */
export const forwards: Migration = {
  sqlite: `
    CREATE TABLE forwards (
      hash BLOB PRIMARY KEY,
      request TEXT NOT NULL UNIQUE,
      source BLOB NOT NULL,
      target BLOB NOT NULL,
      token BLOB NOT NULL,
      payer BLOB NOT NULL,
      payee BLOB NOT NULL,
      amount TEXT NOT NULL,
      reference BLOB NOT NULL,
      arrives INTEGER NOT NULL,
      direct INTEGER NOT NULL CHECK (direct IN (0, 1)),
      status TEXT NOT NULL CHECK (status IN ('begun', 'locked', 'promised', 'settled', 'failed', 'over')),
      term INTEGER NOT NULL,
      version INTEGER,
      preimage BLOB,
      failure TEXT
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX open_forwards ON forwards (status, arrives) WHERE status <> 'over';
  `,
  postgres: `
    CREATE TABLE forwards (
      hash bytea PRIMARY KEY,
      request text NOT NULL UNIQUE,
      source bytea NOT NULL,
      target bytea NOT NULL,
      token bytea NOT NULL,
      payer bytea NOT NULL,
      payee bytea NOT NULL,
      amount numeric(78,0) NOT NULL,
      reference bytea NOT NULL,
      arrives bigint NOT NULL,
      direct bigint NOT NULL CHECK (direct IN (0, 1)),
      status text NOT NULL CHECK (status IN ('begun', 'locked', 'promised', 'settled', 'failed', 'over')),
      term bigint NOT NULL,
      version bigint,
      preimage bytea,
      failure text
    );
    CREATE INDEX open_forwards ON forwards (status, arrives) WHERE status <> 'over';
  `,
};
