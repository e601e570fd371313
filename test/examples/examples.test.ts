import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";

import { expect } from "chai";

const SAID = `shop      please pay sl1…
shop      please pay sl1…
customer  pays S-1
shop      S-1 is paid: a teapot is on its way
shop      S-2 was not paid: back to the shelf
customer  comes too late for S-2: invoice_closed
customer  has 70
ada deposited 50
ada sold for 20
3 payouts of 23 in all, by one signature
ada withdrew 35 to 0x70997970c51812dc3a010c7d01b50e0d17dc79c8 on the chain
the desk has 937
`;

describe("examples", () => {
  it("a shop is paid by invoice and an exchange takes deposits and pays out, on a chain and a service of their own", async () => {
    const run = promisify(execFile)(process.execPath, ["--import", "tsx", "examples/run.ts", "shop", "exchange"]);
    expect((await run).stdout.replace(/sl1\w+…/g, "sl1…")).to.equal(SAID);
  });

  for (const file of [
    "pointsIssuer.ts",
    "shop.ts",
    "exchange.ts",
    "wallet.ts",
    "wallet/wallet.ts",
    "wallet/index.html",
  ]) {
    it(`${file} is short enough to be read at once`, () => {
      expect(readFileSync(`examples/${file}`, "utf8").split("\n").length).to.be.lessThan(150);
    });
  }
});
