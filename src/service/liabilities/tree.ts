import {
  liabilitySalt,
  NO_NODE,
  sumLeafHash,
  sumParent,
  type ChannelId,
  type Hash,
  type SumNode,
  type SumPath,
} from "../../protocol";

/** A channel in a publication. */
export interface Liability {
  readonly channelId: ChannelId;
  /** Base units. */
  readonly balance: bigint;
  /** Of the state and note that it follows from. */
  readonly version: bigint;
  readonly seq: bigint;
}

/** A channel with the place of its leaf. */
export interface PlacedLiability extends Liability {
  readonly index: number;
}

/** A sum tree that was built: every eighth level of it is kept, from which the others follow where they are needed. */
export interface LiabilityTree {
  readonly root: SumNode;
  /** In the order of their channels. */
  readonly leaves: readonly PlacedLiability[];
  /** Levels 0, 8, 16, …, each from the left. */
  readonly levels: readonly (readonly SumNode[])[];
}

/** Levels between two that are kept; their nodes come in chunks of {@link CHUNK}. */
const STEP = 8;
export const CHUNK = 2 ** STEP;
/** Hashes that are made, and things that are moved, before anybody else may do something: about a millisecond. */
const [HASHES, MOVES] = [128, 2_048];

/**
 * The tree of `sumTree`, made in slices between which `pause` lets others work: payments go on while it is built.
 * @param secret of this publication, from which its salts follow
 */
export async function buildTree(
  liabilities: readonly Liability[],
  secret: Hash,
  pause: () => Promise<unknown>,
): Promise<LiabilityTree> {
  const nodes = await made(liabilities.length, HASHES, pause, (i) => {
    const { channelId, balance } = liabilities[i]!;
    const hash = sumLeafHash({ channelId, salt: liabilitySalt(secret, channelId), balance });
    return { node: { hash, sum: balance }, liability: liabilities[i]! };
  });
  const sorted = await sortedBy(nodes, ({ node }) => node.hash, pause);
  const placed = await made(sorted.length, MOVES, pause, (index) => ({ ...sorted[index]!.liability, index }));
  const levels: SumNode[][] = [];
  let level: SumNode[] = await made(sorted.length, MOVES, pause, (i) => sorted[i]!.node);
  for (let height = 0; ; height++) {
    if (height % STEP === 0) levels.push(level);
    if (level.length <= 1) break;
    const below = level;
    level = await made(Math.ceil(below.length / 2), HASHES, pause, (i) =>
      sumParent(below[2 * i]!, below[2 * i + 1] ?? NO_NODE),
    );
  }
  const leaves = await sortedBy(placed, ({ channelId }) => channelId, pause);
  return { root: level[0] ?? NO_NODE, leaves, levels };
}

/**
 * The way from a leaf to the root.
 * @param chunk the nodes of a kept level that `index` is among: those from the next lower multiple of {@link CHUNK} on
 * @param count how many leaves there are
 */
export async function pathOf(
  index: number,
  count: number,
  chunk: (level: number, number: number) => Promise<readonly SumNode[]>,
): Promise<SumPath> {
  const siblings: SumNode[] = [];
  let [at, width] = [index, count];
  for (let height = 0; width > 1;) {
    let nodes = await chunk(height, Math.floor(at / CHUNK));
    let place = at % CHUNK;
    for (let i = 0; i < STEP && width > 1; i++) {
      siblings.push(nodes[place ^ 1] ?? NO_NODE);
      const below = nodes;
      nodes = Array.from({ length: Math.ceil(below.length / 2) }, (_, k) =>
        sumParent(below[2 * k]!, below[2 * k + 1] ?? NO_NODE),
      );
      place >>= 1;
      at >>= 1;
      width = Math.ceil(width / 2);
      height++;
    }
  }
  return { index: BigInt(index), siblings };
}

/** `count` things, made in slices of so many. */
async function made<T>(
  count: number,
  slice: number,
  pause: () => Promise<unknown>,
  make: (index: number) => T,
): Promise<T[]> {
  const all: T[] = [];
  for (let i = 0; i < count; i++) {
    all.push(make(i));
    if (all.length % slice === 0) await pause();
  }
  return all;
}

/** In the order of their keys, which are hashes: sorted by the first byte, then each heap by itself. */
async function sortedBy<T>(items: readonly T[], key: (item: T) => string, pause: () => Promise<unknown>): Promise<T[]> {
  const heaps = new Map<string, T[]>();
  await made(items.length, MOVES, pause, (i) => {
    const item = items[i]!;
    const first = key(item).slice(2, 4);
    const heap = heaps.get(first);
    if (heap === undefined) heaps.set(first, [item]);
    else heap.push(item);
  });
  const sorted: T[] = [];
  for (const first of [...heaps.keys()].sort()) {
    for (const item of heaps.get(first)!.sort((a, b) => (key(a) < key(b) ? -1 : 1))) sorted.push(item);
    await pause();
  }
  return sorted;
}
