import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

import { expect } from "chai";

import { temporaryFolder } from "../helpers/service";

const run = promisify(execFile);
const demo = (...options: string[]) => run("npx", ["tsx", "scripts/demo.ts", ...options]);

describe("the demo", () => {
  it("prints one JSON object: no failure, no mismatch, money conserved, the cheat punished, the lone user paid", async () => {
    const { stdout } = await demo("--limit", "300", "--json");
    const figures = JSON.parse(stdout) as Record<string, number | string | boolean>;
    expect(stdout.trim().split("\n")).to.have.length(1);
    expect(figures).to.include({
      payments: 300,
      failed: 0,
      mismatches: 0,
      conservation: true,
      mainnetGas: 300 * 21_000,
      penaltyPaid: `1000${"0".repeat(18)}`,
      unilateralExitPaid: `750${"0".repeat(18)}`,
    });
    for (const name of ["accounts", "seconds", "tps", "p50Ms", "p99Ms", "signaturesMade", "signaturesVerified"]) {
      expect(figures[name], name).to.be.greaterThan(0);
    }
    expect([figures["onchainTransactions"], BigInt(figures["withdrawn"] as string) > 0n]).to.deep.equal([9, true]);
  });

  it("stops before anything runs when a row is malformed, naming line and column", async function () {
    const file = path.join(temporaryFolder(this), "bad.csv");
    const header = "block_number,block_timestamp,from,to,value_wei,gas_price_wei";
    writeFileSync(file, `${header}\n1,2,0x${"aa".repeat(20)},0x${"bb".repeat(20)},ten,1\n`);
    const failure = await demo("--input", file).then(
      () => undefined,
      (error: unknown) => error as { code: number; stderr: string; stdout: string },
    );
    expect([failure?.code, failure?.stdout]).to.deep.equal([1, ""]);
    expect(failure?.stderr).to.include("line: 2, column: value_wei, got: ten");
    expect(failure?.stderr).to.not.include("Starting");
  });
});
