import type { Migration } from "./migration";

/** Which publication a request to publish was answered with, by the hash of its idempotency key. */
export const publicationRequests: Migration = {
  sqlite: `
    CREATE TABLE publication_requests (
      request BLOB PRIMARY KEY,
      system BLOB NOT NULL,
      token BLOB NOT NULL,
      period INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
  postgres: `
    CREATE TABLE publication_requests (
      request bytea PRIMARY KEY,
      system bytea NOT NULL,
      token bytea NOT NULL,
      period bigint NOT NULL
    );
  `,
};
