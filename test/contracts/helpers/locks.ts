import { AbiCoder, concat, id, keccak256, sha256, ZeroHash } from "ethers";
import { SimpleMerkleTree } from "@openzeppelin/merkle-tree";

/** Locks of the given amounts, all with one expiry, as a tree, with everything to prove each of them. */
export function lockTree(amounts: readonly bigint[], expiry: bigint) {
  const preimage = (index: number): string => id(`preimage ${index}`);
  const locks = amounts.map((amount, index) => ({
    index: BigInt(index),
    hash: sha256(preimage(index)),
    amount,
    expiry,
  }));
  const leaves = locks.map((lock) => {
    const types = ["uint64", "bytes32", "uint128", "uint64"];
    const encoded = AbiCoder.defaultAbiCoder().encode(types, [lock.index, lock.hash, lock.amount, lock.expiry]);
    return keccak256(concat([keccak256(encoded)]));
  });
  const tree = SimpleMerkleTree.of(leaves, { sortLeaves: false });
  const registered = (index: number) => ({ ...locks[index]!, preimage: ZeroHash, proof: tree.getProof(index) });
  return {
    root: tree.root,
    expiry,
    preimage,
    /** Shown with its preimage. */
    proof: (index: number) => ({ ...registered(index), preimage: preimage(index) }),
    /** Shown as the registry has it. */
    registered,
  };
}
