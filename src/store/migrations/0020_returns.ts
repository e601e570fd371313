import type { Migration } from "./migration";

/** Refunds of payments from other systems, which are on their way back there. */
export const returns: Migration = {
  sqlite: `
    CREATE TABLE returns (
      system BLOB NOT NULL,
      number INTEGER NOT NULL,
      hash BLOB NOT NULL,
      source BLOB NOT NULL,
      amount TEXT NOT NULL,
      mark BLOB NOT NULL,
      over INTEGER NOT NULL CHECK (over IN (0, 1)),
      PRIMARY KEY (system, number)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX open_returns ON returns (source) WHERE over = 0;
    CREATE INDEX returns_by_hash ON returns (hash);
  `,
  postgres: `
    CREATE TABLE returns (
      system bytea NOT NULL,
      number bigint NOT NULL,
      hash bytea NOT NULL,
      source bytea NOT NULL,
      amount numeric(78,0) NOT NULL,
      mark bytea NOT NULL,
      over bigint NOT NULL CHECK (over IN (0, 1)),
      PRIMARY KEY (system, number)
    );
    CREATE INDEX open_returns ON returns (source) WHERE over = 0;
    CREATE INDEX returns_by_hash ON returns (hash);
  `,
};
