import type { Migration } from "./migration";

/**
 * An account's row has the number of the event by which it was opened, which the index of its events leaves out: each opening
 * took a page of that to be written anew.
 */
const sql = `
  ALTER TABLE accounts ADD COLUMN opened BIGINT;
  UPDATE accounts SET opened = (
    SELECT number FROM events e
    WHERE e.system = accounts.system AND length(e.account) = 20 AND e.account = accounts.address AND e.type = 'account.opened'
  );
  DROP INDEX events_of_account;
  CREATE INDEX events_of_account ON events (system, account, number) WHERE length(account) = 20 AND type <> 'account.opened';
`;

export const opened: Migration = { sqlite: sql.replace("BIGINT", "INTEGER"), postgres: sql };
