import Database from "libsql";

import { fail } from "../../errors";

/**
 * Keeps other processes off a file by a lock of the operating system, which ends with the process however that ends: an
 * exclusive transaction of SQLite on a file beside it.
 * @throws store_locked
 */
export function lockFile(path: string): () => Promise<void> {
  const database = new Database(`${path}.lock`, { timeout: 0 });
  try {
    database.exec("BEGIN EXCLUSIVE");
  } catch {
    database.close();
    fail("store_locked", { store: path });
  }
  return () => {
    database.close();
    return Promise.resolve();
  };
}
