/**
 * The words of the protocol (sections 1 to 3). Every amount is in base units of the channel's token,
 * every time is in Unix seconds; ranges are those of the Solidity types named beside each field.
 */

declare const brand: unique symbol;
type Branded<T, Name extends string> = T & { readonly [brand]: Name };

/** Lowercase hexadecimal bytes with the prefix `0x`. */
export type Hex = `0x${string}`;
/** 20 bytes. */
export type Address = Branded<Hex, "Address">;
/** 32 bytes. */
export type Hash = Branded<Hex, "Hash">;
/** 65 bytes `r ‖ s ‖ v`, `v` 27 or 28, `s` in the lower half of the curve order. */
export type Signature = Branded<Hex, "Signature">;
/** 32 bytes: `keccak256(abi.encode(system, user, token, epoch))`. */
export type ChannelId = Branded<Hex, "ChannelId">;

/** What identifies a channel (section 1). */
export interface ChannelKey {
  readonly system: Address;
  readonly user: Address;
  /** The zero address stands for the chain's native coin. */
  readonly token: Address;
  readonly epoch: bigint;
}

/** The money of a channel and epoch on chain, cumulative but for `collateral` (section 2). */
export interface Funds {
  readonly deposited: bigint;
  readonly withdrawn: bigint;
  readonly reclaimed: bigint;
  readonly collateral: bigint;
}

/** Sum, latest expiry and Merkle root of a tree of pending locks; all zero when there are none. */
export interface LockSummary {
  /** uint128 */
  readonly locked: bigint;
  /** uint64 */
  readonly locksExpiry: bigint;
  readonly locksRoot: Hash;
}

/** Signed by U, then countersigned by S: then it is complete. */
export interface State extends LockSummary {
  readonly channelId: ChannelId;
  /** uint64; 0 is the empty state, which nobody signs. */
  readonly version: bigint;
  /** int128: all that S ever gave U minus all that U ever gave S, off chain, as far as folded in. */
  readonly net: bigint;
  /** uint64: the last note folded into `net`. */
  readonly noteSeq: bigint;
  /** uint128: that note's `credited`. */
  readonly noteCredited: bigint;
  /** Hash of the list of operations that led here. */
  readonly memo: Hash;
}

/** S's promise to U, signed by S alone. */
export interface Note extends LockSummary {
  readonly channelId: ChannelId;
  /** uint64; 0 is no note. */
  readonly seq: bigint;
  /** uint128, cumulative. */
  readonly credited: bigint;
  readonly memo: Hash;
}

/** One leaf of a lock tree (section 7). */
export interface Lock {
  /** uint64: the lock's place in its tree. */
  readonly index: bigint;
  /** `sha256(preimage)`. */
  readonly hash: Hash;
  /** uint128 */
  readonly amount: bigint;
  /** uint64 */
  readonly expiry: bigint;
}

/** Totals after a withdrawal, signed by both. */
export interface Withdrawal {
  readonly channelId: ChannelId;
  /** uint128 */
  readonly withdrawn: bigint;
  /** uint128 */
  readonly reclaimed: bigint;
  readonly recipient: Address;
  /** uint64 */
  readonly deadline: bigint;
}

/** A cooperative end of the epoch, signed by both. */
export interface Closing {
  readonly channelId: ChannelId;
  /** int128: `state.net + note.credited − state.noteCredited`. */
  readonly net: bigint;
  /** uint64 */
  readonly deadline: bigint;
}

/** A unilateral close that another account may send for `party`. */
export interface Close {
  readonly channelId: ChannelId;
  readonly party: Address;
  readonly stateHash: Hash;
  /** The zero hash when the close carries no note. */
  readonly noteHash: Hash;
  readonly humble: boolean;
  /** uint64 */
  readonly deadline: bigint;
}

/** What a party grants a watchtower out of a forfeit. */
export interface Appointment {
  readonly channelId: ChannelId;
  readonly party: Address;
  readonly tower: Address;
  /** uint16, at most 10000. */
  readonly shareBps: number;
  /** uint64 */
  readonly until: bigint;
}

/** S's signature on one struct (empty proof) or on the batch root that the proof leads to. */
export interface SystemSignature {
  readonly signature: Signature;
  readonly proof: readonly Hash[];
}

/** The EIP-712 domain: one hub on one chain. */
export interface Domain {
  readonly chainId: bigint;
  readonly hub: Address;
}
