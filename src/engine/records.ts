import type {
  Address,
  AssetSettings,
  ChannelId,
  ChannelKey,
  Closing,
  FeeSchedule,
  Funds,
  Hash,
  Lock,
  Note,
  NoteOperation,
  Signature,
  SignedInvoice,
  State,
  StateOperation,
  Withdrawal,
} from "../protocol";

/** Who holds the account's key: the customer, or the service (sealed). */
export type Custody = "self" | "hosted";

/** `frozen`: it pays nobody. `closed`: nobody pays it either. Whatever it is, what it has can be taken to the chain. */
export type AccountStatus = "open" | "frozen" | "closed";

/** A customer's account at one system. */
export interface Account {
  readonly address: Address;
  readonly system: Address;
  readonly custody: Custody;
  /** The key of a hosted account, as the keystore sealed it. */
  readonly sealedKey: string | null;
  readonly status: AccountStatus;
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
  readonly fees: FeeSchedule;
  readonly limits: Limits;
  /** While it is paused S promises nothing new: who is owed can still leave, but nobody is credited. */
  readonly paused: PauseCause | null;
  /** S has lost data: what {@link Freeze.lost} is for accounts that it does not know any more. Null if it never has. */
  readonly lost: bigint | null;
}

/** Why nothing new is promised in a token: its operator said so, its backing is short, or its records differ. */
export type PauseCause = "operator" | "backing" | "reconciliation";

/** What an account may pay and have, in base units; null for no limit. What leaves for the chain is never limited. */
export interface Limits {
  /** Of one transfer, conditional payment or redemption. */
  readonly perPayment: bigint | null;
  /** Of all of them together, those that fail later included, from midnight to midnight UTC. */
  readonly perDay: bigint | null;
  /** What an account may be brought to by being paid, what is promised to it included. */
  readonly balance: bigint | null;
}

/** What holds for one account instead of the asset's terms. */
export interface AccountTerms {
  readonly system: Address;
  readonly token: Address;
  readonly account: Address;
  readonly feesWaived: boolean;
  /** Null where the asset's hold. */
  readonly limits: Limits | null;
}

/** What an account with a daily limit has paid in a day. */
export interface DayTotal {
  readonly system: Address;
  readonly token: Address;
  readonly account: Address;
  /** Since the Unix epoch, in UTC. */
  readonly day: bigint;
  readonly amount: bigint;
}

/** `held`: its amount is promised. `expired`: it was not paid in time. */
export type InvoiceStatus = "open" | "held" | "settled" | "cancelled" | "expired";

/** An invoice of a hosted account, whose preimage the service keeps. */
export interface HostedInvoice extends SignedInvoice {
  readonly system: Address;
  /** As the keystore sealed it. */
  readonly sealedPreimage: string;
  /** The preimage is given only when its owner says so. */
  readonly hold: boolean;
  readonly status: InvoiceStatus;
  /** Unix seconds. */
  readonly createdAt: bigint;
  /** Nothing that happens from here on concerns it. */
  readonly over: boolean;
}

/** Where S's signature on a state or note is kept: a leaf of a commit. */
export interface Leaf {
  readonly commit: bigint;
  readonly index: number;
}

/** `settled`: the epoch is over. `frozen`: it is being closed, and nothing of it is signed any more (S6). */
export type ChannelStatus = "open" | "frozen" | "settled";

/** Why nothing of a channel is signed any more (S6). */
export interface Freeze {
  /** S is closing it. */
  readonly isOwn: boolean;
  /**
   * Unix seconds after which no close that is known of can be mined any more; null where none is known, or only the epoch's end
   * ends it.
   */
  readonly until: bigint | null;
  /** The transaction that closed it, where the chain was last seen to have one. */
  readonly transaction: Hash | null;
  /** The highest version that was shown since, on the final chain. */
  readonly shown: bigint | null;
  /** Only the epoch's end ends it: it is over on chain, or the chain is not to be believed about the channel. */
  readonly forGood: boolean;
  /** It was opened after a loss of data, and the final chain was not read about it since: its epoch may be over there (S7). */
  readonly unread: boolean;
  /** After a loss of data, Unix seconds after which nothing that S signed before it can be sent any more (S7); else null. */
  readonly lost: bigint | null;
}

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
  /** The locks pending in the state: what U pays if a preimage comes. */
  readonly outgoing: readonly Lock[];
  /** The locks pending in the note: what U is paid if a preimage comes. */
  readonly incoming: readonly Lock[];
  /** Signed, not on chain yet. */
  readonly pending: Withdrawal | null;
  /** Signed, not on chain yet: nothing else is signed meanwhile (S8). */
  readonly closing: Closing | null;
  /** Null unless it is frozen. */
  readonly freeze: Freeze | null;
}

/** Of a conditional transfer: its payee waits for the preimage, is paid, or will not be. */
export type HtlcStatus = "pending" | "settled" | "failed";

/** A conditional transfer through S: the payer's lock and the payee's under one hash (section 7). */
export interface Htlc {
  /** The payer's channel, and its version that locked. */
  readonly payer: ChannelId;
  readonly version: bigint;
  readonly outgoing: Lock;
  readonly payee: ChannelId;
  readonly incoming: Lock;
  readonly status: HtlcStatus;
  /** The note by which a released lock left: the payer's is free when the payee has folded it (S3). Else 0. */
  readonly returnedIn: bigint;
  /** The payer's lock has left too. */
  readonly over: boolean;
}

/** A payment that came to its end, and how much of it its payer has back. */
export interface Refundable {
  readonly system: Address;
  /** The hash of a conditional payment, or what names the transfer or redemption. */
  readonly payment: Hash;
  /** `redeemed`: it was taken out of circulation. */
  readonly payee: Address | "redeemed";
  readonly payer: Address;
  readonly token: Address;
  /** Without the fee. */
  readonly paid: bigint;
  readonly refunded: bigint;
}

/** A preimage that S was given, or that the final chain shows. */
export interface KnownPreimage {
  readonly hash: Hash;
  readonly preimage: Hash;
  /** Unix seconds of the block that registered it. */
  readonly registeredAt: bigint | null;
}

/** A state that S completes in this commit, with U's signature. */
export interface CompletedState {
  readonly state: State;
  /** What its memo is the hash of. */
  readonly operations: readonly StateOperation[];
  readonly hash: Hash;
  readonly signature: Signature;
}

/** A note that S issues in this commit. */
export interface IssuedNote {
  readonly note: Note;
  /** What its memo is the hash of. */
  readonly operations: readonly NoteOperation[];
  readonly locks: readonly Lock[];
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
