import { expect } from "chai";
import * as fc from "fast-check";

import * as native from "../../src/protocol/crypto";
import * as portable from "../../src/protocol/crypto.browser";

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map((b) => Buffer.from(b));
/** Below the order of the curve. */
const key = bytes(32).map((b) => (b[0] === 0xff || b.every((byte) => byte === 0) ? Buffer.alloc(32, 1) : b));

describe("hashing by WebAssembly", () => {
  it("makes the same hashes as other code, of bytes of any length", async () => {
    await native.compileKeccak();
    const texts = fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ minLength: 16_300, maxLength: 16_500 }));
    fc.assert(
      fc.property(texts, texts, (one, other) => {
        const [first, second] = [native.keccakBytes(Buffer.from(one)), native.keccakBytes(Buffer.from(other))];
        expect(first).to.deep.equal(portable.keccakBytes(Buffer.from(one)));
        expect(second).to.deep.equal(portable.keccakBytes(Buffer.from(other)));
      }),
      { numRuns: 60 },
    );
  });
});

describe("crypto without native code", () => {
  it("hashes, signs, recovers and derives the same bytes as with it", () => {
    fc.assert(
      fc.property(bytes(32), key, fc.uint8Array({ maxLength: 300 }), (digest, privateKey, text) => {
        expect(portable.keccakBytes(Buffer.from(text))).to.deep.equal(native.keccakBytes(Buffer.from(text)));
        const signed = native.signRecoverably(digest, privateKey);
        expect(portable.signRecoverably(digest, privateKey)).to.deep.equal(signed);
        const { signature, recovery } = signed;
        const publicKey = portable.publicKeyOf(privateKey);
        expect(publicKey).to.deep.equal(native.publicKeyOf(privateKey));
        expect(portable.recoverKey(digest, signature, recovery)).to.deep.equal(publicKey);
      }),
      { numRuns: 30 },
    );
  });

  it("refuses what recovers no key, as with it", () => {
    const nothing = Buffer.alloc(64);
    for (const { recoverKey } of [native, portable]) {
      expect(() => recoverKey(Buffer.alloc(32, 7), nothing, 0)).to.throw();
    }
  });
});
