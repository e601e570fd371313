import type { Migration } from "./migration";

/**
 * What SQLite is to take the log for when it chooses an index: a long one of many accounts. It knows nothing of its own accord, and
 * would read the whole log for one account's events.
 */
export const statistics: Migration = {
  sqlite: `
    ANALYZE sqlite_schema;
    INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
      ('events', 'events', '10000000 10000000 1'),
      ('events', 'events_of_account', '10000000 10000000 100 1'),
      ('events', 'events_of_counterparty', '10000000 10000000 100 1'),
      ('events', 'events_of_party', '1000000 1000000 100 1'),
      ('events', 'events_by_type', '1000000 1000000 100000 1'),
      ('events', 'events_by_reference', '1000000 1000000 2 1');
    ANALYZE sqlite_schema;
  `,
  postgres: "",
};
