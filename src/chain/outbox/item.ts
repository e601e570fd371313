import type { Address, Hash, Hex } from "../../protocol";

/** What is to happen on chain, once. */
export interface Call {
  readonly to: Address;
  readonly data: Hex;
  /** Native coin, in wei. */
  readonly value: bigint;
  /** Unix seconds after which it is of no use any more; null for never. */
  readonly deadline: bigint | null;
  /** Sent whatever was spent in the last day: a dispute would be lost without it. */
  readonly vital?: true;
}

/** A signed transaction for an item; all of one item have the same nonce, so that at most one of them is ever mined. */
export interface Attempt {
  readonly hash: Hash;
  /** As it is sent. */
  readonly raw: Hex;
  /** Wei per gas. */
  readonly maxFee: bigint;
  readonly tip: bigint;
  /** Unix seconds. */
  readonly signedAt: bigint;
  /** It does nothing but use up the nonce. */
  readonly cancels: boolean;
}

/**
 * `waiting`: has no nonce yet. `sent`: has one, and is sent until one of its attempts is final. `done`: carried out. `failed`:
 * mined, but the contract refused it. `cancelled`: it never happened, and never will.
 */
export type ItemStatus = "waiting" | "sent" | "done" | "failed" | "cancelled";

/** A call on its way to the chain. */
export interface Item {
  readonly id: bigint;
  readonly sender: Address;
  /** Whoever asks for the same twice gets the same item. */
  readonly key: string;
  readonly call: Call;
  readonly status: ItemStatus;
  readonly nonce: number | null;
  /** Set with the nonce. */
  readonly gasLimit: bigint;
  /** Oldest first. */
  readonly attempts: readonly Attempt[];
  /** The attempt that is final, if one is. */
  readonly mined: Hash | null;
}

/** Where items are kept; what resolved survives a crash. */
export interface ItemStore {
  /** @returns the item of the key, which may have been there before */
  add(sender: Address, key: string, call: Call): Promise<Item>;
  find(key: string): Promise<Item | undefined>;
  /** The items of a sender that are under way, in the order in which they came. */
  open(sender: Address): Promise<Item[]>;
  /** The nonce after the last that any item of the sender had; 0 if none had one. */
  nextNonce(sender: Address): Promise<number>;
  /** @returns false if the item has a nonce, or another item has this one: nothing has changed then */
  assign(item: Item, nonce: number, gasLimit: bigint): Promise<boolean>;
  /** Takes the nonce, which another transaction has used for good, and the attempts from the item again. */
  unassign(item: Item): Promise<void>;
  attempt(item: Item, attempt: Attempt): Promise<void>;
  /** @param ended unknown to the chain where nothing was mined */
  finish(item: Item, status: "done" | "failed" | "cancelled", ended: Ended | null): Promise<void>;
  /** What the calls of a sender that were over since `time` (Unix seconds) have cost, in wei. */
  costSince(sender: Address, time: bigint): Promise<bigint>;
}

/** How an item was mined for good. */
export interface Ended {
  readonly mined: Hash;
  /** Wei. */
  readonly cost: bigint;
  /** Unix seconds. */
  readonly at: bigint;
}

/** What is of use for a shorter time comes first. */
export function byDeadline({ deadline: a }: Pick<Call, "deadline">, { deadline: b }: Pick<Call, "deadline">): number {
  if (a === b) return 0;
  return b === null || (a !== null && a < b) ? -1 : 1;
}
