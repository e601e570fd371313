import type { Migration } from "./migration";

/** How much of each payment was given back; the payee's account of the books, for several may be paid under one hash. */
export const refunds: Migration = {
  sqlite: `
    CREATE TABLE refunds (
      system BLOB NOT NULL,
      payment BLOB NOT NULL,
      payee BLOB NOT NULL,
      amount TEXT NOT NULL,
      PRIMARY KEY (system, payment, payee)
    ) STRICT, WITHOUT ROWID;
  `,
  postgres: `
    CREATE TABLE refunds (
      system bytea NOT NULL,
      payment bytea NOT NULL,
      payee bytea NOT NULL,
      amount numeric(78,0) NOT NULL,
      PRIMARY KEY (system, payment, payee)
    );
  `,
};
