import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { Command } from "commander";
import { format } from "prettier";

import { measureDeposits } from "./gas/deposit";
import { measureStandalone } from "./gas/htlc";
import { measureHub } from "./gas/hub";
import { markdownTable, plainTable, type Figures } from "./gas/table";

// Gas of every operation, from the receipts of Hardhat's network, measured warm: payees hold tokens, approvals are
// infinite, the channel was used before (a deposit and a withdrawal), the token is OpenZeppelin's.

const ROOT = path.join(__dirname, "..");
const FILE = path.join(ROOT, "gas.json");
const README = path.join(ROOT, "README.md");

/** Deadlines and signatures have a zero byte more or less from run to run. */
const JITTER = 60;

function committed(): Figures {
  return JSON.parse(readFileSync(FILE, "utf8")) as Figures;
}

/** Names what differs from the committed figures; tells whether nothing does. */
function isUnchanged(figures: Figures, before: Figures): boolean {
  const drifted = [...new Set([...Object.keys(figures), ...Object.keys(before)])].filter(
    (name) => !(Math.abs((figures[name] ?? NaN) - (before[name] ?? NaN)) <= JITTER),
  );
  for (const name of drifted) console.error(`${name}: ${figures[name] ?? "gone"}, committed ${before[name] ?? "none"}`);
  return drifted.length === 0;
}

/** The README with the table of `figures` in its place. */
function readmeWith(figures: Figures): Promise<string> {
  const readme = readFileSync(README, "utf8");
  const table = `<!-- gas -->\n\n${markdownTable(figures)}\n\n<!-- /gas -->`;
  return format(readme.replace(/<!-- gas -->.*<!-- \/gas -->/s, table), { parser: "markdown", printWidth: 120 });
}

async function isReadmeTrue(): Promise<boolean> {
  if ((await readmeWith(committed())) === readFileSync(README, "utf8")) return true;
  console.error("README.md: its table is not that of gas.json");
  return false;
}

new Command("gas")
  .description("Measures the gas of every operation.")
  .option("--json", "print one JSON object", false)
  .option("--write", "write gas.json and the table in README.md", false)
  .option("--check", "fail if the figures are not those of gas.json, or the README's not either", false)
  .action(async (options: { json: boolean; write: boolean; check: boolean }) => {
    const figures = { ...(await measureHub()), ...(await measureStandalone()), ...(await measureDeposits()) };
    console.log(options.json ? JSON.stringify(figures, null, 2) : plainTable(figures));
    if (options.write) {
      writeFileSync(FILE, JSON.stringify(figures, null, 2) + "\n");
      writeFileSync(README, await readmeWith(figures));
    }
    if (options.check) {
      const [unchanged, documented] = [isUnchanged(figures, committed()), await isReadmeTrue()];
      if (!unchanged || !documented) process.exitCode = 1;
    }
  })
  .parseAsync()
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
