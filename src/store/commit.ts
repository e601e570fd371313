import type { Changes, Origins } from "../engine";
import type { Address, Hash, Signature } from "../protocol";
import type { ChannelRows } from "./channelRows";
import type { Spent } from "./spending";

/** One commit of one system: all that its steps changed, and the one signature over its states and notes. */
export interface Commit {
  readonly system: Address;
  /** One more than that of the system's commit before. */
  readonly id: bigint;
  /** Unix milliseconds. */
  readonly time: number;
  /** The number of its first event: one more than that of the system's event before. */
  readonly firstEvent: bigint;
  readonly changes: Required<Changes>;
  readonly origins: Origins;
  /** Of the channels that it changes. */
  readonly channelRows: ChannelRows;
  /** On the batch root, or on the struct itself where there is one leaf; null where there is none. */
  readonly signature: Signature | null;
  /** S's own signatures on the withdrawals and closings, in their order. */
  readonly consents: readonly Signature[];
  readonly replies: readonly StoredReply[];
  /** What keys have moved in their periods with this commit. */
  readonly spent: readonly Spent[];
  /** What its events say besides, as JSON, their hashes, and the head of the chain over the log that they lead to. */
  readonly journal: { readonly data: readonly string[]; readonly events: readonly Hash[]; readonly head: Hash };
}

/** What an idempotency key was used for, and what it led to. */
export interface StoredReply {
  /** Where it was used. */
  readonly system: Address;
  readonly key: string;
  readonly fingerprint: Hash;
  /** JSON. */
  readonly reply: string;
}
