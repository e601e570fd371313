import { Buffer } from "buffer";

import { fail } from "../errors";
import { fromHex, keccak, keccakBytes, toHex } from "./primitives";
import type { Hash, Lock } from "./types";
import { Words } from "./words";

/** A complete binary tree as OpenZeppelin's MerkleProof verifies it, its leaves in the order given. */
export interface MerkleTree {
  readonly root: Hash;
  /** The path of leaf `index`; empty for a tree of one leaf. */
  proof(index: number): Hash[];
}

/**
 * Builds the tree of at least one leaf; leaves are hashes already ({@link batchLeaf}, {@link lockLeaf}).
 * @throws invalid_proof for no leaves, or an index outside the tree; invalid_hex
 */
export function merkleTree(leaves: readonly Hash[]): MerkleTree {
  return treeOf(leaves.map((leaf) => fromHex(leaf, 32)));
}

/**
 * The tree of a commit, whose leaves are the {@link batchLeaf}s of struct hashes.
 * @throws as {@link merkleTree}
 */
export function batchTree(structHashes: readonly Hash[]): MerkleTree {
  return treeOf(structHashes.map(batchLeafBytes));
}

function treeOf(leaves: readonly Buffer[]): MerkleTree {
  if (leaves.length === 0) fail("invalid_proof", { leaves: 0 });
  const size = 2 * leaves.length - 1;
  const nodes = new Array<Buffer>(size);
  leaves.forEach((leaf, i) => (nodes[size - 1 - i] = leaf));
  for (let i = size - 1 - leaves.length; i >= 0; i--) nodes[i] = hashPair(nodes[2 * i + 1]!, nodes[2 * i + 2]!);
  // Most of what a path goes by, the paths of other leaves go by too.
  const texts = new Array<Hash | undefined>(size);
  const text = (i: number) => (texts[i] ??= toHex(nodes[i]!) as Hash);
  return {
    root: text(0),
    proof: (index) => pathOf(index, leaves.length).map(text),
  };
}

/**
 * Where in a tree the hashes of a leaf's path are: places are counted from the root on, level by level, and the last leaf comes
 * first.
 * @throws invalid_proof for an index outside the tree
 */
export function pathOf(index: number, leaves: number): number[] {
  if (index < 0 || index >= leaves) fail("invalid_proof", { index, leaves });
  const path: number[] = [];
  for (let place = 2 * leaves - 2 - index; place > 0; place = (place - 1) >> 1)
    path.push(place % 2 === 0 ? place - 1 : place + 1);
  return path;
}

/**
 * The root that `proof` leads to from `leaf`.
 * @throws invalid_hex for a step that is not 32 bytes: the hub could not follow it
 */
export function processProof(leaf: Hash, proof: readonly Hash[]): Hash {
  let node = fromHex(leaf, 32);
  for (const sibling of proof) node = hashPair(node, fromHex(sibling, 32));
  return toHex(node) as Hash;
}

/** Leaf of a batch: the double hash of a State's or Note's struct hash. */
export function batchLeaf(structHash: Hash): Hash {
  return toHex(batchLeafBytes(structHash)) as Hash;
}

const leafWords = new Words(1);

function batchLeafBytes(structHash: Hash): Buffer {
  return keccakBytes(keccakBytes(leafWords.start().hash(structHash).done()));
}

const lockWords = new Words(4);

/** Leaf of a lock tree: the double hash of `(index, hash, amount, expiry)`. */
export function lockLeaf(lock: Lock): Hash {
  const words = lockWords.start().uint64(lock.index).hash(lock.hash).uint128(lock.amount).uint64(lock.expiry);
  return keccak(keccakBytes(words.done()));
}

const both = Buffer.alloc(64);

/** The hash over two, in either order. */
export function hashPair(a: Buffer, b: Buffer): Buffer {
  const sorted = Buffer.compare(a, b) <= 0;
  (sorted ? a : b).copy(both, 0);
  (sorted ? b : a).copy(both, 32);
  return keccakBytes(both);
}
