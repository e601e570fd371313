import type { ChannelId, Note, Signature, State, StateOperation, SystemSignature, Withdrawal } from "../protocol";

/** A state that U signed. */
export interface Proposal {
  readonly state: State;
  readonly operations: readonly StateOperation[];
  readonly signature: Signature;
}

/** A proposal with S's signature: money moved. */
export interface Completed extends Proposal {
  readonly systemSignature: SystemSignature;
}

/** A note that U believes. */
export interface HeldNote {
  readonly note: Note;
  readonly signed: SystemSignature;
}

/** One thing that a wallet must not forget. */
export type WalletRecord =
  | { readonly type: "proposed"; readonly channelId: ChannelId; readonly proposal: Proposal }
  | { readonly type: "refused"; readonly channelId: ChannelId }
  | { readonly type: "completed"; readonly channelId: ChannelId; readonly completed: Completed }
  | { readonly type: "received"; readonly channelId: ChannelId; readonly held: HeldNote }
  | { readonly type: "withdrawal"; readonly channelId: ChannelId; readonly withdrawal: Withdrawal }
  | { readonly type: "closing"; readonly channelId: ChannelId };

/** Where a wallet keeps its records, in order. What {@link append} resolved for survives a crash. */
export interface WalletStore {
  append(record: WalletRecord): Promise<void>;
  /** All records of a channel, oldest first. */
  records(channelId: ChannelId): Promise<readonly WalletRecord[]>;
}
