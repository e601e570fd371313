import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { buildSync } from "esbuild";

const ROOT = path.join(__dirname, "../..");
/** What is a file of its own when a program runs: its threads that check signatures. */
const WORKER = "src/service/checks/worker.ts";

const programs = new Map<string, string>();

/**
 * The file of one program made of `entry`, a source named from the repository's root, which starts in a third of the time
 * that its sources take. It is made from them once by each process that asks for it, and goes with that: it is never older
 * than who runs it.
 */
export function bundledProgram(entry: string): string {
  const known = programs.get(entry);
  if (known !== undefined) return known;
  const made = path.join(bundle(entry), `${path.basename(entry, ".ts")}.js`);
  programs.set(entry, made);
  return made;
}

function bundle(entry: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), "starledger-bundled-"));
  process.once("exit", () => rmSync(folder, { recursive: true }));
  // What is not bundled, and the package itself, it finds where the sources find them.
  for (const name of ["node_modules", "package.json"]) symlinkSync(path.join(ROOT, name), path.join(folder, name));
  buildSync({
    entryPoints: [entry, WORKER].map((source) => path.join(ROOT, source)),
    bundle: true,
    entryNames: "[name]",
    format: "cjs",
    outdir: folder,
    packages: "external",
    platform: "node",
    target: "node20",
  });
  return folder;
}
