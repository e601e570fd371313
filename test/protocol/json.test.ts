import { expect } from "chai";
import fc from "fast-check";

import { fromJson, toJson } from "../../src/protocol/json";

const values = [fc.string(), fc.bigInt(), fc.integer(), fc.boolean(), fc.constantFrom(null, undefined)];
const anything = fc.object({ values, maxDepth: 3 });

describe("JSON with numbers of any size", () => {
  it("is what JSON.stringify makes of the same with each such number as its digits and an n", () => {
    fc.assert(
      fc.property(anything, (value) => {
        const digits = (_: string, item: unknown) => (typeof item === "bigint" ? `${item}n` : item);
        expect(toJson(value)).to.equal(JSON.stringify(value, digits));
        expect(toJson([value, undefined, 1n])).to.equal(JSON.stringify([value, undefined, 1n], digits));
      }),
    );
  });

  it("is read as it was written", () => {
    const value = { amount: 2n ** 200n, below: [-1n, { zero: 0n }], text: "1 n", nothing: null, is: true, count: 3 };
    expect(fromJson(toJson(value))).to.deep.equal(value);
  });
});
