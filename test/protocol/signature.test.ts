import { expect } from "chai";
import { SigningKey, computeAddress } from "ethers";
import fc from "fast-check";

import {
  addressOf,
  batchLeaf,
  digest,
  hashBatch,
  hashState,
  keccakText,
  merkleTree,
  recover,
  recoverSystem,
  sign,
  SystemVerifier,
  type Hex,
  type Signature,
} from "../../src/protocol";
import { expectError } from "../helpers/errors";
import { hash, privateKey, state } from "./arbitrary";

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

describe("signature", () => {
  it("signs as ethers does, and recovers the signer", () => {
    fc.assert(
      fc.property(privateKey, hash, (key, message) => {
        const signature = sign(message, key);
        expect(signature).to.equal(new SigningKey(key).sign(message).serialized);
        expect(addressOf(key)).to.equal(computeAddress(key).toLowerCase());
        expect(recover(message, signature)).to.equal(addressOf(key));
      }),
      { numRuns: 30 },
    );
  });

  it("case 6: refuses malformed signatures", async () => {
    const message = keccakText("message");
    const good = sign(message, keccakText("key"));
    const [r, s, v] = [good.slice(2, 66), good.slice(66, 130), good.slice(130)];
    const high = (ORDER - BigInt(`0x${s}`)).toString(16).padStart(64, "0");
    const flipped = v === "1b" ? "1c" : "1b";
    for (const bad of [
      `0x${r}${high}${flipped}`,
      `0x${"00".repeat(64)}1b`,
      `0x${r}${s}`,
      `0x${r}${s}${v}00`,
      `0x${r}${s}1d`,
      `0x${r}${s}00`,
      "0x",
      "",
      good.toUpperCase(),
    ]) {
      await expectError(() => recover(message, bad as Signature), "invalid_signature", { got: bad });
    }
  });
});

describe("systemSignature", () => {
  const key = keccakText("signer") as Hex;
  const separator = keccakText("domain");

  it("is one on the struct, or one on the batch root for each of its leaves and nothing else", () => {
    fc.assert(
      fc.property(fc.array(state, { minLength: 2, maxLength: 20 }), state, (states, stranger) => {
        const hashes = states.map(hashState);
        const tree = merkleTree(hashes.map(batchLeaf));
        const signature = sign(digest(separator, hashBatch(tree.root)), key);
        const verifier = new SystemVerifier(separator);
        hashes.forEach((structHash, i) => {
          const signed = { signature, proof: tree.proof(i) };
          expect(recoverSystem(separator, structHash, signed)).to.equal(addressOf(key));
          expect(verifier.recover(structHash, signed)).to.equal(addressOf(key));
        });
        expect(verifier.checked).to.equal(1);
        const forged = { signature, proof: tree.proof(0) };
        fc.pre(!hashes.includes(hashState(stranger)));
        expect(recoverSystem(separator, hashState(stranger), forged)).to.not.equal(addressOf(key));
      }),
      { numRuns: 20 },
    );
  });

  it("case 5: a signature on a batch root is none on a struct of the same bytes", () => {
    const root = keccakText("root");
    const signature = sign(digest(separator, hashBatch(root)), key);
    expect(recoverSystem(separator, root, { signature, proof: [] })).to.not.equal(addressOf(key));
  });
});
