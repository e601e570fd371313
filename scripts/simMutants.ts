import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { Command } from "commander";

import { MISTAKES, type Mistake } from "./sim/mistakes";

// Makes one mistake after the other in a copy of the sources, and simulates until it is noticed. Fails if one goes unnoticed,
// or if the place of a mistake is no longer found exactly once.

const ROOT = path.join(__dirname, "..");
/** What the compiler makes. */
const COMPILED = ["artifacts", "cache", "typechain-types"];
const NEEDED = [
  "src",
  "contracts",
  "scripts",
  "test/sim",
  ...COMPILED,
  "hardhat.config.ts",
  "package.json",
  "tsconfig.json",
];
const SEEDS = 100;

/** What `npm run sim -- --json` says of a seed. */
interface Report {
  readonly violation?: { readonly message: string; readonly step: number };
}

interface Outcome extends Pick<Mistake, "id" | "mistake"> {
  readonly seed: number | null;
  /** In all, those of earlier seeds included. */
  readonly steps: number;
  readonly noticed: string | null;
}

function copyProject(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "starledger-mistakes-"));
  for (const name of NEEDED) copy(folder, name);
  symlinkSync(path.join(ROOT, "node_modules"), path.join(folder, "node_modules"));
  return folder;
}

/**
 * The reports of the seeds until one fails.
 * @throws Error if it ended in any other way: whoever is killed has noticed nothing
 */
async function simulate(folder: string, steps: number): Promise<Report[]> {
  const seeds = `1..${SEEDS}`;
  const args = ["--import", "tsx", "scripts/sim.ts", "--seed", seeds, "--steps", String(steps), "--patience", "0"];
  const child = spawn(process.execPath, [...args, "--json"], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  let [out, err] = ["", ""];
  child.stdout.on("data", (data: Buffer) => (out += data.toString()));
  child.stderr.on("data", (data: Buffer) => (err += data.toString()));
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  const reports = out
    .split("\n")
    .filter((line) => line.length > 0)
    .map((line) => JSON.parse(line) as Report);
  const isNoticed = reports.at(-1)?.violation !== undefined;
  const isOver = isNoticed ? code === 1 : code === 0 && reports.length === SEEDS;
  if (isOver) return reports;
  throw new Error(`the simulation did not end (${signal ?? code}) after ${reports.length} seeds:\n${err}`);
}

async function tryMistake(
  folder: string,
  { id, mistake, file, search, replace }: Mistake,
  steps: number,
): Promise<Outcome> {
  const place = path.join(folder, file);
  const original = readFileSync(place, "utf8");
  writeFileSync(
    place,
    original.replace(search, () => replace),
  );
  const isContract = file.startsWith("contracts/");
  try {
    if (isContract) compile(folder);
    const reports = await simulate(folder, steps);
    const found = reports.at(-1)?.violation;
    const before = (reports.length - 1) * steps;
    if (found === undefined) return { id, mistake, seed: null, steps: reports.length * steps, noticed: null };
    return { id, mistake, seed: reports.length, steps: before + found.step, noticed: found.message.split("\n")[0]! };
  } finally {
    writeFileSync(place, original);
    if (isContract) for (const name of COMPILED) copy(folder, name);
  }
}

/** @throws Error if the contracts do not compile */
function compile(folder: string): void {
  const { status, stderr } = spawnSync("node_modules/.bin/hardhat", ["compile", "--quiet"], {
    cwd: folder,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`the contracts do not compile:\n${stderr}`);
}

function copy(folder: string, name: string): void {
  cpSync(path.join(ROOT, name), path.join(folder, name), { recursive: true, preserveTimestamps: true });
}

function isMisplaced({ file, search }: Mistake): boolean {
  return readFileSync(path.join(ROOT, file), "utf8").split(search).length !== 2;
}

async function main(): Promise<void> {
  const options = new Command("sim:mutants")
    .description("seeds mistakes in a copy of the sources, and checks that the simulation notices every one")
    .option("--only <id>", "this mistake alone")
    .option("--steps <count>", `of each of ${SEEDS} seeds at most`, "1000")
    .option("--json", "print the outcomes as JSON", false)
    .parse()
    .opts<{ only?: string; steps: string; json: boolean }>();
  const mistakes = MISTAKES.filter(({ id }) => options.only === undefined || id === options.only);
  const lost = mistakes.filter(isMisplaced);
  for (const { id, file, search } of lost) console.error(`${id}: ${file} has not exactly one "${search}"`);
  if (lost.length > 0 || mistakes.length === 0) return void (process.exitCode = 1);
  const folder = copyProject();
  try {
    const outcomes: Outcome[] = [];
    for (const mistake of mistakes) {
      const outcome = await tryMistake(folder, mistake, Number(options.steps));
      outcomes.push(outcome);
      const verdict = outcome.noticed === null ? "NOT NOTICED" : `after ${outcome.steps} steps: ${outcome.noticed}`;
      process.stderr.write(`${outcomes.length}/${mistakes.length} ${outcome.id}: ${verdict}\n`);
    }
    if (options.json) console.log(JSON.stringify(outcomes, null, 2));
    else console.table(outcomes.map(({ id, steps, noticed }) => ({ id, steps, noticed: noticed ?? "NOTHING" })));
    if (outcomes.some(({ noticed }) => noticed === null)) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void main();
