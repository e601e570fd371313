import type { Migration } from "./migration";

/**
 * Who may call, besides the operator: users who signed in. Secrets are kept as their SHA-256; times are Unix milliseconds. A
 * session bears the nonce that it was signed in with, which is so used up.
 */
export const callers: Migration = {
  sqlite: `
    CREATE TABLE sessions (
      id TEXT PRIMARY KEY,
      account BLOB NOT NULL,
      digest BLOB NOT NULL,
      expires INTEGER NOT NULL,
      ended INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX sessions_by_expiry ON sessions (expires);
  `,
  postgres: `
    CREATE TABLE sessions (
      id text PRIMARY KEY,
      account bytea NOT NULL,
      digest bytea NOT NULL,
      expires bigint NOT NULL,
      ended bigint NOT NULL
    );
    CREATE INDEX sessions_by_expiry ON sessions (expires);
  `,
};
