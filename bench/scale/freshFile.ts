import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** Does something with the path of a new SQLite file, which is gone afterwards. */
export async function withFreshFile<T>(act: (file: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), "starledger-bench-"));
  try {
    return await act(path.join(folder, "bench.db"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
