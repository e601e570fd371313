import { expect } from "chai";
import fc from "fast-check";

import { UINT128_MAX } from "../../src/protocol";
import { formatAmount, parseAmount } from "../../src/sdk/amounts";
import { expectError } from "../helpers/errors";

describe("amounts", () => {
  it("reads whole tokens exactly, whatever the asset's decimals", () => {
    const read = (text: string, decimals: number) => parseAmount(text, decimals);
    expect([read("12.50", 2), read("12.5", 2), read("12", 2), read("0.01", 2), read("7", 0)]).to.deep.equal([
      1250n,
      1250n,
      1200n,
      1n,
      7n,
    ]);
    expect(read("340282366920938463463.374607431768211455", 18)).to.equal(UINT128_MAX);
  });

  it("writes what it reads, and reads what it writes", () => {
    fc.assert(
      fc.property(fc.bigInt(1n, UINT128_MAX), fc.nat(38), (amount, decimals) => {
        expect(parseAmount(formatAmount(amount, decimals), decimals)).to.equal(amount);
      }),
    );
    expect([formatAmount(-1250n, 2), formatAmount(0n, 18), formatAmount(5n, 3)]).to.deep.equal(["-12.5", "0", "0.005"]);
  });

  it("case 28: refuses what is no amount, has too many digits, is nothing or beyond 128 bits", async () => {
    const malformed = ["", "-1", "+1", "1e18", "0x10", "01", " 1", "1 ", "1,5", "1.", ".5", "1.2.3", "１", "NaN"];
    const outside = ["0", "0.00", "1.005", "1.500", "3402823669209384634633746074317682114.56"];
    for (const got of [...malformed, ...outside]) {
      await expectError(() => parseAmount(got, 2), "invalid_decimal", { got, decimals: 2 });
    }
  });
});
