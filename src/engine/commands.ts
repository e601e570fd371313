import type { ErrorCode } from "../errors";
import type {
  Address,
  ChannelId,
  Closing,
  FeeSchedule,
  Funds,
  Hash,
  LockPolicy,
  Position,
  Signature,
  State,
  StateOperation,
  Withdrawal,
} from "../protocol";
import type { Account, AccountStatus, Asset, HostedInvoice, Limits, PauseCause } from "./records";

/** Everything that can happen to the ledger; each has a step of the same name. */
export type Command =
  | {
      readonly type: "addAsset";
      readonly asset: Omit<Asset, "liabilities" | "fees" | "limits" | "paused" | "lost">;
      /** When S has lost data, in Unix seconds, if it ever has: the asset may have been listed before. */
      readonly lostSince?: bigint;
    }
  /** The reserve on chain, or what the issuer may issue, has changed. */
  | { readonly type: "setLimit"; readonly system: Address; readonly token: Address; readonly limit: bigint }
  /** What payments cost from here on. */
  | { readonly type: "setFees"; readonly system: Address; readonly token: Address; readonly fees: FeeSchedule }
  /** What accounts may pay and have from here on. */
  | { readonly type: "setPaymentLimits"; readonly system: Address; readonly token: Address; readonly limits: Limits }
  /** Nothing new is promised from here on (null: it is again). */
  | {
      readonly type: "pauseCrediting";
      readonly system: Address;
      readonly token: Address;
      readonly cause: PauseCause | null;
    }
  /** What holds for one account from here on; what is not named stays. */
  | {
      readonly type: "setAccountTerms";
      readonly system: Address;
      readonly token: Address;
      readonly account: Address;
      readonly feesWaived?: boolean;
      readonly limits?: Limits | null;
    }
  | ({ readonly type: "openAccount" } & Opening)
  /** Accounts of which each can be opened; `opened` tells of those too that cannot. */
  | {
      readonly type: "openAccounts";
      readonly openings: readonly Opening[];
      readonly opened: readonly Opened[];
    }
  /** An account is to be kept in more tokens. */
  | { readonly type: "openChannels"; readonly account: Address; readonly tokens: readonly Address[] }
  /** The operator stops what an account pays, or lets it pay again, or ends it. */
  | { readonly type: "setAccountStatus"; readonly account: Address; readonly status: AccountStatus }
  | {
      readonly type: "issue";
      readonly account: Address;
      readonly token: Address;
      readonly amount: bigint;
      readonly reference: Hash;
    }
  /** Gives back of what was redeemed: the system's own part. */
  | { readonly type: "refundRedemption"; readonly payment: Hash; readonly amount: bigint; readonly reference: Hash }
  | ({ readonly type: "submitState" } & SignedState)
  /** A payee gives S the preimage of what it is promised. */
  | { readonly type: "reveal"; readonly preimage: Hash }
  /** A hosted account asks to be paid; the preimage is sealed. */
  | { readonly type: "addInvoice"; readonly invoice: Omit<HostedInvoice, "status" | "createdAt" | "over"> }
  /** An invoice that nobody has paid is not to be paid any more. */
  | { readonly type: "cancelInvoice"; readonly hash: Hash }
  /** Forgets the invoices whose time is over. */
  | { readonly type: "expireInvoices" }
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
      /** Pays the fee, where there is one: neither is complete without the other. */
      readonly payment?: SignedState | undefined;
    }
  | {
      readonly type: "closeCooperatively";
      readonly closing: Closing;
      readonly signature: Signature;
      readonly signer: Address;
    }
  /** The channel's funds in the final block of time `finalTime`. */
  | { readonly type: "updateFunds"; readonly channelId: ChannelId; readonly funds: Funds; readonly finalTime: bigint }
  /** A close was seen on chain, final or not (S6); without one, the chain is not to be trusted about the channel. */
  | { readonly type: "freeze"; readonly channelId: ChannelId; readonly close?: SeenClose }
  /** S closes: its order holds until `deadline`, in Unix seconds. */
  | { readonly type: "close"; readonly channelId: ChannelId; readonly deadline: bigint }
  /** The final chain shows an answer to a close. */
  | { readonly type: "observeAnswer"; readonly channelId: ChannelId; readonly answer: SeenAnswer }
  /** S has lost data: what it signed before `since`, in Unix seconds, it may not know any more. */
  | {
      readonly type: "declareLoss";
      readonly system: Address;
      readonly since: bigint;
      /** Those that it may have signed for. */
      readonly channels: readonly ChannelId[];
    }
  /** Both sides begin anew with a state that outdates all that either may have lost or hidden (S7). */
  | ({
      readonly type: "resynchronise";
      readonly shown: ShownPosition;
      /** What both sides have agreed on: Unix seconds of a final block. */
      readonly time: bigint;
      /** Unix seconds of the last final block that was taken in. */
      readonly finalTime: bigint;
    } & Omit<SignedState, "operations" | "hash">)
  /** A webhook is told nothing more: its receiver took nothing after the event `position`. */
  | { readonly type: "giveUpWebhook"; readonly webhook: string; readonly position: bigint }
  /** The epoch has risen and is final; `funds` are those of the next. */
  | { readonly type: "settleEpoch"; readonly channelId: ChannelId; readonly funds: Funds };

/** A close as the chain shows it. */
export interface SeenClose {
  readonly transaction: Hash;
  readonly bySystem: boolean;
  readonly humble: boolean;
  /** Of the state that is judged. */
  readonly version: bigint;
  /** Unix seconds. */
  readonly challengeEnd: bigint;
}

/** What was shown on a close: a newer state, or one that proved the user's cheat. */
export type SeenAnswer =
  | { readonly shown: "state"; readonly version: bigint; readonly transaction: Hash }
  | { readonly shown: "cheat"; readonly transaction: Hash };

/** What U shows of its channel, every signature checked beforehand; null for none. */
export interface ShownPosition {
  readonly state: Pick<Position, "state" | "outgoing"> | null;
  readonly note: Pick<Position, "note" | "incoming"> | null;
}

/** A state that U signed. */
export interface SignedState {
  readonly proposal: State;
  readonly operations: readonly StateOperation[];
  readonly signature: Signature;
  /** Of the proposal: what U signed. */
  readonly hash: Hash;
  /** Who signed, recovered beforehand. */
  readonly signer: Address;
}

/** An account as it begins, with a channel per token. */
export interface Opening {
  readonly account: Account;
  readonly tokens: readonly Address[];
  /** Its key was made just now: nothing can have been signed for it before. */
  readonly isNew?: boolean;
}

/** What became of one of many accounts: its address, or why it was refused. */
export type Opened =
  { readonly address: Address } | { readonly refused: ErrorCode; readonly details: Readonly<Record<string, string>> };

/** What a step may know besides the ledger. */
export interface Context {
  /** Unix seconds. */
  readonly now: bigint;
  readonly locks: LockPolicy;
}

/** The command of one type. */
export type CommandOf<Type extends Command["type"]> = Extract<Command, { type: Type }>;
