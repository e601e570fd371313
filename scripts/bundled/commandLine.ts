import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { buildSync } from "esbuild";

const ROOT = path.join(__dirname, "../..");
/** What is a file of its own when it runs: the program, and its threads that check signatures. */
const ENTRIES = ["src/cli/main.ts", "src/service/checks/worker.ts"];

let folder: string | undefined;

/**
 * The file of `starledger` as one program, which starts in a third of the time that its sources take. It is made from them
 * once by each process that asks for it, and goes with that: it is never older than who runs it.
 */
export function bundledCommandLine(): string {
  folder ??= bundle();
  return path.join(folder, "main.js");
}

function bundle(): string {
  const made = mkdtempSync(path.join(tmpdir(), "starledger-bundled-"));
  process.once("exit", () => rmSync(made, { recursive: true }));
  // What is not bundled, and the package itself, it finds where the sources find them.
  for (const name of ["node_modules", "package.json"]) symlinkSync(path.join(ROOT, name), path.join(made, name));
  buildSync({
    entryPoints: ENTRIES.map((entry) => path.join(ROOT, entry)),
    bundle: true,
    entryNames: "[name]",
    format: "cjs",
    outdir: made,
    packages: "external",
    platform: "node",
    target: "node20",
  });
  return made;
}
