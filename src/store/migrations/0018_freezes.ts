import type { Migration } from "./migration";

/** Why a channel is frozen, and until when. What was frozen before stays so until its epoch ends. */
export const freezes: Migration = {
  sqlite: `
    ALTER TABLE channels ADD COLUMN frozen TEXT;
  `,
  postgres: `
    ALTER TABLE channels ADD COLUMN frozen text;
  `,
};
