import { maximum } from "../primitives";
import type { Hash } from "../types";

/** A pending close's record as the `ChannelClosing` event published it; every call on the close takes it again. */
export interface DisputeRecord {
  readonly close: bigint;
  readonly note: bigint;
  readonly funds: bigint;
  /** `p`, what the user got when the system closed. */
  readonly paid: bigint;
  readonly stateHash: Hash;
}

/** What a close fixed for good (protocol section 6); amounts in base units, times in Unix seconds. */
export interface Dispute {
  /** Until when a newer state or a hidden note can be shown. */
  readonly challengeEnd: bigint;
  /** No lock counts as further away: close time + lock limit. */
  readonly lockEnd: bigint;
  /** The latest expiry, so capped, of the judged state's and note's locks. */
  readonly locksExpiry: bigint;
  /** How long after the end of all challenges and locks nothing is settled yet, in seconds. */
  readonly claimWindow: bigint;
  readonly bySystem: boolean;
  readonly humble: boolean;
  /** Of the judged state. */
  readonly version: bigint;
  readonly noteSeq: bigint;
  readonly stateHash: Hash;
  /** Of the judged note; of the folded one where the close brought no newer. */
  readonly seq: bigint;
  readonly credited: bigint;
  /** D − W. */
  readonly funded: bigint;
  /** What the channel holds after `paid` left. */
  readonly collateral: bigint;
  readonly paid: bigint;
}

/** The best note shown since a close, and the latest capped lock expiry of anything shown. */
export interface BestNote {
  readonly value: bigint;
  readonly seq: bigint;
  readonly locksExpiry: bigint;
}

/** From when on a close can be settled. */
export function settleableFrom(dispute: Dispute, shown: BestNote | undefined): bigint {
  return maximum(dispute.challengeEnd, (shown ?? dispute).locksExpiry) + dispute.claimWindow;
}

/** Reads a record as the hub's `DisputeLib` packs it. */
export function readDispute({ close, note, funds, paid, stateHash }: DisputeRecord): Dispute {
  return {
    challengeEnd: bits(close, 0n, 40n),
    lockEnd: bits(close, 40n, 40n),
    version: bits(close, 80n, 64n),
    noteSeq: bits(close, 144n, 64n),
    bySystem: bits(close, 208n, 1n) === 1n,
    humble: bits(close, 209n, 1n) === 1n,
    seq: bits(note, 0n, 64n),
    credited: bits(note, 64n, 128n),
    locksExpiry: bits(note, 192n, 40n),
    claimWindow: bits(note, 232n, 24n),
    collateral: bits(funds, 0n, 112n),
    funded: BigInt.asIntN(144, funds >> 112n),
    paid,
    stateHash,
  };
}

function bits(word: bigint, from: bigint, size: bigint): bigint {
  return (word >> from) & ((1n << size) - 1n);
}
