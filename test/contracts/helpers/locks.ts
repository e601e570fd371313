import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { AbiCoder, ZeroHash, sha256 } from "ethers";

export interface Lock {
  preimage: string;
  amount: bigint;
  expiry: bigint;
  /** Its place in the tree unless given. */
  index?: bigint;
}

/** A preimage of its own for each `n` (not 0). */
export function preimageOf(n: bigint): string {
  return AbiCoder.defaultAbiCoder().encode(["uint256"], [n]);
}

/** A tree of locks: what a state or note holds of it, and the proof of each leaf. */
export function lockTree(locks: Lock[]) {
  const leaves = locks.map(({ preimage, amount, expiry, index }, place) => ({
    index: index ?? BigInt(place),
    hash: sha256(preimage),
    amount,
    expiry,
  }));
  const tree = StandardMerkleTree.of(
    leaves.map(({ index, hash, amount, expiry }) => [index, hash, amount, expiry]),
    ["uint64", "bytes32", "uint128", "uint64"],
    { sortLeaves: false },
  );
  const expiries = leaves.map(({ expiry }) => expiry);
  return {
    fields: {
      locked: leaves.reduce((sum, { amount }) => sum + amount, 0n),
      locksExpiry: expiries.reduce((latest, expiry) => (expiry > latest ? expiry : latest), 0n),
      locksRoot: tree.root,
    },
    /** The leaf at `place`, with its preimage, or relying on the registry. */
    proof(place: number, { registered = false } = {}) {
      const [leaf, lock] = [leaves[place], locks[place]];
      if (!leaf || !lock) throw new Error(`no lock at ${place}`);
      return { ...leaf, preimage: registered ? ZeroHash : lock.preimage, proof: tree.getProof(place) };
    },
  };
}
