import { expect } from "chai";
import fc from "fast-check";
import { z } from "zod";

import { toHex, UINT64_MAX } from "../../src/protocol";
import { encodeStateReceipt, stateReceipt } from "../../src/wire";

const bytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((array) => toHex(Buffer.from(array)) as never);
const receipt = fc.record({
  commit: fc.bigInt(0n, UINT64_MAX),
  systemSignature: fc.record({ signature: bytes(65), proof: fc.array(bytes(32), { maxLength: 64 }) }),
});

describe("The receipt of a state, as JSON", () => {
  it("is what its schema makes of it, and is read as it was", () => {
    fc.assert(
      fc.property(receipt, (one) => {
        const encoded = encodeStateReceipt(one);
        expect(encoded).to.deep.equal(z.encode(stateReceipt, one));
        expect(stateReceipt.parse(encoded)).to.deep.equal(one);
      }),
    );
  });
});
