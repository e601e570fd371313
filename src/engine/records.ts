import type {
  Address,
  AssetSettings,
  ChannelId,
  ChannelKey,
  Closing,
  Funds,
  Hash,
  Note,
  Signature,
  State,
  Withdrawal,
} from "../protocol";

/** Who holds the account's key: the customer, or the service (sealed). */
export type Custody = "self" | "hosted";

/** A customer's account at one system. */
export interface Account {
  readonly address: Address;
  readonly system: Address;
  readonly custody: Custody;
  /** The key of a hosted account, as the keystore sealed it. */
  readonly sealedKey: string | null;
}

/** A token that a system keeps accounts in. */
export interface Asset {
  readonly system: Address;
  readonly token: Address;
  readonly decimals: number;
  readonly settings: AssetSettings;
  /** The most that S will owe one account without collateral. */
  readonly allotment: bigint;
  /** What the reserve holds or the issuer may issue; for `collateral` the channels themselves are the limit. */
  readonly limit: bigint;
  /** Σ balances of all channels. */
  readonly liabilities: bigint;
}

/** Where S's signature on a state or note is kept: a leaf of a commit. */
export interface Leaf {
  readonly commit: bigint;
  readonly index: number;
}

/** `settled`: the epoch is over. `frozen`: it is being closed, and nothing of it is signed any more (S6). */
export type ChannelStatus = "open" | "frozen" | "settled";

/** A channel in one epoch, as S knows it. */
export interface Channel {
  readonly id: ChannelId;
  readonly key: ChannelKey;
  readonly status: ChannelStatus;
  /** Final on chain. */
  readonly funds: Funds;
  /** The latest complete state. */
  readonly state: State;
  /** The latest note issued. */
  readonly note: Note;
  /** Signed, not on chain yet. */
  readonly pending: Withdrawal | null;
  /** Signed, not on chain yet: nothing else is signed meanwhile (S8). */
  readonly closing: Closing | null;
}

/** A state that S completes in this commit, with U's signature. */
export interface CompletedState {
  readonly state: State;
  readonly hash: Hash;
  readonly signature: Signature;
}

/** A note that S issues in this commit. */
export interface IssuedNote {
  readonly note: Note;
  readonly hash: Hash;
  readonly user: Address;
}

/** A withdrawal or closing that S countersigns in this commit, by itself: batches hold states and notes only. */
export interface Consent {
  readonly kind: "withdrawal" | "closing";
  readonly message: Withdrawal | Closing;
  readonly hash: Hash;
  readonly signature: Signature;
}
