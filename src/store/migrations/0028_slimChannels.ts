import type { Migration } from "./migration";

/** Of channels that never touched the chain. */
const NO_FUNDS = '{"deposited":"0n","withdrawn":"0n","reclaimed":"0n","collateral":"0n"}';

const KEPT = "id, system, user, token, epoch, status";
const PENDING = "pending, closing, frozen, outgoing, incoming";

/**
 * A channel's latest state and note are those of the highest numbers, and what it has on chain is null where that is nothing: a
 * payment writes no channel's row, of which each took a page of its own to be written anew.
 */
export const slimChannels: Migration = {
  sqlite: `
    ALTER TABLE channels RENAME TO channels_1;
    CREATE TABLE channels (
      id BLOB PRIMARY KEY,
      system BLOB NOT NULL,
      user BLOB NOT NULL,
      token BLOB NOT NULL,
      epoch INTEGER NOT NULL,
      status TEXT NOT NULL CHECK (status IN ('open', 'frozen', 'settled')),
      funds TEXT,
      pending TEXT,
      closing TEXT,
      frozen TEXT,
      outgoing TEXT,
      incoming TEXT
    ) STRICT, WITHOUT ROWID;
    INSERT INTO channels (${KEPT}, funds, ${PENDING})
      SELECT ${KEPT}, nullif(funds, '${NO_FUNDS}'), ${PENDING} FROM channels_1 ORDER BY id;
    DROP TABLE channels_1;
  `,
  postgres: `
    ALTER TABLE channels DROP COLUMN version, DROP COLUMN seq, ALTER COLUMN funds DROP NOT NULL;
    UPDATE channels SET funds = NULL WHERE funds = '${NO_FUNDS}';
  `,
};
