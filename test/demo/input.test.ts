import { writeFileSync } from "node:fs";
import path from "node:path";

import { expect } from "chai";

import { toAddress } from "../../src/protocol";
import { balancesAfter, creditsFor } from "../../scripts/demo/expected";
import { readPayments } from "../../scripts/demo/input";
import { expectError } from "../helpers/errors";
import { temporaryFolder } from "../helpers/service";

const HEADER = "block_number,block_timestamp,from,to,value_wei,gas_price_wei";
const A = `0x${"aa".repeat(20)}`;
const B = `0x${"bb".repeat(20)}`;
const ROW = `1,2,${A},${B},100,20`;

function file(context: Mocha.Context, ...lines: string[]): string {
  const name = path.join(temporaryFolder(context), "payments.csv");
  writeFileSync(name, lines.join("\n"));
  return name;
}

describe("readPayments", () => {
  it("reads the sample: 12,000 payments between 8,051 addresses", () => {
    const payments = readPayments("examples/data/ethereum-payments.csv");
    expect(payments).to.have.length(12_000);
    expect(creditsFor(payments).size).to.equal(8_051);
    expect(readPayments("examples/data/ethereum-payments.csv", 10)).to.deep.equal(payments.slice(0, 10));
  });

  it("reads a row", function () {
    expect(readPayments(file(this, HEADER, ROW))).to.deep.equal([
      { from: toAddress(A), to: toAddress(B), amount: 100n, gasPrice: 20n },
    ]);
  });

  for (const [name, row, details] of [
    ["an address that is none", `1,2,0x12,${B},100,20`, { line: 3, column: "from", got: "0x12" }],
    ["a payment to oneself", `1,2,${A},${A},100,20`, { line: 3, column: "to", got: A }],
    ["no amount", `1,2,${A},${B},0,20`, { line: 3, column: "value_wei", got: "0" }],
    ["a negative amount", `1,2,${A},${B},-5,20`, { line: 3, column: "value_wei", got: "-5" }],
    ["scientific notation", `1,2,${A},${B},1e18,20`, { line: 3, column: "value_wei", got: "1e18" }],
    ["a fraction", `1,2,${A},${B},1.5,20`, { line: 3, column: "value_wei", got: "1.5" }],
    ["more than 128 bits", `1,2,${A},${B},${2n ** 128n},20`, { line: 3, column: "value_wei" }],
    ["a gas price that is no number", `1,2,${A},${B},1,x`, { line: 3, column: "gas_price_wei", got: "x" }],
    ["a missing column", `1,2,${A},${B},100`, { line: 3, columns: 5, want: 6 }],
    ["a block that is no number", `,2,${A},${B},100,20`, { line: 3, column: "block_number", got: "" }],
  ] as const) {
    it(`case 28: names line and column of ${name}`, async function () {
      await expectError(() => readPayments(file(this, HEADER, ROW, row)), "invalid_input", details);
    });
  }

  it("names a header that is not the sample's, an empty file, and a file that is not there", async function () {
    await expectError(() => readPayments(file(this, "from,to", ROW)), "invalid_input", {
      line: 1,
      column: "block_number",
    });
    await expectError(() => readPayments(file(this, HEADER)), "invalid_input", { line: 2, reason: "no payments" });
    await expectError(() => readPayments("/no/such/file"), "invalid_input", { file: "/no/such/file" });
  });
});

describe("creditsFor and balancesAfter", () => {
  it("give each payer what it is short of, and nobody more", () => {
    const [a, b, c] = [A, B, `0x${"cc".repeat(20)}`].map(toAddress) as [never, never, never];
    const pay = (from: typeof a, to: typeof a, amount: bigint) => ({ from, to, amount, gasPrice: 0n });
    const payments = [pay(a, b, 10n), pay(b, c, 4n), pay(a, c, 5n), pay(b, a, 9n)];
    const credits = creditsFor(payments);
    expect([...credits]).to.deep.equal([
      [b, 3n],
      [a, 15n],
      [c, 0n],
    ]);
    expect(Object.fromEntries(balancesAfter(credits, payments))).to.deep.equal({ [a]: 9n, [b]: 0n, [c]: 9n });
  });
});
