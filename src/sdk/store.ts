import type {
  Address,
  ChannelId,
  ChannelKey,
  Closing,
  Domain,
  Hash,
  Lock,
  Note,
  Route,
  RouteOrder,
  Signature,
  SignedInvoice,
  State,
  StateOperation,
  SystemSignature,
  Withdrawal,
} from "../protocol";

/** A name for an account at a host: `alice@star.example`. */
export type AccountName = `${string}@${string}`;

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

/** What goes to an account of another system, and the system's word that it does. */
export interface RoutedPayment {
  readonly order: RouteOrder;
  readonly route: Route;
}

/** A withdrawal that U signed; S's signature makes it payable. */
export interface OwnWithdrawal {
  readonly withdrawal: Withdrawal;
  readonly signature: Signature;
}

/** A cooperative closing that U signed. */
export interface OwnClosing {
  readonly closing: Closing;
  readonly signature: Signature;
}

/** What anybody can send to the hub. */
export interface SignedWithdrawal extends OwnWithdrawal {
  readonly systemSignature: Signature;
}

/** What ends the epoch at once when either side sends it to the hub. */
export interface SignedClosing extends OwnClosing {
  readonly systemSignature: Signature;
}

type Event =
  /** The channel is used from here on, on this hub. */
  | { readonly type: "opened"; readonly key: ChannelKey; readonly domain: Domain }
  /**
   * The store came out of a backup: newer records may exist elsewhere (U3). From the time of the record on nothing is signed or
   * believed before both sides begin anew (S7); without one an older program wrote it.
   */
  | { readonly type: "restored" }
  /** Records were lost, by U, or by S as it says itself: nothing is signed or believed before both sides begin anew (S7). */
  | { readonly type: "lost"; readonly by: "user" | "system" }
  /** The final block's time, in Unix seconds, when U first looked after its own loss: its own clock may be behind. */
  | { readonly type: "lossDated"; readonly finalTime: bigint }
  /** The state with which both sides have begun anew. */
  | { readonly type: "resynchronised"; readonly completed: Completed }
  | { readonly type: "proposed"; readonly proposal: Proposal }
  | { readonly type: "refused" }
  | { readonly type: "completed"; readonly completed: Completed }
  /** A complete state of U's that this store did not know; its operations are not known either. */
  | { readonly type: "adopted"; readonly completed: Completed }
  | { readonly type: "received"; readonly held: HeldNote }
  | { readonly type: "invoiced"; readonly own: OwnInvoice }
  /** How the system brings a payment to an account of another one; its lock is about to be signed. */
  | { readonly type: "routed"; readonly routed: RoutedPayment }
  /** The service was told of the lock under this hash that its router is to send on. */
  | { readonly type: "sentOn"; readonly hash: Hash }
  /** The preimage is about to leave. */
  | { readonly type: "revealed"; readonly hash: Hash }
  /** The final chain shows the preimage registered before the lock's expiry. */
  | { readonly type: "registered"; readonly hash: Hash }
  /** With the state that pays for it, if it costs something: the two are sent together. */
  | ({ readonly type: "withdrawal"; readonly payment?: Proposal } & OwnWithdrawal)
  /** S signed the last withdrawal. */
  | { readonly type: "consented"; readonly systemSignature: Signature }
  | ({ readonly type: "agreeing" } & OwnClosing)
  /** S signed the last cooperative closing. */
  | { readonly type: "agreed"; readonly systemSignature: Signature }
  /** A close is pending, or about to be. */
  | { readonly type: "closing" };

/** One thing that a wallet must not forget of a channel; `time` is the user's clock, in Unix seconds. */
export type WalletRecord = Event & { readonly channelId: ChannelId; readonly time?: bigint };

/** What a name stands for, as it was first found or accepted since: the last record of a name counts, for every channel. */
export interface NameRecord {
  readonly type: "named";
  readonly name: AccountName;
  readonly account: Address;
  readonly time: bigint;
}

/** What a system published was checked; the anchor contract of the first of them is asked from then on. */
export interface PublicationRecord {
  readonly type: "verified";
  readonly token: Address;
  readonly anchor: Address;
  readonly period: bigint;
  readonly root: Hash;
  /** Its owner asked for this one: those before it may not have been checked. */
  readonly asked?: true;
  readonly time: bigint;
}

/** One thing that a client must not forget. */
export type StoreRecord = WalletRecord | NameRecord | PublicationRecord;

/** A record before it is stored. */
export type NewRecord = Event;

/** Where a wallet keeps its records, in order. What {@link append} resolved for survives a crash. */
export interface WalletStore {
  /**
   * Resolves when the record is durable: only then is what it says relied on.
   * @throws store_failed
   */
  append(record: WalletRecord): Promise<void>;
  /** All records of a channel, oldest first. */
  records(channelId: ChannelId): Promise<readonly WalletRecord[]>;
}

/** What a client keeps all its records in. */
export interface Store extends WalletStore {
  append(record: StoreRecord): Promise<void>;
  /** The records of all channels, and of none, oldest first. */
  all(): Promise<readonly StoreRecord[]>;
  /**
   * Keeps every other process, tab and client off the store until the function it resolves with is called, or the process
   * ends.
   * @throws store_locked
   */
  lock(): Promise<() => Promise<void>>;
  /** Lets go of what it holds open; nothing is to be asked of it after that. */
  close(): Promise<void>;
}
