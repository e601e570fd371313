import type {
  Address,
  ChannelId,
  Closing,
  Funds,
  Hash,
  LockPolicy,
  Signature,
  State,
  StateOperation,
  Withdrawal,
} from "../protocol";
import type { Account, Asset } from "./records";

/** Everything that can happen to the ledger; each has a step of the same name. */
export type Command =
  | { readonly type: "addAsset"; readonly asset: Omit<Asset, "liabilities"> }
  /** The reserve on chain, or what the issuer may issue, has changed. */
  | { readonly type: "setLimit"; readonly system: Address; readonly token: Address; readonly limit: bigint }
  | { readonly type: "openAccount"; readonly account: Account; readonly tokens: readonly Address[] }
  | {
      readonly type: "issue";
      readonly account: Address;
      readonly token: Address;
      readonly amount: bigint;
      readonly reference: Hash;
    }
  | {
      readonly type: "submitState";
      readonly proposal: State;
      readonly operations: readonly StateOperation[];
      readonly signature: Signature;
      /** Who signed, recovered beforehand. */
      readonly signer: Address;
    }
  /** A payee gives S the preimage of what it is promised. */
  | { readonly type: "reveal"; readonly preimage: Hash }
  /** A block of time `finalTime` is final, and with it these registrations of preimages, reported in their order. */
  | {
      readonly type: "observeChain";
      readonly finalTime: bigint;
      readonly registered: readonly { readonly preimage: Hash; readonly time: bigint }[];
    }
  | {
      readonly type: "withdraw";
      readonly withdrawal: Withdrawal;
      readonly signature: Signature;
      readonly signer: Address;
    }
  | {
      readonly type: "closeCooperatively";
      readonly closing: Closing;
      readonly signature: Signature;
      readonly signer: Address;
    }
  /** The channel's funds in the final block of time `finalTime`. */
  | { readonly type: "updateFunds"; readonly channelId: ChannelId; readonly funds: Funds; readonly finalTime: bigint }
  /** A close of ours is about to be sent, or one was seen on chain (S6). */
  | { readonly type: "freeze"; readonly channelId: ChannelId }
  /** The epoch has risen and is final; `funds` are those of the next. */
  | { readonly type: "settleEpoch"; readonly channelId: ChannelId; readonly funds: Funds };

/** What a step may know besides the ledger. */
export interface Context {
  /** Unix seconds. */
  readonly now: bigint;
  readonly locks: LockPolicy;
}

/** The command of one type. */
export type CommandOf<Type extends Command["type"]> = Extract<Command, { type: Type }>;
