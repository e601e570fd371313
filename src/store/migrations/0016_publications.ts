import type { Migration } from "./migration";

/** What systems have published of their liabilities, and, in chunks, the channels and nodes of each tree. */
export const publications: Migration = {
  sqlite: `
    CREATE TABLE publications (
      system BLOB NOT NULL,
      token BLOB NOT NULL,
      period INTEGER NOT NULL,
      time INTEGER NOT NULL,
      statement TEXT NOT NULL,
      channels INTEGER NOT NULL,
      secret BLOB NOT NULL,
      status TEXT NOT NULL CHECK (status IN ('sent', 'final', 'failed')),
      anchored BLOB,
      recorded BLOB,
      PRIMARY KEY (system, token, period)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE publication_chunks (
      system BLOB NOT NULL,
      secret BLOB NOT NULL,
      level INTEGER NOT NULL,
      first BLOB NOT NULL,
      content BLOB NOT NULL,
      PRIMARY KEY (system, secret, level, first)
    ) STRICT, WITHOUT ROWID;
  `,
  postgres: `
    CREATE TABLE publications (
      system bytea NOT NULL,
      token bytea NOT NULL,
      period bigint NOT NULL,
      time bigint NOT NULL,
      statement text NOT NULL,
      channels bigint NOT NULL,
      secret bytea NOT NULL,
      status text NOT NULL CHECK (status IN ('sent', 'final', 'failed')),
      anchored bytea,
      recorded bytea,
      PRIMARY KEY (system, token, period)
    );
    CREATE TABLE publication_chunks (
      system bytea NOT NULL,
      secret bytea NOT NULL,
      level bigint NOT NULL,
      first bytea NOT NULL,
      content bytea NOT NULL,
      PRIMARY KEY (system, secret, level, first)
    );
  `,
};
