import { ZERO_HASH } from "./primitives";
import type { ChannelId, Funds, Note, State } from "./types";

const NO_LOCKS = { locked: 0n, locksExpiry: 0n, locksRoot: ZERO_HASH };

/** Version 0: what every channel starts with, and what nobody signs. */
export function emptyState(channelId: ChannelId): State {
  return { channelId, version: 0n, net: 0n, noteSeq: 0n, noteCredited: 0n, ...NO_LOCKS, memo: ZERO_HASH };
}

/** Seq 0: no note. */
export function emptyNote(channelId: ChannelId): Note {
  return { channelId, seq: 0n, credited: 0n, ...NO_LOCKS, memo: ZERO_HASH };
}

/** A channel that the chain has not heard of. */
export const NO_FUNDS: Funds = { deposited: 0n, withdrawn: 0n, reclaimed: 0n, collateral: 0n };
