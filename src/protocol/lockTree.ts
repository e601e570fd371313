import { fail } from "../errors";
import { hashText } from "./hashText";
import { Runs } from "./lockRuns";
import { hashPair, lockLeaf, pathOf, type MerkleTree } from "./merkle";
import { fromHex, maximum, ZERO_HASH } from "./primitives";
import type { Hash, Lock, LockSummary } from "./types";

// Of a list that one lock was put into, or taken out of, all is known that was known of the list before, but what changed.

/** How a list's runs follow from another's. */
interface Change {
  readonly of: KnownList;
  readonly place: number;
  /** To be put there; null where one is to be taken out. */
  readonly leaf: Uint8Array | null;
}

/** What is known of a list of at least one lock. */
class KnownList {
  private root: Hash | undefined;

  /** @param runs of lists that follow from each other, the one that was used last has them */
  constructor(
    private readonly locked: bigint,
    private readonly locksExpiry: bigint,
    private runs: Runs | Change,
  ) {}

  /** Gets the runs from the list that has them, which gets them from this one when it is asked again. */
  private static runsOf(list: KnownList): Runs {
    const way: { readonly to: KnownList; readonly change: Change }[] = [];
    let [to, { runs }] = [list, list];
    while (!(runs instanceof Runs)) {
      way.push({ to, change: runs });
      to = runs.of;
      runs = to.runs;
    }
    for (const { to, change } of way.reverse()) {
      const { of, place, leaf } = change;
      if (leaf === null) of.runs = { of: to, place, leaf: runs.take(place) };
      else {
        runs.put(place, leaf);
        of.runs = { of: to, place, leaf: null };
      }
      to.runs = runs;
    }
    return runs;
  }

  get summary(): LockSummary {
    this.root ??= hashText(this.node(KnownList.runsOf(this), 0));
    return { locked: this.locked, locksExpiry: this.locksExpiry, locksRoot: this.root };
  }

  /** What is known of the list with one more at `place`. */
  with(lock: Lock, place: number): KnownList {
    const leaf = fromHex(lockLeaf(lock), 32);
    return this.passOn({ of: this, place, leaf }, this.locked + lock.amount, maximum(this.locksExpiry, lock.expiry));
  }

  /** What is known of `locks`, which are these without the one that was at `place`. */
  without(locks: readonly Lock[], { amount, expiry }: Lock, place: number): KnownList {
    const latest = expiry < this.locksExpiry ? this.locksExpiry : latestOf(locks, this.locksExpiry);
    return this.passOn({ of: this, place, leaf: null }, this.locked - amount, latest);
  }

  /** The path of the lock at `place`. */
  proof(place: number): Hash[] {
    const runs = KnownList.runsOf(this);
    return pathOf(place, runs.size).map((at) => hashText(this.node(runs, at)));
  }

  private passOn(change: Change, locked: bigint, latest: bigint): KnownList {
    const next = new KnownList(locked, latest, change);
    KnownList.runsOf(next);
    return next;
  }

  /** The hash at a place of the tree, as {@link pathOf} counts them. */
  private node(runs: Runs, at: number): Uint8Array {
    const last = 2 * runs.size - 2;
    let [left, right, height, heightOfRight] = [at, at, 0, 0];
    for (; left < runs.size - 1; height++) left = 2 * left + 1;
    for (; right < runs.size - 1; heightOfRight++) right = 2 * right + 2;
    // All leaves below are a run unless the tree's end is among them, where they are at two heights.
    if (height === heightOfRight) return runs.at(height, last - right);
    return hashPair(this.node(runs, 2 * at + 1), this.node(runs, 2 * at + 2));
  }
}

/** The latest expiry; `most` if any has it. */
function latestOf(locks: readonly Lock[], most?: bigint): bigint {
  let latest = 0n;
  // What was added last ends last, as a rule.
  for (let i = locks.length - 1; i >= 0 && latest !== most; i--) latest = maximum(latest, locks[i]!.expiry);
  return latest;
}

/** What is known of a list that was made here, as a property of it: of many such lists, the collector of garbage follows each entry of a map. */
const KNOWN = Symbol("known");
/** What is known of others' lists, which nothing is written into. */
const ofOthers = new WeakMap<readonly Lock[], KnownList>();

function knownBefore(locks: readonly Lock[]): KnownList | undefined {
  return (locks as { readonly [KNOWN]?: KnownList })[KNOWN] ?? ofOthers.get(locks);
}

function knownOf(locks: readonly Lock[]): KnownList {
  let list = knownBefore(locks);
  if (list === undefined) {
    const locked = locks.reduce((sum, { amount }) => sum + amount, 0n);
    ofOthers.set(locks, (list = new KnownList(locked, latestOf(locks), new Runs(locks))));
  }
  return list;
}

/** Sum, latest expiry and root of pending locks, in the order given; all zero for none. */
export function lockSummary(locks: readonly Lock[]): LockSummary {
  return locks.length === 0 ? { locked: 0n, locksExpiry: 0n, locksRoot: ZERO_HASH } : knownOf(locks).summary;
}

/**
 * The tree of at least one lock, whose leaves are {@link lockLeaf}s.
 * @throws invalid_proof for no locks, or a place outside the list; and what {@link lockLeaf} throws
 */
export function lockTree(locks: readonly Lock[]): MerkleTree {
  if (locks.length === 0) fail("invalid_proof", { leaves: 0 });
  const list = knownOf(locks);
  return { root: list.summary.locksRoot, proof: (index) => list.proof(index) };
}

/** The list with one more lock at `place`. */
export function insertLock(locks: readonly Lock[], place: number, lock: Lock): readonly Lock[] {
  const next = locks.slice();
  next.splice(place, 0, lock);
  const before = knownBefore(locks);
  return before === undefined ? next : knowing(next, before.with(lock, place));
}

/** The list without the lock at `place`. */
export function removeLock(locks: readonly Lock[], place: number): readonly Lock[] {
  const next = locks.slice();
  next.splice(place, 1);
  const before = knownBefore(locks);
  if (before === undefined || next.length === 0) return next;
  return knowing(next, before.without(next, locks[place]!, place));
}

/** Nobody sees it who compares the list with others, or writes it down. */
function knowing(locks: Lock[], known: KnownList): Lock[] {
  return Object.defineProperty(locks, KNOWN, { value: known });
}
