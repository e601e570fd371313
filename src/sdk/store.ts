import type {
  ChannelId,
  Hash,
  Lock,
  Note,
  Signature,
  SignedInvoice,
  State,
  StateOperation,
  SystemSignature,
  Withdrawal,
} from "../protocol";

/** A state that U signed. */
export interface Proposal {
  readonly state: State;
  readonly operations: readonly StateOperation[];
  /** The locks pending in the state. */
  readonly locks: readonly Lock[];
  readonly signature: Signature;
}

/** A proposal with S's signature: money moved. */
export interface Completed extends Proposal {
  readonly systemSignature: SystemSignature;
}

/** A note that U believes. */
export interface HeldNote {
  readonly note: Note;
  /** The locks pending in the note: what U may claim of it, on chain if need be. */
  readonly locks: readonly Lock[];
  readonly signed: SystemSignature;
}

/** An invoice that U signed, with the secret that claims it. */
export interface OwnInvoice extends SignedInvoice {
  readonly preimage: Hash;
  /** The preimage is given only when U says so. */
  readonly hold: boolean;
}

/** One thing that a wallet must not forget. */
export type WalletRecord =
  | { readonly type: "proposed"; readonly channelId: ChannelId; readonly proposal: Proposal }
  | { readonly type: "refused"; readonly channelId: ChannelId }
  | { readonly type: "completed"; readonly channelId: ChannelId; readonly completed: Completed }
  | { readonly type: "received"; readonly channelId: ChannelId; readonly held: HeldNote }
  | { readonly type: "invoiced"; readonly channelId: ChannelId; readonly own: OwnInvoice }
  /** The preimage is about to leave. */
  | { readonly type: "revealed"; readonly channelId: ChannelId; readonly hash: Hash }
  /** The final chain shows the preimage registered before the lock's expiry. */
  | { readonly type: "registered"; readonly channelId: ChannelId; readonly hash: Hash }
  | { readonly type: "withdrawal"; readonly channelId: ChannelId; readonly withdrawal: Withdrawal }
  | { readonly type: "closing"; readonly channelId: ChannelId };

/** Where a wallet keeps its records, in order. What {@link append} resolved for survives a crash. */
export interface WalletStore {
  append(record: WalletRecord): Promise<void>;
  /** All records of a channel, oldest first. */
  records(channelId: ChannelId): Promise<readonly WalletRecord[]>;
}
