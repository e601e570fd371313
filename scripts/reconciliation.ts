import { existsSync, readFileSync, writeFileSync } from "node:fs";

import { DIFFERENCES } from "../src/engine";

// Writes docs/RECONCILIATION.md from the kinds of differences; with --check it fails if the file is not what it would write.

const FILE = "docs/RECONCILIATION.md";

const text = [
  "# Reconciliation",
  "",
  "`GET /v1/reconciliation` (operator) holds what a system's records say against each other: the service's memory, the log of all",
  "entries (days that are over as they were added up then; `starledger doctor --store` reads the log from its first), the store, and the final chain. Every difference is named with its kind, the token, account, channel and field",
  "that it is about, what the record says (`got`) and what the others lead to (`want`). None should ever be there. The same runs every",
  "`STARLEDGER_RECONCILIATION_INTERVAL` seconds: `starledger_reconciliation_differences` is then to be watched, and each difference is a line",
  "of the log. Of the chain it reads the channels that have been on it; a deposit that is final and not credited yet shows as `chain_funds`",
  "until it is. Commits wait while log and store are read. Written by `npx tsx scripts/reconciliation.ts` from `src/engine/reconciliation`.",
  "",
  "| kind | meaning |",
  "|---|---|",
  ...Object.entries(DIFFERENCES).map(([kind, meaning]) => `| \`${kind}\` | ${meaning} |`),
  "",
].join("\n");

if (!process.argv.includes("--check")) writeFileSync(FILE, text);
else if (!existsSync(FILE) || readFileSync(FILE, "utf8") !== text) {
  console.error(`${FILE} is not what src/engine/reconciliation says: run npx tsx scripts/reconciliation.ts`);
  process.exitCode = 1;
}
