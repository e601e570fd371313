import type { Migration } from "./migration";

/** An account is found by its address under the key that it has anyway: a second index cost each opening another page. */
const sql = "DROP INDEX accounts_by_address;";

export const oneIndex: Migration = { sqlite: sql, postgres: sql };
