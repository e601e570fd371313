import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { expect } from "chai";

const run = promisify(execFile);

describe("npm run torture:crash", () => {
  it("case 23: what was answered while service and database were killed is true", async () => {
    const options = ["--store", "postgres", "--kills", "3", "--seed", "short", "--json"];
    const { stdout } = await run("npx", ["tsx", "scripts/torture/crash.ts", ...options]);
    const figures = JSON.parse(stdout) as Record<string, number>;
    expect(stdout.trim().split("\n")).to.have.length(1);
    const none = { lost: 0, doubled: 0, uncalled: 0, wrongBalances: 0, differences: 0 };
    expect(figures).to.include({ store: "postgres", kills: 3, databaseKills: 1, ...none });
    expect(figures["acknowledged"]).to.be.greaterThan(0);
    expect(figures["refused"]).to.have.all.keys("insufficient_balance");
  });
});
