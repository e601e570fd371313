import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterTest } from "./afterTest";

/** A folder that goes with the test. */
export function temporaryFolder(context: Mocha.Context): string {
  const folder = mkdtempSync(path.join(tmpdir(), "starledger-test-"));
  afterTest(context, () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
