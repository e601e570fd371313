import { Buffer } from "buffer";

import { fail } from "../errors";
import { fromHex, keccak, keccakBytes, maximum, toHex, ZERO_HASH } from "./primitives";
import type { Hash, Lock, LockSummary } from "./types";
import { Words } from "./words";

/** A complete binary tree as OpenZeppelin's MerkleProof verifies it, its leaves in the order given. */
export interface MerkleTree {
  readonly root: Hash;
  /** The path of leaf `index`; empty for a tree of one leaf. */
  proof(index: number): Hash[];
}

/** A hash in a tree, which remembers what it made with the one on its right: most of a tree is as it was before. */
interface Node {
  readonly bytes: Buffer;
  right: Node | null;
  parent: Node | null;
}

/**
 * Builds the tree of at least one leaf; leaves are hashes already ({@link batchLeaf}, {@link lockLeaf}).
 * @throws invalid_proof for no leaves, or an index outside the tree; invalid_hex
 */
export function merkleTree(leaves: readonly Hash[]): MerkleTree {
  return treeOf(leaves.map((leaf) => nodeOf(fromHex(leaf, 32))));
}

/**
 * The same of locks, whose leaves are remembered: in a list that one was added to, or taken from, few hashes are new.
 * @throws as {@link merkleTree}, and what {@link lockLeaf} throws
 */
export function lockTree(locks: readonly Lock[]): MerkleTree {
  return treeOf(locks.map(leafNode));
}

function treeOf(leaves: readonly Node[]): MerkleTree {
  if (leaves.length === 0) fail("invalid_proof", { leaves: 0 });
  const size = 2 * leaves.length - 1;
  const nodes = new Array<Node>(size);
  leaves.forEach((leaf, i) => (nodes[size - 1 - i] = leaf));
  // The right one is before the left: leaves go down from the end.
  for (let i = size - 1 - leaves.length; i >= 0; i--) nodes[i] = parentOf(nodes[2 * i + 2]!, nodes[2 * i + 1]!);
  return {
    root: toHex(nodes[0]!.bytes) as Hash,
    proof: (index) => {
      if (index < 0 || index >= leaves.length) fail("invalid_proof", { index, leaves: leaves.length });
      const path: Hash[] = [];
      for (let i = size - 1 - index; i > 0; i = (i - 1) >> 1)
        path.push(toHex(nodes[i + (i % 2 === 0 ? -1 : 1)]!.bytes) as Hash);
      return path;
    },
  };
}

function nodeOf(bytes: Buffer): Node {
  return { bytes, right: null, parent: null };
}

function parentOf(left: Node, right: Node): Node {
  if (left.right === right) return left.parent!;
  left.right = right;
  return (left.parent = nodeOf(pair(left.bytes, right.bytes)));
}

/**
 * The root that `proof` leads to from `leaf`.
 * @throws invalid_hex for a step that is not 32 bytes: the hub could not follow it
 */
export function processProof(leaf: Hash, proof: readonly Hash[]): Hash {
  let node = fromHex(leaf, 32);
  for (const sibling of proof) node = pair(node, fromHex(sibling, 32));
  return toHex(node) as Hash;
}

/** Leaf of a batch: the double hash of a State's or Note's struct hash. */
export function batchLeaf(structHash: Hash): Hash {
  return keccak(keccakBytes(fromHex(structHash, 32)));
}

const lockWords = new Words(4);

/** Leaf of a lock tree: the double hash of `(index, hash, amount, expiry)`. */
export function lockLeaf(lock: Lock): Hash {
  const words = lockWords.start().uint64(lock.index).hash(lock.hash).uint128(lock.amount).uint64(lock.expiry);
  return keccak(keccakBytes(words.done()));
}

const leafNodes = new WeakMap<Lock, Node>();

function leafNode(lock: Lock): Node {
  let node = leafNodes.get(lock);
  if (node === undefined) leafNodes.set(lock, (node = nodeOf(fromHex(lockLeaf(lock), 32))));
  return node;
}

/** Sum, latest expiry and root of pending locks, in the order given; all zero for none. */
export function lockSummary(locks: readonly Lock[]): LockSummary {
  return {
    locked: locks.reduce((sum, lock) => sum + lock.amount, 0n),
    locksExpiry: locks.reduce((latest, lock) => maximum(latest, lock.expiry), 0n),
    locksRoot: locks.length === 0 ? ZERO_HASH : lockTree(locks).root,
  };
}

const both = Buffer.alloc(64);

function pair(a: Buffer, b: Buffer): Buffer {
  const sorted = Buffer.compare(a, b) <= 0;
  (sorted ? a : b).copy(both, 0);
  (sorted ? b : a).copy(both, 32);
  return keccakBytes(both);
}
