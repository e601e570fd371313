import { fail } from "../errors";
import { PostgresStore } from "./postgres";
import { SqliteStore } from "./sqlite";
import type { Store } from "./store";

/**
 * Opens the store that the address names, and brings it to the newest schema.
 * @param url `sqlite:` and a file (`:memory:` for one that nothing outlives), or `postgres://user:password@host/database`
 * @throws unknown_store, newer_schema, store_failed
 */
export async function openStore(url: string): Promise<Store> {
  if (/^postgres(ql)?:\/\//.test(url) && URL.canParse(url)) return await PostgresStore.open(url);
  const file = /^sqlite:(.+)$/.exec(url)?.[1];
  return await SqliteStore.open(file ?? fail("unknown_store"));
}
