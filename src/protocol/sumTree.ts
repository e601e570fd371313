import { fail } from "../errors";
import { hashText } from "./hashText";
import { doubleHash } from "./merkle";
import { keccak, UINT128_MAX, within, ZERO_HASH } from "./primitives";
import type { ChannelId, Hash } from "./types";
import { Words } from "./words";

// Merkle sum trees of a system's liabilities (protocol section 9), as LiabilityAnchor verifies them.

/** What a system owes in one channel. */
export interface SumLeaf {
  readonly channelId: ChannelId;
  /** Secret between system and customer, fresh every period: it hides the leaf from those who see its hash. */
  readonly salt: Hash;
  /** uint128, base units. */
  readonly balance: bigint;
}

/** A node's hash and the sum of all balances below it. */
export interface SumNode {
  readonly hash: Hash;
  readonly sum: bigint;
}

/** The way from a leaf to the root. */
export interface SumPath {
  /** Of the leaf, from the left: bit k says whether the node k levels up is a right child. */
  readonly index: bigint;
  /** Siblings from the leaf upwards. */
  readonly siblings: readonly SumNode[];
}

export interface SumTree {
  /** Its `sum` is the total. */
  readonly root: SumNode;
  /** The path of leaf `position` of the list that the tree was built from. */
  path(position: number): SumPath;
}

/** Stands where there is no node. */
export const NO_NODE: SumNode = { hash: ZERO_HASH, sum: 0n };

/**
 * Builds the tree of a period. The leaves are put in the order of their salted hashes, so that a neighbour tells nothing.
 * Of no leaves, the root is zero.
 * @throws out_of_range if a balance or the total exceeds uint128; invalid_hex; invalid_proof for a leaf that is not there
 */
export function sumTree(leaves: readonly SumLeaf[]): SumTree {
  const nodes = leaves.map((leaf) => ({ hash: sumLeafHash(leaf), sum: leaf.balance }));
  const order = nodes.map((_, position) => position).sort((a, b) => (nodes[a]!.hash < nodes[b]!.hash ? -1 : 1));
  const indexes = new Map(order.map((position, index) => [position, index]));
  const levels: SumNode[][] = [order.map((position) => nodes[position]!)];
  for (let level = levels[0]!; level.length > 1; levels.push(level)) level = parents(level);
  return {
    root: levels.at(-1)![0] ?? NO_NODE,
    path: (position) => {
      const index = indexes.get(position) ?? fail("invalid_proof", { index: position, leaves: leaves.length });
      const siblings = levels.slice(0, -1).map((level, k) => level[(index >> k) ^ 1] ?? NO_NODE);
      return { index: BigInt(index), siblings };
    },
  };
}

const leafWords = new Words(3);

/**
 * The double hash of `(channelId, salt, balance)`.
 * @throws out_of_range, invalid_hex
 */
export function sumLeafHash(leaf: SumLeaf): Hash {
  const words = leafWords.start().hash(leaf.channelId).hash(leaf.salt).uint128(leaf.balance);
  return hashText(doubleHash(words.done()));
}

/**
 * The root that `path` leads to from `leaf`.
 * @throws out_of_range if a sum exceeds uint128; invalid_hex; invalid_proof if the path is too short for its index
 */
export function sumRoot(leaf: SumLeaf, path: SumPath): SumNode {
  let node: SumNode = { hash: sumLeafHash(leaf), sum: leaf.balance };
  let index = path.index;
  for (const sibling of path.siblings) {
    node = (index & 1n) === 0n ? sumParent(node, sibling) : sumParent(sibling, node);
    index >>= 1n;
  }
  if (index !== 0n) fail("invalid_proof", { index: path.index, siblings: path.siblings.length });
  return node;
}

/**
 * Checks that `leaf` is in the tree of `root`, and its balance in the root's sum.
 * @throws invalid_proof if it is not; out_of_range, invalid_hex
 */
export function checkInclusion(leaf: SumLeaf, path: SumPath, root: SumNode): void {
  const got = sumRoot(leaf, path);
  if (got.hash !== root.hash || got.sum !== root.sum) {
    fail("invalid_proof", { got: got.hash, want: root.hash, sum: got.sum, total: root.sum });
  }
}

const rootWords = new Words(2);

/** What the anchor stores of a period: `keccak256(abi.encode(root hash, total))`. */
export function sumCommitment(root: SumNode): Hash {
  return keccak(rootWords.start().hash(root.hash).uint128(root.sum).done());
}

function parents(level: readonly SumNode[]): SumNode[] {
  const result: SumNode[] = [];
  for (let i = 0; i < level.length; i += 2) result.push(sumParent(level[i]!, level[i + 1] ?? NO_NODE));
  return result;
}

const nodeWords = new Words(4);

/**
 * The node above two. It commits to both sums, not to their total alone: nobody can be shown another split of it.
 * @throws out_of_range if their sum exceeds uint128; invalid_hex
 */
export function sumParent(left: SumNode, right: SumNode): SumNode {
  const words = nodeWords.start().hash(left.hash).uint128(left.sum).hash(right.hash).uint128(right.sum);
  return { hash: keccak(words.done()), sum: within(left.sum + right.sum, 0n, UINT128_MAX, "sum") };
}
