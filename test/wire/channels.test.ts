import { expect } from "chai";
import fc from "fast-check";
import { z } from "zod";

import { encodeStateReceipt, stateReceipt } from "../../src/wire";
import { answer } from "./arbitrary";

describe("The receipt of a state, as JSON", () => {
  it("is what its schema makes of it, and is read as it was", () => {
    fc.assert(
      fc.property(answer, ({ result }) => {
        const encoded = encodeStateReceipt(result);
        expect(encoded).to.deep.equal(z.encode(stateReceipt, result));
        expect(stateReceipt.parse(encoded)).to.deep.equal(result);
      }),
    );
  });
});
