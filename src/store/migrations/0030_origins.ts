import type { Migration } from "./migration";

/**
 * A state or note has the numbers of the events that it came with, by which its account finds them. The indexes by account have what is
 * found by none: of each payment, two took a page of their own to be written anew. What is there already stays in them.
 */
const sql = `
  ALTER TABLE states ADD COLUMN first_event BIGINT;
  ALTER TABLE states ADD COLUMN event_count BIGINT;
  ALTER TABLE notes ADD COLUMN first_event BIGINT;
  ALTER TABLE notes ADD COLUMN event_count BIGINT;
  ALTER TABLE events ADD COLUMN listed BIGINT NOT NULL DEFAULT 1;
  DROP INDEX events_of_account;
  DROP INDEX events_of_counterparty;
  DROP INDEX events_of_party;
  CREATE INDEX events_of_account ON events (system, account, number)
    WHERE length(account) = 20 AND type <> 'account.opened' AND listed = 1;
  CREATE INDEX events_of_counterparty ON events (system, counterparty, number) WHERE length(counterparty) = 20 AND listed = 1;
  CREATE INDEX events_of_party ON events (system, party, number) WHERE party IS NOT NULL AND listed = 1;
  CREATE INDEX channels_of_user ON channels ("user");
`;

/** What SQLite knew of the indexes went with them. */
const STATISTICS = `
  INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('events', 'events_of_account', '10000000 10000000 100 1'),
    ('events', 'events_of_counterparty', '10000000 10000000 100 1'),
    ('events', 'events_of_party', '1000000 1000000 100 1');
  ANALYZE sqlite_schema;
`;

export const origins: Migration = { sqlite: sql.replaceAll("BIGINT", "INTEGER") + STATISTICS, postgres: sql };
