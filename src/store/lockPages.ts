import type { Channel } from "../engine";
import type { ChannelId, Hash, Lock } from "../protocol";
import { lockChanges } from "../protocol/lockChanges";

// A channel's row has the locks of the lowest indices, most often all there are. The others have rows of their own, so that one more
// of many is not written with all of them.

/** How many indices go into one text. */
const SPAN = 64;

/** The lists of locks that a channel has. */
const SIDES = ["outgoing", "incoming"] as const;
export type LockSide = (typeof SIDES)[number];

/** Those locks of a channel's list whose indices, divided by the span of a page, are `page`; 1 or more. */
export interface LockPage {
  readonly channel: ChannelId;
  readonly side: LockSide;
  readonly page: number;
  readonly locks: readonly Lock[];
}

const NO_LOCKS: readonly Lock[] = [];

/** The pages, beyond the first, that a channel has otherwise than before. */
export function changedPages(before: Channel | undefined, channel: Channel): readonly LockPage[] {
  return SIDES.flatMap((side) => {
    const locks = channel[side];
    const former = before?.[side] ?? NO_LOCKS;
    if (locks === former || locks.length + former.length === 0) return [];
    const { gone, added } = lockChanges(former, locks);
    const pages = new Set([...gone, ...added].map(pageOf));
    pages.delete(0);
    return [...pages].map((page) => ({ channel: channel.id, side, page, locks: ofPage(locks, page) }));
  });
}

/** What goes into the channel's row. */
export function firstPageText(locks: readonly Lock[]): string | null {
  return locksText(ofPage(locks, 0));
}

/** Null for none: most channels have no locks. */
export function locksText(locks: readonly Lock[]): string | null {
  if (locks.length === 0) return null;
  return locks.map(({ index, hash, amount, expiry }) => `${index}:${hash}:${amount}:${expiry}`).join(",");
}

/** What {@link locksText} wrote. */
export function locksIn(text: string): readonly Lock[] {
  return text.split(",").map((lock) => {
    const [index, hash, amount, expiry] = lock.split(":");
    return { index: BigInt(index!), hash: hash as Hash, amount: BigInt(amount!), expiry: BigInt(expiry!) };
  });
}

function ofPage(locks: readonly Lock[], page: number): readonly Lock[] {
  // An index is never below its place.
  let end = Math.min(locks.length, (page + 1) * SPAN);
  while (end > 0 && pageOf(locks[end - 1]!) > page) end -= 1;
  let start = end;
  while (start > 0 && pageOf(locks[start - 1]!) === page) start -= 1;
  return locks.slice(start, end);
}

function pageOf({ index }: Lock): number {
  return Math.floor(Number(index) / SPAN);
}
