import type { Migration } from "./migration";

/**
 * The ledger of one system. Hashes and addresses are bytes; amounts are numbers of any length in PostgreSQL, decimal text
 * in SQLite. `leaves` holds the struct hashes that a commit's signature covers, one after the other.
 */
export const ledger: Migration = {
  sqlite: `
    CREATE TABLE commits (
      id INTEGER PRIMARY KEY,
      time INTEGER NOT NULL,
      signature BLOB,
      leaves BLOB NOT NULL
    ) STRICT;
    CREATE TABLE accounts (
      address BLOB PRIMARY KEY,
      system BLOB NOT NULL,
      custody TEXT NOT NULL CHECK (custody IN ('self', 'hosted')),
      sealed_key TEXT
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE assets (
      system BLOB NOT NULL,
      token BLOB NOT NULL,
      decimals INTEGER NOT NULL,
      settings TEXT NOT NULL,
      allotment TEXT NOT NULL,
      credit_limit TEXT NOT NULL,
      liabilities TEXT NOT NULL,
      PRIMARY KEY (system, token)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE channels (
      id BLOB PRIMARY KEY,
      system BLOB NOT NULL,
      user BLOB NOT NULL,
      token BLOB NOT NULL,
      epoch INTEGER NOT NULL,
      status TEXT NOT NULL CHECK (status IN ('open', 'frozen', 'settled')),
      funds TEXT NOT NULL,
      pending TEXT,
      closing TEXT,
      version INTEGER NOT NULL,
      seq INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE states (
      channel BLOB NOT NULL,
      version INTEGER NOT NULL,
      net TEXT NOT NULL,
      note_seq INTEGER NOT NULL,
      note_credited TEXT NOT NULL,
      locked TEXT NOT NULL,
      locks_expiry INTEGER NOT NULL,
      locks_root BLOB NOT NULL,
      memo BLOB NOT NULL,
      user_signature BLOB NOT NULL,
      commit_id INTEGER NOT NULL,
      leaf INTEGER NOT NULL,
      PRIMARY KEY (channel, version)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE notes (
      channel BLOB NOT NULL,
      seq INTEGER NOT NULL,
      credited TEXT NOT NULL,
      locked TEXT NOT NULL,
      locks_expiry INTEGER NOT NULL,
      locks_root BLOB NOT NULL,
      memo BLOB NOT NULL,
      commit_id INTEGER NOT NULL,
      leaf INTEGER NOT NULL,
      PRIMARY KEY (channel, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE consents (
      hash BLOB PRIMARY KEY,
      kind TEXT NOT NULL CHECK (kind IN ('withdrawal', 'closing')),
      message TEXT NOT NULL,
      user_signature BLOB NOT NULL,
      system_signature BLOB NOT NULL,
      commit_id INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE journal (
      commit_id INTEGER NOT NULL,
      line INTEGER NOT NULL,
      system BLOB NOT NULL,
      token BLOB NOT NULL,
      account BLOB NOT NULL,
      amount TEXT NOT NULL,
      reference BLOB NOT NULL,
      PRIMARY KEY (commit_id, line)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE replies (
      key TEXT PRIMARY KEY,
      fingerprint BLOB NOT NULL,
      reply TEXT NOT NULL,
      commit_id INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
  postgres: `
    CREATE TABLE commits (
      id bigint PRIMARY KEY,
      time bigint NOT NULL,
      signature bytea,
      leaves bytea NOT NULL
    );
    CREATE TABLE accounts (
      address bytea PRIMARY KEY,
      system bytea NOT NULL,
      custody text NOT NULL CHECK (custody IN ('self', 'hosted')),
      sealed_key text
    );
    CREATE TABLE assets (
      system bytea NOT NULL,
      token bytea NOT NULL,
      decimals bigint NOT NULL,
      settings text NOT NULL,
      allotment numeric(78,0) NOT NULL,
      credit_limit numeric(78,0) NOT NULL,
      liabilities numeric(78,0) NOT NULL,
      PRIMARY KEY (system, token)
    );
    CREATE TABLE channels (
      id bytea PRIMARY KEY,
      system bytea NOT NULL,
      "user" bytea NOT NULL,
      token bytea NOT NULL,
      epoch bigint NOT NULL,
      status text NOT NULL CHECK (status IN ('open', 'frozen', 'settled')),
      funds text NOT NULL,
      pending text,
      closing text,
      version bigint NOT NULL,
      seq bigint NOT NULL
    );
    CREATE TABLE states (
      channel bytea NOT NULL,
      version bigint NOT NULL,
      net numeric(78,0) NOT NULL,
      note_seq bigint NOT NULL,
      note_credited numeric(78,0) NOT NULL,
      locked numeric(78,0) NOT NULL,
      locks_expiry bigint NOT NULL,
      locks_root bytea NOT NULL,
      memo bytea NOT NULL,
      user_signature bytea NOT NULL,
      commit_id bigint NOT NULL,
      leaf bigint NOT NULL,
      PRIMARY KEY (channel, version)
    );
    CREATE TABLE notes (
      channel bytea NOT NULL,
      seq bigint NOT NULL,
      credited numeric(78,0) NOT NULL,
      locked numeric(78,0) NOT NULL,
      locks_expiry bigint NOT NULL,
      locks_root bytea NOT NULL,
      memo bytea NOT NULL,
      commit_id bigint NOT NULL,
      leaf bigint NOT NULL,
      PRIMARY KEY (channel, seq)
    );
    CREATE TABLE consents (
      hash bytea PRIMARY KEY,
      kind text NOT NULL CHECK (kind IN ('withdrawal', 'closing')),
      message text NOT NULL,
      user_signature bytea NOT NULL,
      system_signature bytea NOT NULL,
      commit_id bigint NOT NULL
    );
    CREATE TABLE journal (
      commit_id bigint NOT NULL,
      line bigint NOT NULL,
      system bytea NOT NULL,
      token bytea NOT NULL,
      account bytea NOT NULL,
      amount numeric(78,0) NOT NULL,
      reference bytea NOT NULL,
      PRIMARY KEY (commit_id, line)
    );
    CREATE TABLE replies (
      key text PRIMARY KEY,
      fingerprint bytea NOT NULL,
      reply text NOT NULL,
      commit_id bigint NOT NULL
    );
  `,
};
