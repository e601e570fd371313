import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";

import { Command } from "commander";

import { MUTANTS, type Mutant } from "./mutants/list";

// Makes one mistake after the other in a copy of the contracts, and runs the forge test that must notice it. Fails if one
// goes unnoticed, or if the place of a mistake is no longer found exactly once.

const ROOT = path.join(__dirname, "..");
const NEEDED = ["contracts", "test/forge", "test/vectors", "tools", "foundry.toml", "package.json"];
/** Makes a result the same everywhere. */
const SEED = "0x57a2";

interface Outcome {
  readonly id: string;
  readonly mistake: string;
  readonly caughtBy: string | null;
  /** What the test said. */
  readonly reason: string | null;
  readonly runs: number;
  readonly seconds: number;
}

interface TestResult {
  readonly status: "Success" | "Failure" | "Skipped";
  readonly reason: string | null;
  readonly kind: { readonly Invariant?: { readonly runs: number } };
}
type Report = Record<string, { readonly test_results: Record<string, TestResult> }>;

/** A copy of all that forge needs. */
function copyProject(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "starledger-mutants-"));
  for (const name of NEEDED) cpSync(path.join(ROOT, name), path.join(folder, name), { recursive: true });
  symlinkSync(path.join(ROOT, "node_modules"), path.join(folder, "node_modules"));
  return folder;
}

/** Runs the tests of one contract in `folder`; compiles what has changed. */
async function runForge(folder: string, contract: string): Promise<Report> {
  rmSync(path.join(folder, "cache/invariant"), { recursive: true, force: true });
  const args = ["test", "--json", "--fuzz-seed", SEED, "--match-contract", `^(${contract})$`];
  const forge = spawn(path.join(ROOT, "node_modules/.bin/forge"), args, {
    cwd: folder,
    env: { ...process.env, FOUNDRY_PROFILE: "mutants" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, err] = ["", ""];
  forge.stdout.on("data", (data: Buffer) => (out += data.toString()));
  forge.stderr.on("data", (data: Buffer) => (err += data.toString()));
  await new Promise((resolve) => forge.on("close", resolve));
  const start = out.indexOf("{");
  if (start < 0) throw new Error(`forge gave no report:\n${out}${err}`);
  return JSON.parse(out.slice(start)) as Report;
}

const resultsOf = (report: Report): TestResult[] =>
  Object.values(report).flatMap(({ test_results }) => Object.values(test_results));

async function tryMutant(folder: string, mutant: Mutant): Promise<Outcome> {
  const file = path.join(folder, "contracts", mutant.file);
  const original = readFileSync(file, "utf8");
  const start = Date.now();
  writeFileSync(
    file,
    original.replace(mutant.search, () => mutant.replace),
  );
  try {
    const results = resultsOf(await runForge(folder, mutant.caughtBy));
    const failure = results.find(({ status }) => status === "Failure");
    return {
      id: mutant.id,
      mistake: mutant.mistake,
      caughtBy: failure ? mutant.caughtBy : null,
      reason: failure?.reason ?? null,
      runs: (failure ?? results[0])?.kind.Invariant?.runs ?? 0,
      seconds: Math.round((Date.now() - start) / 1000),
    };
  } finally {
    writeFileSync(file, original);
  }
}

/** Mutants whose place in the code is gone or no longer the only one. */
function misplaced(mutants: readonly Mutant[]): Mutant[] {
  return mutants.filter(({ file, search }) => {
    const source = readFileSync(path.join(ROOT, "contracts", file), "utf8");
    return source.split(search).length !== 2;
  });
}

async function main(): Promise<void> {
  const options = new Command("mutants")
    .description("seeds mistakes in a copy of the contracts, and checks that the invariants notice every one")
    .option("--only <id>", "this mutant alone")
    .option("--json", "print the outcomes as JSON")
    .parse()
    .opts<{ only?: string; json?: boolean }>();
  const mutants = MUTANTS.filter(({ id }) => !options.only || id === options.only);
  if (mutants.length === 0) throw new Error(`no mutant is called ${options.only ?? ""}`);
  const lost = misplaced(mutants);
  for (const { id, file, search } of lost) console.error(`${id}: contracts/${file} has not exactly one "${search}"`);
  if (lost.length > 0) return void (process.exitCode = 1);

  const folders = [copyProject()];
  try {
    process.stderr.write("the contracts as they are … ");
    const names = [...new Set(mutants.map(({ caughtBy }) => caughtBy))];
    const passed = resultsOf(await runForge(folders[0]!, names.join("|"))).filter(({ status }) => status === "Success");
    if (passed.length !== names.length) throw new Error("the tests must pass without a mutant");
    process.stderr.write("pass\n");
    // Every further core gets a copy of what is compiled by now.
    for (let i = 1; i < Math.min(availableParallelism(), mutants.length); ++i) {
      const folder = mkdtempSync(path.join(tmpdir(), "starledger-mutants-"));
      cpSync(folders[0]!, folder, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
      folders.push(folder);
    }
    const outcomes: Outcome[] = [];
    const waiting = [...mutants];
    await Promise.all(
      folders.map(async (folder) => {
        for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
          const outcome = await tryMutant(folder, mutant);
          outcomes.push(outcome);
          const verdict = outcome.caughtBy ? `caught: ${outcome.reason}` : "SURVIVED";
          process.stderr.write(
            `${outcomes.length}/${mutants.length} ${mutant.id} … ${verdict} (${outcome.seconds} s)\n`,
          );
        }
      }),
    );
    print(outcomes, options.json === true);
    if (outcomes.some(({ caughtBy }) => caughtBy === null)) process.exitCode = 1;
  } finally {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  }
}

function print(outcomes: readonly Outcome[], json: boolean): void {
  if (json) return console.log(JSON.stringify(outcomes, null, 2));
  console.table(
    outcomes.map(({ id, caughtBy, reason, runs, seconds }) => ({
      mutant: id,
      "caught by": caughtBy ?? "NOTHING",
      saying: reason ?? "",
      runs,
      seconds,
    })),
  );
}

void main();
