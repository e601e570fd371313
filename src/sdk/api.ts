import type { ChannelId, Signature, State, StateOperation, SystemSignature, Withdrawal } from "../protocol";
import type { HeldNote } from "./store";

/** What a wallet asks of the service, whatever carries it. Nothing that comes back is believed unchecked. */
export interface ServiceApi {
  /** Resolves with S's signature on the state; the same bytes once more get the same answer. */
  submitState(request: {
    readonly proposal: State;
    readonly operations: readonly StateOperation[];
    readonly signature: Signature;
  }): Promise<SystemSignature>;
  /** Resolves with S's signature on the withdrawal. */
  withdraw(request: { readonly withdrawal: Withdrawal; readonly signature: Signature }): Promise<Signature>;
  /** The latest note for a channel, if there is any. */
  latestNote(channelId: ChannelId): Promise<HeldNote | undefined>;
}
