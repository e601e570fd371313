import type { Lock } from "./types";

/** What one list of locks has and the other does not. */
export interface LockChanges {
  readonly gone: readonly Lock[];
  readonly added: readonly Lock[];
}

/**
 * What a list has become, compared by its locks themselves rather than by what they are: whatever is the same lock of the same list
 * costs no look at it.
 * @param before in the order of index, as `after`
 */
export function lockChanges(before: readonly Lock[], after: readonly Lock[]): LockChanges {
  const gone: Lock[] = [];
  const added: Lock[] = [];
  if (before === after) return { gone, added };
  for (let [i, j] = [0, 0]; i < before.length || j < after.length;) {
    const [old, now] = [before[i], after[j]];
    const isBehind = old !== now && (old === undefined || (now !== undefined && now.index < old.index));
    const isAhead = old !== now && (now === undefined || (old !== undefined && old.index <= now.index));
    if (isAhead) gone.push(old!);
    if (isBehind) added.push(now!);
    if (!isBehind) i += 1;
    if (!isAhead) j += 1;
  }
  return { gone, added };
}
