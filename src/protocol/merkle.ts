import { Buffer } from "buffer";

import { fail } from "../errors";
import { hashText } from "./hashText";
import { fromHex, keccakBytes } from "./primitives";
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

function treeOf(leaves: readonly Uint8Array[]): MerkleTree {
  if (leaves.length === 0) fail("invalid_proof", { leaves: 0 });
  const size = 2 * leaves.length - 1;
  const nodes = new Array<Uint8Array>(size);
  leaves.forEach((leaf, i) => (nodes[size - 1 - i] = leaf));
  for (let i = size - 1 - leaves.length; i >= 0; i--) nodes[i] = hashPair(nodes[2 * i + 1]!, nodes[2 * i + 2]!);
  // Most of what a path goes by, the paths of other leaves go by too.
  const texts = new Array<Hash | undefined>(size);
  const text = (i: number) => (texts[i] ??= hashText(nodes[i]!));
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
  let node: Uint8Array = fromHex(leaf, 32);
  for (const sibling of proof) node = hashPair(node, fromHex(sibling, 32));
  return hashText(node);
}

/** Leaf of a batch: the double hash of a State's or Note's struct hash. */
export function batchLeaf(structHash: Hash): Hash {
  return hashText(batchLeafBytes(structHash));
}

const leafWords = new Words(1);

function batchLeafBytes(structHash: Hash): Uint8Array {
  return doubleHash(leafWords.start().hash(structHash).done());
}

const lockWords = new Words(4);

/** Leaf of a lock tree: the double hash of `(index, hash, amount, expiry)`. */
export function lockLeaf(lock: Lock): Hash {
  const words = lockWords.start().uint64(lock.index).hash(lock.hash).uint128(lock.amount).uint64(lock.expiry);
  return hashText(doubleHash(words.done()));
}

const single = Buffer.alloc(32);

/** A double hash, so that no inner node can be shown as a leaf. */
export function doubleHash(bytes: Buffer): Uint8Array {
  single.set(keccakBytes(bytes));
  return keccakBytes(single);
}

const both = Buffer.alloc(64);

/** The hash over two, in either order. */
export function hashPair(a: Uint8Array, b: Uint8Array): Uint8Array {
  const sorted = Buffer.compare(a, b) <= 0;
  both.set(sorted ? a : b, 0);
  both.set(sorted ? b : a, 32);
  return keccakBytes(both);
}
