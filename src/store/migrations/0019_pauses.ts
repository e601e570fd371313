import type { Migration } from "./migration";

/** Why nothing new is promised in an asset; null while it is. */
export const pauses: Migration = {
  sqlite: "ALTER TABLE assets ADD COLUMN paused TEXT CHECK (paused IN ('operator', 'backing', 'reconciliation'));",
  postgres: "ALTER TABLE assets ADD COLUMN paused text CHECK (paused IN ('operator', 'backing', 'reconciliation'));",
};
