import { expect } from "chai";
import { SimpleMerkleTree, StandardMerkleTree } from "@openzeppelin/merkle-tree";
import fc from "fast-check";

import {
  addLock,
  batchLeaf,
  lockLeaf,
  lockSummary,
  lockTree,
  merkleTree,
  processProof,
  withoutLock,
  ZERO_HASH,
  type Lock,
} from "../../src/protocol";
import { batchTree } from "../../src/protocol/merkle";
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

  it("of a commit are those of its leaves", () => {
    fc.assert(
      fc.property(fc.array(hash, { minLength: 1, maxLength: 20 }), (structHashes) => {
        const [ours, leaves] = [batchTree(structHashes), merkleTree(structHashes.map(batchLeaf))];
        const proofs = structHashes.map((_, i) => leaves.proof(i));
        expect(ours.root).to.equal(leaves.root);
        expect(structHashes.map((_, i) => ours.proof(i))).to.deep.equal(proofs);
        expect(structHashes.map((_, i) => ours.proof(i))).to.deep.equal(proofs);
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

  it("of locks are the same however the list came about, and prove every one of them", () => {
    const change = fc.tuple(fc.boolean(), fc.nat(99), hash, uint(8n), fc.nat(5));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 60 }), (changes) => {
        const lists: (readonly Lock[])[] = [[]];
        for (const [adds, which, hash, expiry, back] of changes) {
          // What was built on before is built on again where it led to nothing.
          const locks = lists[Math.max(lists.length - 1 - back, 0)]!;
          const one = locks[which % Math.max(locks.length, 1)];
          if (adds || one === undefined) lists.push(addLock(locks, { hash, amount: BigInt(which), expiry }));
          else lists.push(withoutLock(locks, one.index));
          for (const list of [lists.at(-1)!, locks]) {
            expect(lockSummary(list)).to.deep.equal(lockSummary([...list]));
            if (list.length === 0) continue;
            const [remembered, anew] = [lockTree(list), merkleTree(list.map(lockLeaf))];
            expect(remembered.root).to.equal(anew.root);
            expect(list.map((_, i) => remembered.proof(i))).to.deep.equal(list.map((_, i) => anew.proof(i)));
          }
        }
      }),
    );
  });

  it("of ten thousand locks needs few new hashes for one more, or one less", () => {
    let locks: readonly Lock[] = Array.from({ length: 10_000 }, (_, i) => {
      return { index: BigInt(i), hash: ZERO_HASH, amount: 1n, expiry: 2n };
    });
    const change = (i: number): void => {
      locks = addLock(withoutLock(locks, BigInt((i * 7919) % 10_000)), {
        hash: ZERO_HASH,
        amount: BigInt(i + 2),
        expiry: 2n,
      });
      lockTree(locks);
    };
    const time = (act: () => void): number => {
      const before = process.cpuUsage().user;
      act();
      return process.cpuUsage().user - before;
    };
    lockTree(locks);
    change(0);
    const one = time(() => [1, 2, 3, 4, 5].forEach(change)) / 5;
    const whole = time(() => merkleTree(locks.map(lockLeaf)));
    expect(one, `${one} µs of processor`).to.be.lessThan(whole / 20);
  });

  it("refuses an empty tree, and a leaf that is not there", async () => {
    await expectError(() => merkleTree([]), "invalid_proof", { leaves: 0 });
    await expectError(() => batchTree([]), "invalid_proof", { leaves: 0 });
    await expectError(() => merkleTree([ZERO_HASH]).proof(1), "invalid_proof", { index: 1, leaves: 1 });
    await expectError(() => merkleTree([ZERO_HASH]).proof(-1), "invalid_proof", { index: -1 });
    const one = lockTree([{ index: 0n, hash: ZERO_HASH, amount: 1n, expiry: 2n }]);
    await expectError(() => one.proof(1), "invalid_proof", { index: 1, leaves: 1 });
    await expectError(() => lockTree([]), "invalid_proof", { leaves: 0 });
  });
});
