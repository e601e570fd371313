import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { expect } from "chai";

const run = promisify(execFile);

describe("npm run torture:settlement", () => {
  it("cases 16 and 19: a service that is killed on a chain that reorganises loses and doubles no withdrawal", async () => {
    const options = ["--withdrawals", "40", "--kills", "2", "--reorgs", "1", "--seed", "short", "--json"];
    const { stdout } = await run("npx", ["tsx", "scripts/torture/settlement.ts", ...options]);
    const figures = JSON.parse(stdout) as Record<string, number>;
    expect(stdout.trim().split("\n")).to.have.length(1);
    expect(figures).to.include({ withdrawals: 40, kills: 2, reorgs: 1, lost: 0, doubled: 0, mismatches: 0 });
    expect(figures["deepestReorg"]).to.be.within(1, 64);
  });
});
