import type { Asset } from "../engine";
import type {
  Address,
  ChannelId,
  Closing,
  Funds,
  Hash,
  Hex,
  Signature,
  State,
  StateOperation,
  SystemSignature,
  Note,
  Withdrawal,
} from "../protocol";

/** What can be asked of the service; plain objects, whatever brings them. */
export type Request =
  | { readonly type: "addAsset"; readonly asset: Omit<Asset, "liabilities"> }
  | { readonly type: "setLimit"; readonly system: Address; readonly token: Address; readonly limit: bigint }
  | { readonly type: "openAccount"; readonly address: Address; readonly tokens: readonly Address[] }
  /** The service keeps the key, sealed. */
  | { readonly type: "openHostedAccount"; readonly privateKey: Hex; readonly tokens: readonly Address[] }
  | IssueRequest
  | PaymentRequest
  | {
      readonly type: "submitState";
      readonly proposal: State;
      readonly operations: readonly StateOperation[];
      readonly signature: Signature;
    }
  | { readonly type: "withdraw"; readonly withdrawal: Withdrawal; readonly signature: Signature }
  | HostedWithdrawalRequest
  | { readonly type: "closeCooperatively"; readonly closing: Closing; readonly signature: Signature }
  | { readonly type: "updateFunds"; readonly channelId: ChannelId; readonly funds: Funds; readonly finalTime: bigint }
  | { readonly type: "freeze"; readonly channelId: ChannelId }
  | { readonly type: "settleEpoch"; readonly channelId: ChannelId; readonly funds: Funds };

export interface IssueRequest {
  readonly type: "issue";
  readonly account: Address;
  readonly token: Address;
  readonly amount: bigint;
  readonly reference: Hash;
}

/** A payment or, with `to` null, a redemption, by an account whose key the service holds. */
export interface PaymentRequest {
  readonly type: "pay";
  readonly from: Address;
  readonly to: Address | null;
  readonly token: Address;
  readonly amount: bigint;
  readonly reference: Hash;
}

/** A withdrawal by an account whose key the service holds: `amount` more than is withdrawn already. */
export interface HostedWithdrawalRequest {
  readonly type: "withdrawHosted";
  readonly from: Address;
  readonly token: Address;
  readonly amount: bigint;
  readonly recipient: Address;
  readonly deadline: bigint;
}

/** What the service answers; everything in it is durable. */
export interface Reply {
  /** The commit that carried it out. */
  readonly commit: bigint;
  /** The channel and version that a payment completed. */
  readonly channelId?: ChannelId;
  readonly version?: bigint;
  /** S's signature on the state. */
  readonly state?: SystemSignature;
  /** S's signature on a withdrawal or closing. */
  readonly consent?: Signature;
}

/** A note on its way to its account. */
export interface NoteDelivery {
  readonly note: Note;
  readonly signed: SystemSignature;
}
