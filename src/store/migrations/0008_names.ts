import type { Migration } from "./migration";

/**
 * Several processes: where the leader of a system answers, and who stands for its lead. Names for accounts, what operators
 * note about them, and the system that an account was given to before it was opened. Times are Unix milliseconds.
 */
export const names: Migration = {
  sqlite: `
    ALTER TABLE leases ADD COLUMN url TEXT;
    CREATE TABLE candidates (
      process TEXT PRIMARY KEY,
      slate BLOB NOT NULL,
      leads INTEGER NOT NULL,
      until INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    ALTER TABLE accounts ADD COLUMN status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'frozen', 'closed'));
    CREATE INDEX accounts_by_address ON accounts (address);
    CREATE TABLE placements (
      subject TEXT PRIMARY KEY,
      system BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE aliases (
      name TEXT PRIMARY KEY,
      account BLOB NOT NULL,
      since INTEGER NOT NULL,
      released INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX aliases_by_account ON aliases (account);
    CREATE TABLE metadata (
      account BLOB PRIMARY KEY,
      content TEXT NOT NULL,
      updated INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
  postgres: `
    ALTER TABLE leases ADD COLUMN url text;
    CREATE TABLE candidates (
      process text PRIMARY KEY,
      slate bytea NOT NULL,
      leads bigint NOT NULL,
      until bigint NOT NULL
    );
    ALTER TABLE accounts
      ADD COLUMN status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'frozen', 'closed'));
    CREATE INDEX accounts_by_address ON accounts (address);
    CREATE TABLE placements (
      subject text PRIMARY KEY,
      system bytea NOT NULL
    );
    CREATE TABLE aliases (
      name text PRIMARY KEY,
      account bytea NOT NULL,
      since bigint NOT NULL,
      released bigint
    );
    CREATE INDEX aliases_by_account ON aliases (account);
    CREATE TABLE metadata (
      account bytea PRIMARY KEY,
      content text NOT NULL,
      updated bigint NOT NULL
    );
  `,
};
