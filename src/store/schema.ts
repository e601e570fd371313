/**
 * Migrations by number: entry `n` leads from version `n` to `n + 1`. Amounts are decimal text, for they do not fit
 * SQLite's integers; hashes and addresses are blobs.
 * `leaves` holds the struct hashes that a commit's signature covers, one after the other.
 */
export const MIGRATIONS: readonly string[] = [
  `
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
  // Conditional transfers: the locks pending in a channel's state and note (JSON; null for none), and what links them.
  `
  ALTER TABLE channels ADD COLUMN outgoing TEXT;
  ALTER TABLE channels ADD COLUMN incoming TEXT;
  CREATE TABLE htlcs (
    payer BLOB NOT NULL,
    version INTEGER NOT NULL,
    outgoing_index INTEGER NOT NULL,
    outgoing TEXT NOT NULL,
    payee BLOB NOT NULL,
    incoming TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('pending', 'settled', 'failed')),
    returned_in INTEGER NOT NULL,
    over INTEGER NOT NULL CHECK (over IN (0, 1)),
    PRIMARY KEY (payer, version, outgoing_index)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX open_htlcs ON htlcs (payer) WHERE over = 0;
  CREATE TABLE preimages (
    hash BLOB PRIMARY KEY,
    preimage BLOB NOT NULL,
    registered_at INTEGER
  ) STRICT, WITHOUT ROWID;
  `,
];
