import type { Migration } from "./migration";

/**
 * What payments cost and how large they may be, per asset and per account (JSON); what accounts with a daily limit have paid;
 * the invoices of hosted accounts with their sealed preimages.
 */
export const money: Migration = {
  sqlite: `
    ALTER TABLE assets ADD COLUMN fees TEXT NOT NULL DEFAULT '{}';
    ALTER TABLE assets ADD COLUMN limits TEXT NOT NULL DEFAULT '{"perPayment":null,"perDay":null,"balance":null}';
    CREATE TABLE account_terms (
      system BLOB NOT NULL,
      token BLOB NOT NULL,
      account BLOB NOT NULL,
      fees_waived INTEGER NOT NULL CHECK (fees_waived IN (0, 1)),
      limits TEXT,
      PRIMARY KEY (system, token, account)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE day_totals (
      system BLOB NOT NULL,
      token BLOB NOT NULL,
      account BLOB NOT NULL,
      day INTEGER NOT NULL,
      amount TEXT NOT NULL,
      PRIMARY KEY (system, token, account)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE invoices (
      system BLOB NOT NULL,
      hash BLOB NOT NULL,
      account BLOB NOT NULL,
      token BLOB NOT NULL,
      amount TEXT NOT NULL,
      expiry INTEGER NOT NULL,
      memo BLOB NOT NULL,
      signature BLOB NOT NULL,
      sealed_preimage TEXT NOT NULL,
      hold INTEGER NOT NULL CHECK (hold IN (0, 1)),
      status TEXT NOT NULL CHECK (status IN ('open', 'held', 'settled', 'cancelled', 'expired')),
      created_at INTEGER NOT NULL,
      over INTEGER NOT NULL CHECK (over IN (0, 1)),
      PRIMARY KEY (system, hash)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX open_invoices ON invoices (system) WHERE over = 0;
    CREATE INDEX invoices_by_time ON invoices (system, created_at, hash);
    CREATE INDEX invoices_by_account ON invoices (system, account, created_at, hash);
  `,
  postgres: `
    ALTER TABLE assets
      ADD COLUMN fees text NOT NULL DEFAULT '{}',
      ADD COLUMN limits text NOT NULL DEFAULT '{"perPayment":null,"perDay":null,"balance":null}';
    CREATE TABLE account_terms (
      system bytea NOT NULL,
      token bytea NOT NULL,
      account bytea NOT NULL,
      fees_waived bigint NOT NULL CHECK (fees_waived IN (0, 1)),
      limits text,
      PRIMARY KEY (system, token, account)
    );
    CREATE TABLE day_totals (
      system bytea NOT NULL,
      token bytea NOT NULL,
      account bytea NOT NULL,
      day bigint NOT NULL,
      amount numeric(78,0) NOT NULL,
      PRIMARY KEY (system, token, account)
    );
    CREATE TABLE invoices (
      system bytea NOT NULL,
      hash bytea NOT NULL,
      account bytea NOT NULL,
      token bytea NOT NULL,
      amount numeric(78,0) NOT NULL,
      expiry bigint NOT NULL,
      memo bytea NOT NULL,
      signature bytea NOT NULL,
      sealed_preimage text NOT NULL,
      hold bigint NOT NULL CHECK (hold IN (0, 1)),
      status text NOT NULL CHECK (status IN ('open', 'held', 'settled', 'cancelled', 'expired')),
      created_at bigint NOT NULL,
      over bigint NOT NULL CHECK (over IN (0, 1)),
      PRIMARY KEY (system, hash)
    );
    CREATE INDEX open_invoices ON invoices (system) WHERE over = 0;
    CREATE INDEX invoices_by_time ON invoices (system, created_at, hash);
    CREATE INDEX invoices_by_account ON invoices (system, account, created_at, hash);
  `,
};
