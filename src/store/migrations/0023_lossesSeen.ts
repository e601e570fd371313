import type { Migration } from "./migration";

/** When the chain was first seen after a loss of data: whoever declared it may have had a clock that is behind. */
export const lossesSeen: Migration = {
  sqlite: `
    ALTER TABLE losses ADD COLUMN seen INTEGER;
  `,
  postgres: `
    ALTER TABLE losses ADD COLUMN seen bigint;
  `,
};
