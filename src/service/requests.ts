import type { CommandOf, Opened, SignedState } from "../engine";
import type {
  Address,
  ChannelId,
  Hash,
  Hex,
  Lock,
  LockOutcome,
  Note,
  Signature,
  SignedInvoice,
  State,
  SystemSignature,
} from "../protocol";

/** What can be asked of the service; plain objects, whatever brings them. Who signed is never taken from the request. */
export type Request =
  | Omit<CommandOf<"addAsset">, "lostSince">
  | CommandOf<"setLimit">
  | CommandOf<"setFees">
  | CommandOf<"setPaymentLimits">
  | CommandOf<"pauseCrediting">
  | CommandOf<"setAccountTerms">
  | CommandOf<"cancelInvoice">
  | CommandOf<"expireInvoices">
  | CommandOf<"openChannels">
  | CommandOf<"setAccountStatus">
  | CommandOf<"issue">
  | CommandOf<"updateFunds">
  | CommandOf<"freeze">
  | CommandOf<"close">
  | CommandOf<"observeAnswer">
  | CommandOf<"giveUpWebhook">
  | CommandOf<"settleEpoch">
  | CommandOf<"reveal">
  | CommandOf<"observeChain">
  | CommandOf<"declareLoss">
  | ResynchronisationRequest
  /** The same of a hosted channel, of which nobody else has anything to show. */
  | { readonly type: "resynchroniseHosted"; readonly channelId: ChannelId }
  | Omit<CommandOf<"submitState">, "hash" | "signer">
  | (Omit<CommandOf<"withdraw">, "signer" | "payment"> & {
      readonly payment?: Omit<SignedState, "hash" | "signer"> | undefined;
    })
  | Omit<CommandOf<"closeCooperatively">, "signer">
  | { readonly type: "openAccount"; readonly address: Address; readonly tokens: readonly Address[] }
  /** The service keeps the key, sealed, and makes it if none is given. */
  | { readonly type: "openHostedAccount"; readonly privateKey?: Hex; readonly tokens: readonly Address[] }
  | BulkOpeningRequest
  | PaymentRequest
  | RefundRequest
  | BatchRequest
  | InvoicePaymentRequest
  | LockRequest
  | InvoiceRequest
  /** Claims what is promised under an invoice of a hosted account. */
  | { readonly type: "settleInvoice"; readonly hash: Hash }
  | HostedReleaseRequest
  | HostedFoldRequest
  | HostedWithdrawalRequest
  | HostedClosingRequest;

/** What U shows of a channel after a loss of data, with all signatures; null for none (S7). */
export interface Shown {
  readonly state: {
    readonly state: State;
    readonly outgoing: readonly Lock[];
    readonly userSignature: Signature;
    readonly systemSignature: SystemSignature;
  } | null;
  readonly note: NoteDelivery | null;
}

/** Completes the state that follows from what was shown (S7). */
export interface ResynchronisationRequest {
  readonly type: "resynchronise";
  readonly shown: Shown;
  /** Unix seconds, of what was asked for before. */
  readonly time: bigint;
  readonly proposal: State;
  readonly signature: Signature;
}

/** Many accounts at once: each that can be opened is, in one commit. */
export interface BulkOpeningRequest {
  readonly type: "openMany";
  readonly openings: readonly {
    /** Null where the service makes the key, and keeps it. */
    readonly address: Address | null;
    readonly tokens: readonly Address[];
  }[];
  /** Hash of all that was asked for together, at other systems too: the same key with anything else is refused. */
  readonly whole?: Hash | undefined;
}

/** A payment or, with `to` null, a redemption, by an account whose key the service holds. */
export interface PaymentRequest {
  readonly type: "pay";
  readonly from: Address;
  readonly to: Address | null;
  readonly token: Address;
  readonly amount: bigint;
  readonly reference: Hash;
  /** The most that it may cost; no bound unless given. */
  readonly maxFee?: bigint | undefined;
}

/** Gives the payer back of a payment, by an account whose key the service holds or, of what was redeemed, by the system. */
export interface RefundRequest {
  readonly type: "refund";
  /** Its hash, or what names the transfer or redemption. */
  readonly payment: Hash;
  readonly payee: Address | "redeemed";
  /** All that is left unless given. */
  readonly amount?: bigint | undefined;
  readonly reference: Hash;
}

/** A payment of a batch; with a lock it is conditional, until `expiry` (Unix seconds). */
export interface BatchItem {
  readonly to: Address;
  readonly amount: bigint;
  readonly reference: Hash;
  readonly lock?: { readonly hash: Hash; readonly expiry: bigint } | undefined;
}

/** Many payments of one asset, in one state, by an account whose key the service holds: all of them or none. */
export interface BatchRequest {
  readonly type: "payBatch";
  readonly from: Address;
  readonly token: Address;
  readonly items: readonly BatchItem[];
  /** The most that they may cost together; no bound unless given. */
  readonly maxFee?: bigint | undefined;
}

/**
 * A conditional payment by an account whose key the service holds: locks the invoice's amount and `fee`, or what the asset's
 * schedule asks for if that is more.
 */
export interface InvoicePaymentRequest {
  readonly type: "payInvoice";
  readonly from: Address;
  readonly signed: SignedInvoice;
  readonly fee: bigint;
  readonly maxFee?: bigint | undefined;
}

/** A conditional payment without an invoice, by an account whose key the service holds, until `expiry` (Unix seconds). */
export interface LockRequest {
  readonly type: "lockHosted";
  readonly from: Address;
  readonly to: Address;
  readonly token: Address;
  readonly amount: bigint;
  readonly hash: Hash;
  readonly expiry: bigint;
  readonly reference: Hash;
  readonly maxFee?: bigint | undefined;
}

/** An account whose key the service holds asks for a conditional payment; the service makes the preimage and keeps it. */
export interface InvoiceRequest {
  readonly type: "invoice";
  readonly account: Address;
  readonly token: Address;
  readonly amount: bigint;
  /** Unix seconds. */
  readonly expiry: bigint;
  readonly memo: Hash;
  /** Claim what is promised only when asked to. */
  readonly hold: boolean;
}

/** Gives up what an account whose key the service holds was promised under `hash`. */
export interface HostedReleaseRequest {
  readonly type: "releaseHosted";
  readonly from: Address;
  readonly token: Address;
  readonly hash: Hash;
}

/** Folds the latest note, and the locks that have ended, of an account whose key the service holds. */
export interface HostedFoldRequest {
  readonly type: "foldHosted";
  readonly from: Address;
  readonly token: Address;
}

/** A withdrawal by an account whose key the service holds: `amount` more than is withdrawn already. */
export interface HostedWithdrawalRequest {
  readonly type: "withdrawHosted";
  readonly from: Address;
  readonly token: Address;
  readonly amount: bigint;
  readonly recipient: Address;
  readonly deadline: bigint;
  /** The most that it may cost; no bound unless given. */
  readonly maxFee?: bigint | undefined;
}

/** A cooperative closing by an account whose key the service holds. */
export interface HostedClosingRequest {
  readonly type: "closeHosted";
  readonly from: Address;
  readonly token: Address;
  readonly deadline: bigint;
}

/** What the service answers; everything in it is durable. */
export interface Reply {
  /** The commit that carried it out. */
  readonly commit: bigint;
  /** The same request was carried out under its idempotency key before. */
  readonly replayed?: true;
  /** The account that was opened. */
  readonly account?: Address;
  /** What became of each of many, in their order. */
  readonly opened?: readonly Opened[];
  /** The channel and version that a payment completed. */
  readonly channelId?: ChannelId;
  readonly version?: bigint;
  /** What the system keeps of it, or will. */
  readonly fee?: bigint;
  /** Of each payment, where it is several that cost something. */
  readonly fees?: readonly bigint[];
  /** The invoice that was made. */
  readonly hash?: Hash;
  /** The number of the event that tells of a payment, redemption or issue. */
  readonly event?: bigint;
  /** S's signature on the state. */
  readonly state?: SystemSignature;
  /** The struct hash of the withdrawal or closing, and S's signature on it. */
  readonly consentHash?: Hash;
  readonly consent?: Signature;
}

/** A note on its way to its account. */
export interface NoteDelivery {
  readonly note: Note;
  /** The locks pending in the note. */
  readonly locks: readonly Lock[];
  readonly signed: SystemSignature;
}

/** How locks that an account pays by have ended: preimages to fold, locks to drop. */
export interface OutcomeDelivery {
  readonly channelId: ChannelId;
  readonly outcomes: readonly LockOutcome[];
}
