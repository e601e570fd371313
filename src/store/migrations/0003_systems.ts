import type { Migration } from "./migration";

/**
 * Several systems in one database: commits, accounts, idempotency keys and preimages are each system's own, and `leases` says who may
 * commit for it. `until` is in Unix milliseconds. What is there already is of the one system that the database was for.
 */
export const systems: Migration = {
  sqlite: `
    CREATE TABLE leases (
      system BLOB PRIMARY KEY,
      holder TEXT NOT NULL,
      term INTEGER NOT NULL,
      until INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    ALTER TABLE commits RENAME TO commits_1;
    CREATE TABLE commits (
      system BLOB NOT NULL,
      id INTEGER NOT NULL,
      time INTEGER NOT NULL,
      signature BLOB,
      leaves BLOB NOT NULL,
      PRIMARY KEY (system, id)
    ) STRICT;
    INSERT INTO commits
      SELECT (SELECT system FROM assets UNION SELECT system FROM accounts LIMIT 1), id, time, signature, leaves
      FROM commits_1;
    DROP TABLE commits_1;

    ALTER TABLE accounts RENAME TO accounts_1;
    CREATE TABLE accounts (
      address BLOB NOT NULL,
      system BLOB NOT NULL,
      custody TEXT NOT NULL CHECK (custody IN ('self', 'hosted')),
      sealed_key TEXT,
      PRIMARY KEY (system, address)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO accounts SELECT address, system, custody, sealed_key FROM accounts_1;
    DROP TABLE accounts_1;

    ALTER TABLE journal RENAME TO journal_1;
    CREATE TABLE journal (
      commit_id INTEGER NOT NULL,
      line INTEGER NOT NULL,
      system BLOB NOT NULL,
      token BLOB NOT NULL,
      account BLOB NOT NULL,
      amount TEXT NOT NULL,
      reference BLOB NOT NULL,
      PRIMARY KEY (system, commit_id, line)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO journal SELECT commit_id, line, system, token, account, amount, reference FROM journal_1;
    DROP TABLE journal_1;

    ALTER TABLE replies RENAME TO replies_1;
    CREATE TABLE replies (
      system BLOB NOT NULL,
      key TEXT NOT NULL,
      fingerprint BLOB NOT NULL,
      reply TEXT NOT NULL,
      commit_id INTEGER NOT NULL,
      PRIMARY KEY (system, key)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO replies
      SELECT (SELECT system FROM assets UNION SELECT system FROM accounts LIMIT 1), key, fingerprint, reply, commit_id
      FROM replies_1;
    DROP TABLE replies_1;

    ALTER TABLE preimages RENAME TO preimages_1;
    CREATE TABLE preimages (
      system BLOB NOT NULL,
      hash BLOB NOT NULL,
      preimage BLOB NOT NULL,
      registered_at INTEGER,
      PRIMARY KEY (system, hash)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO preimages
      SELECT (SELECT system FROM assets UNION SELECT system FROM accounts LIMIT 1), hash, preimage, registered_at
      FROM preimages_1;
    DROP TABLE preimages_1;
  `,
  postgres: `
    CREATE TABLE leases (
      system bytea PRIMARY KEY,
      holder text NOT NULL,
      term bigint NOT NULL,
      until bigint NOT NULL
    );

    ALTER TABLE commits ADD COLUMN system bytea;
    UPDATE commits SET system = (SELECT system FROM assets UNION SELECT system FROM accounts LIMIT 1);
    ALTER TABLE commits DROP CONSTRAINT commits_pkey, ADD PRIMARY KEY (system, id);

    ALTER TABLE accounts DROP CONSTRAINT accounts_pkey, ADD PRIMARY KEY (system, address);

    ALTER TABLE journal DROP CONSTRAINT journal_pkey, ADD PRIMARY KEY (system, commit_id, line);

    ALTER TABLE replies ADD COLUMN system bytea;
    UPDATE replies SET system = (SELECT system FROM assets UNION SELECT system FROM accounts LIMIT 1);
    ALTER TABLE replies DROP CONSTRAINT replies_pkey, ADD PRIMARY KEY (system, key);

    ALTER TABLE preimages ADD COLUMN system bytea;
    UPDATE preimages SET system = (SELECT system FROM assets UNION SELECT system FROM accounts LIMIT 1);
    ALTER TABLE preimages DROP CONSTRAINT preimages_pkey, ADD PRIMARY KEY (system, hash);
  `,
};
