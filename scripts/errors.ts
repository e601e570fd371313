import { existsSync, readFileSync, writeFileSync } from "node:fs";

import { ERRORS } from "../src/errors";

// Writes docs/ERRORS.md from the table of errors; with --check it fails if the file is not what it would write.

const FILE = "docs/ERRORS.md";

const rows = Object.entries(ERRORS).map(
  ([code, { status, retryable, message, hint }]) =>
    `| \`${code}\` | ${status} | ${retryable ? "yes" : "no"} | ${message} | ${hint} |`,
);
const text = [
  "# Errors",
  "",
  "Every error has a stable code. `details` of an error name what was got and what was expected. Written by",
  "`npx tsx scripts/errors.ts` from `src/errors.ts`. The errors of the contracts are in `contracts/interfaces`.",
  "",
  "| code | HTTP status | can a retry help | meaning | what to do |",
  "|---|---|---|---|---|",
  ...rows,
  "",
].join("\n");

if (!process.argv.includes("--check")) writeFileSync(FILE, text);
else if (!existsSync(FILE) || readFileSync(FILE, "utf8") !== text) {
  console.error(`${FILE} is not what src/errors.ts says: run npx tsx scripts/errors.ts`);
  process.exitCode = 1;
}
