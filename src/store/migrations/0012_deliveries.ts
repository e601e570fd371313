import type { Migration } from "./migration";

/** Deliveries that were asked for say by which request, so that the same one again makes no other. */
export const deliveries: Migration = {
  sqlite: "ALTER TABLE webhook_deliveries ADD COLUMN request TEXT",
  postgres: "ALTER TABLE webhook_deliveries ADD COLUMN request text",
};
