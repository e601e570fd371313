import { sha256 } from "@noble/hashes/sha2";
import { Buffer } from "buffer";

import { fail } from "../errors";
import { insertLock, removeLock } from "./lockTree";
import { fromHex, toHex } from "./primitives";
import type { Hash, Lock } from "./types";

// A list of pending locks is ordered by index, and an index is unique in it: the hub counts each index of a tree once.

/**
 * `sha256(preimage)`, as on Bitcoin and Lightning (section 7).
 * @param preimage exactly 32 bytes
 * @throws invalid_hex
 */
export function hashOfPreimage(preimage: Hash): Hash {
  return toHex(Buffer.from(sha256(fromHex(preimage, 32)))) as Hash;
}

/** The list with one more lock at the lowest free index: low ones cost least to prove on chain. */
export function addLock(locks: readonly Lock[], lock: Omit<Lock, "index">): readonly Lock[] {
  // Before the first gap an index is its place, after it more.
  const place = firstPlace(locks, (index, at) => index > BigInt(at));
  return insertLock(locks, place, { index: BigInt(place), ...lock });
}

/** @throws unknown_lock */
export function lockAt(locks: readonly Lock[], index: bigint): Lock {
  const lock = locks[placeOf(locks, index)];
  return lock?.index === index ? lock : fail("unknown_lock", { index });
}

/** The list without the lock at `index`. */
export function withoutLock(locks: readonly Lock[], index: bigint): readonly Lock[] {
  const place = placeOf(locks, index);
  return locks[place]?.index === index ? removeLock(locks, place) : locks;
}

/** Where the lock at `index` is, if there is one. */
function placeOf(locks: readonly Lock[], index: bigint): number {
  return firstPlace(locks, (one) => one >= index);
}

/** The first place from which on `holds` holds; the length if it never does. */
function firstPlace(locks: readonly Lock[], holds: (index: bigint, place: number) => boolean): number {
  let [low, high] = [0, locks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(locks[middle]!.index, middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Takes a lock whose preimage is `preimage` to its amount.
 * @throws wrong_preimage
 */
export function amountFor(lock: Lock, preimage: Hash): bigint {
  if (hashOfPreimage(preimage) !== lock.hash) fail("wrong_preimage", { hash: lock.hash });
  return lock.amount;
}
