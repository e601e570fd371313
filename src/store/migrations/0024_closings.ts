import type { Migration } from "./migration";

/**
 * The books as they stood when a day was over: what each account whose money moved on it has got until its end, less what it gave, and
 * the number of the last event before that. Days are counted from 1970 on, by UTC.
 */
export const closings: Migration = {
  sqlite: `
    CREATE TABLE closed_days (
      system BLOB NOT NULL,
      day INTEGER NOT NULL,
      number INTEGER NOT NULL,
      PRIMARY KEY (system, day)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE closing_totals (
      system BLOB NOT NULL,
      token BLOB NOT NULL,
      account BLOB NOT NULL,
      day INTEGER NOT NULL,
      total TEXT NOT NULL,
      PRIMARY KEY (system, token, account, day)
    ) STRICT, WITHOUT ROWID;
  `,
  postgres: `
    CREATE TABLE closed_days (
      system bytea NOT NULL,
      day bigint NOT NULL,
      number bigint NOT NULL,
      PRIMARY KEY (system, day)
    );
    CREATE TABLE closing_totals (
      system bytea NOT NULL,
      token bytea NOT NULL,
      account bytea NOT NULL,
      day bigint NOT NULL,
      total numeric(78,0) NOT NULL,
      PRIMARY KEY (system, token, account, day)
    );
  `,
};
