import type { Migration } from "./migration";

/** Invoices are found by their hash whichever system they are of. */
export const lookups: Migration = {
  sqlite: "CREATE INDEX invoices_by_hash ON invoices (hash);",
  postgres: "CREATE INDEX invoices_by_hash ON invoices (hash);",
};
