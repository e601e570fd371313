import { expect } from "chai";
import { SimpleMerkleTree, StandardMerkleTree } from "@openzeppelin/merkle-tree";
import fc from "fast-check";

import { batchLeaf, lockLeaf, lockSummary, merkleTree, processProof, ZERO_HASH } from "../../src/protocol";
import { expectError } from "../helpers/errors";
import { hash, uint } from "./arbitrary";

const lock = fc.record({ index: uint(64n), hash, amount: uint(100n), expiry: uint(64n) });

describe("merkle", () => {
  it("agrees with OpenZeppelin's trees, node for node", () => {
    fc.assert(
      fc.property(fc.array(hash, { minLength: 1, maxLength: 40 }), (leaves) => {
        const [ours, theirs] = [merkleTree(leaves), SimpleMerkleTree.of(leaves, { sortLeaves: false })];
        expect(ours.root).to.equal(theirs.root);
        leaves.forEach((leaf, i) => {
          expect(ours.proof(i)).to.deep.equal(theirs.getProof(i));
          expect(processProof(leaf, ours.proof(i))).to.equal(ours.root);
        });
      }),
    );
  });

  it("leaves are those of OpenZeppelin's standard tree", () => {
    fc.assert(
      fc.property(hash, lock, (structHash, l) => {
        expect(batchLeaf(structHash)).to.equal(StandardMerkleTree.of([[structHash]], ["bytes32"]).root);
        const types = ["uint64", "bytes32", "uint128", "uint64"];
        expect(lockLeaf(l)).to.equal(StandardMerkleTree.of([[l.index, l.hash, l.amount, l.expiry]], types).root);
      }),
    );
  });

  it("sums up locks", () => {
    expect(lockSummary([])).to.deep.equal({ locked: 0n, locksExpiry: 0n, locksRoot: ZERO_HASH });
    fc.assert(
      fc.property(fc.array(lock, { minLength: 1, maxLength: 8 }), (locks) => {
        expect(lockSummary(locks)).to.deep.equal({
          locked: locks.reduce((sum, { amount }) => sum + amount, 0n),
          locksExpiry: locks.map(({ expiry }) => expiry).sort((a, b) => (a < b ? 1 : -1))[0],
          locksRoot: merkleTree(locks.map(lockLeaf)).root,
        });
      }),
    );
  });

  it("refuses an empty tree, and a leaf that is not there", async () => {
    await expectError(() => merkleTree([]), "invalid_proof", { leaves: 0 });
    await expectError(() => merkleTree([ZERO_HASH]).proof(1), "invalid_proof", { index: 1, leaves: 1 });
    await expectError(() => merkleTree([ZERO_HASH]).proof(-1), "invalid_proof", { index: -1 });
  });
});
