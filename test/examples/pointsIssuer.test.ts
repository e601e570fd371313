import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { expect } from "chai";

import { freshService } from "../helpers/service";
import { listen, OPERATOR_KEY } from "../helpers/http";

describe("examples/pointsIssuer.ts", () => {
  it("gives points for orders and takes them as payment, once however often it is run", async function () {
    const { service } = await freshService(this);
    const { url } = await listen(this, service);
    const env = { ...process.env, STARLEDGER_URL: url, STARLEDGER_API_KEY: OPERATOR_KEY };
    const run = () => promisify(execFile)("node_modules/.bin/tsx", ["examples/pointsIssuer.ts"], { env });
    const said = [
      "A-1001: 129 points to ada",
      "A-1002: 40 points to bob",
      "A-1003: 9 points to ada",
      "A-1004: ada pays a mug with 100 points",
      "ada has 38",
      "bob has 40",
      "till has 100",
      "",
    ].join("\n");
    expect(await run()).to.deep.equal({ stdout: said, stderr: "" });
    const { liabilities } = [...service.assets()][0]!;
    expect(liabilities).to.equal(178n * 10n ** 18n);
    expect(await run()).to.deep.equal({ stdout: said, stderr: "" });
    expect([...service.assets()][0]!.liabilities).to.equal(liabilities);
  });
});
