import { readFileSync } from "node:fs";

// Fails unless the contracts' last coverage run (`npm run coverage`) reached every line, branch and function.

type Metric = Record<"lines" | "branches" | "functions", { readonly pct: number }>;

const { total } = JSON.parse(readFileSync("coverage/coverage-summary.json", "utf8")) as { total: Metric };
for (const name of ["lines", "branches", "functions"] as const) {
  console.log(`${name}: ${total[name].pct}%`);
  if (total[name].pct !== 100) process.exitCode = 1;
}
