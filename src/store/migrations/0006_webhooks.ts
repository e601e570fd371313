import type { Migration } from "./migration";

/**
 * Endpoints that are told what happens, and what came of telling them. `position` is the number of the last event that an
 * endpoint has taken; `generation` rises with every change that is not its own progress. Times are Unix milliseconds.
 */
export const webhooks: Migration = {
  sqlite: `
    CREATE TABLE webhooks (
      id TEXT PRIMARY KEY,
      system BLOB NOT NULL,
      owner TEXT NOT NULL,
      request BLOB NOT NULL,
      url TEXT NOT NULL,
      description TEXT NOT NULL,
      types TEXT,
      account BLOB,
      status TEXT NOT NULL CHECK (status IN ('enabled', 'disabled', 'failed')),
      secret TEXT NOT NULL,
      rotation TEXT NOT NULL,
      former_secret TEXT,
      former_until INTEGER NOT NULL,
      generation INTEGER NOT NULL,
      position INTEGER NOT NULL,
      failures INTEGER NOT NULL,
      failing_since INTEGER NOT NULL,
      next_attempt INTEGER NOT NULL,
      created INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX webhooks_by_system ON webhooks (system, created);

    CREATE TABLE webhook_deliveries (
      webhook TEXT NOT NULL,
      id TEXT NOT NULL,
      event INTEGER NOT NULL,
      time INTEGER NOT NULL,
      status INTEGER,
      response TEXT NOT NULL,
      duration INTEGER NOT NULL,
      PRIMARY KEY (webhook, id)
    ) STRICT, WITHOUT ROWID;
  `,
  postgres: `
    CREATE TABLE webhooks (
      id text PRIMARY KEY,
      system bytea NOT NULL,
      owner text NOT NULL,
      request bytea NOT NULL,
      url text NOT NULL,
      description text NOT NULL,
      types text,
      account bytea,
      status text NOT NULL CHECK (status IN ('enabled', 'disabled', 'failed')),
      secret text NOT NULL,
      rotation text NOT NULL,
      former_secret text,
      former_until bigint NOT NULL,
      generation bigint NOT NULL,
      position bigint NOT NULL,
      failures bigint NOT NULL,
      failing_since bigint NOT NULL,
      next_attempt bigint NOT NULL,
      created bigint NOT NULL
    );
    CREATE INDEX webhooks_by_system ON webhooks (system, created);

    CREATE TABLE webhook_deliveries (
      webhook text NOT NULL,
      id text NOT NULL,
      event bigint NOT NULL,
      time bigint NOT NULL,
      status bigint,
      response text NOT NULL,
      duration bigint NOT NULL,
      PRIMARY KEY (webhook, id)
    );
  `,
};
