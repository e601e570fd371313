import type { Migration } from "./migration";

/**
 * Who may call besides the operator: holders of API keys, and users who signed in. Secrets are kept as their SHA-256; times are Unix
 * milliseconds. A session bears the nonce that it was signed in with, which is so used up. `spending` is what a key has moved in its
 * period of so many seconds, the last one that it moved anything in.
 * Idempotency keys have the time of their commit, so that they can be forgotten.
 */
export const callers: Migration = {
  sqlite: `
    CREATE TABLE api_keys (
      id TEXT PRIMARY KEY,
      parent TEXT,
      digest BLOB NOT NULL,
      fingerprint BLOB NOT NULL,
      rights TEXT NOT NULL,
      created INTEGER NOT NULL,
      expires INTEGER,
      revoked INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX api_keys_by_parent ON api_keys (parent);
    CREATE TABLE spending (
      system BLOB NOT NULL,
      key_id TEXT NOT NULL,
      token BLOB NOT NULL,
      seconds INTEGER NOT NULL,
      start INTEGER NOT NULL,
      amount TEXT NOT NULL,
      PRIMARY KEY (system, key_id, token, seconds)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE sessions (
      id TEXT PRIMARY KEY,
      account BLOB NOT NULL,
      digest BLOB NOT NULL,
      expires INTEGER NOT NULL,
      ended INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX sessions_by_expiry ON sessions (expires);
    ALTER TABLE replies ADD COLUMN time INTEGER NOT NULL DEFAULT 0;
    UPDATE replies SET time = coalesce(
      (SELECT c.time FROM commits c WHERE c.system = replies.system AND c.id = replies.commit_id), 0
    );
    CREATE INDEX replies_by_time ON replies (time);
  `,
  postgres: `
    CREATE TABLE api_keys (
      id text PRIMARY KEY,
      parent text,
      digest bytea NOT NULL,
      fingerprint bytea NOT NULL,
      rights text NOT NULL,
      created bigint NOT NULL,
      expires bigint,
      revoked bigint
    );
    CREATE INDEX api_keys_by_parent ON api_keys (parent);
    CREATE TABLE spending (
      system bytea NOT NULL,
      key_id text NOT NULL,
      token bytea NOT NULL,
      seconds bigint NOT NULL,
      start bigint NOT NULL,
      amount numeric(78,0) NOT NULL,
      PRIMARY KEY (system, key_id, token, seconds)
    );
    CREATE TABLE sessions (
      id text PRIMARY KEY,
      account bytea NOT NULL,
      digest bytea NOT NULL,
      expires bigint NOT NULL,
      ended bigint NOT NULL
    );
    CREATE INDEX sessions_by_expiry ON sessions (expires);
    ALTER TABLE replies ADD COLUMN time bigint NOT NULL DEFAULT 0;
    UPDATE replies SET time = coalesce(
      (SELECT c.time FROM commits c WHERE c.system = replies.system AND c.id = replies.commit_id), 0
    );
    CREATE INDEX replies_by_time ON replies (time);
  `,
};
