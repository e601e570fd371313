import type { Channel } from "../engine";
import type { Funds, Lock } from "../protocol";
import { changedPages, type LockPage } from "./lockPages";

/** What a commit writes of its channels besides their states and notes, which are rows of their own. */
export interface ChannelRows {
  /** Those of which more is new than the latest state and note. */
  readonly channels: readonly Channel[];
  /** What their rows have no room for of their locks. */
  readonly lockPages: readonly LockPage[];
}

/** The rows that these channels have otherwise than before: of one that paid, or was paid, most often none. */
export function channelRows(
  before: (id: Channel["id"]) => Channel | undefined,
  channels: readonly Channel[],
): ChannelRows {
  const changed: Channel[] = [];
  const lockPages: LockPage[] = [];
  for (const channel of channels) {
    const former = before(channel.id);
    if (former === undefined || !isSameRow(former, channel)) changed.push(channel);
    lockPages.push(...changedPages(former, channel));
  }
  return { channels: changed, lockPages };
}

function isSameRow(one: Channel, other: Channel): boolean {
  return (
    one.status === other.status &&
    one.pending === other.pending &&
    one.closing === other.closing &&
    one.freeze === other.freeze &&
    isSameFunds(one.funds, other.funds) &&
    isSameList(one.outgoing, other.outgoing) &&
    isSameList(one.incoming, other.incoming)
  );
}

function isSameFunds(one: Funds, other: Funds): boolean {
  if (one === other) return true;
  return (
    one.deposited === other.deposited &&
    one.withdrawn === other.withdrawn &&
    one.reclaimed === other.reclaimed &&
    one.collateral === other.collateral
  );
}

/** Lists that differ may be equal: they are written once more. */
function isSameList(one: readonly Lock[], other: readonly Lock[]): boolean {
  return one === other || one.length + other.length === 0;
}
