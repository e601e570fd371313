import type {
  Account,
  AccountTerms,
  Asset,
  Changes,
  Channel,
  Consent,
  HostedInvoice,
  Htlc,
  InvoiceStatus,
  KnownPreimage,
  Leaf,
  LedgerAccount,
  LedgerEvent,
  DayTotal,
} from "../engine";
import type {
  Address,
  ChannelId,
  ChannelKey,
  Hash,
  Note,
  NoteOperation,
  Signature,
  State,
  StateOperation,
} from "../protocol";
import type { Aliases } from "./aliases";
import type { Candidates } from "./candidates";
import type { EventQuery } from "./events";
import type { Forwards } from "./forwards";
import type { ChainCursors } from "./chainCursors";
import type { OutboxItems } from "./outboxItems";
import type { Payouts } from "./payouts";
import type { ApiKeys } from "./apiKeys";
import type { Journal } from "./journal";
import type { Lease, LeaseOptions } from "./lease";
import type { Refunds } from "./refunds";
import type { Sessions } from "./sessions";
import type { Spending, Spent } from "./spending";
import type { Webhooks } from "./webhooks";
import type { Metadata } from "./metadata";
import type { Publications } from "./publications";
import type { Whereabouts } from "./whereabouts";

/** One commit of one system: all that its steps changed, and the one signature over its states and notes. */
export interface Commit {
  readonly system: Address;
  /** One more than that of the system's commit before. */
  readonly id: bigint;
  /** Unix milliseconds. */
  readonly time: number;
  /** The number of its first event: one more than that of the system's event before. */
  readonly firstEvent: bigint;
  readonly changes: Required<Changes>;
  /** On the batch root, or on the struct itself where there is one leaf; null where there is none. */
  readonly signature: Signature | null;
  /** S's own signatures on the withdrawals and closings, in their order. */
  readonly consents: readonly Signature[];
  readonly replies: readonly StoredReply[];
  /** What keys have moved in their periods with this commit. */
  readonly spent: readonly Spent[];
  /** The hashes of its events, and the head of the chain over the log that they lead to. */
  readonly journal: { readonly events: readonly Hash[]; readonly head: Hash };
}

/** What an idempotency key was used for, and what it led to. */
export interface StoredReply {
  /** Where it was used. */
  readonly system: Address;
  readonly key: string;
  readonly fingerprint: Hash;
  /** JSON. */
  readonly reply: string;
}

/** The signature and the leaves (struct hashes, in order) of one commit. */
export interface CommitProof {
  readonly signature: Signature;
  readonly leaves: readonly Hash[];
}

/** A state or note with the leaf that proves S's signature on it. */
export interface Signed<T, Operation> {
  readonly message: T;
  readonly leaf: Leaf;
  /** What its memo is the hash of; null where an older program did not keep it. */
  readonly operations: readonly Operation[] | null;
}

export interface SignedState extends Signed<State, StateOperation> {
  readonly userSignature: Signature;
}

export type SignedNote = Signed<Note, NoteOperation>;

/** A withdrawal or closing with both signatures. */
export interface SignedConsent extends Consent {
  readonly systemSignature: Signature;
}

/** Which invoices are asked for. */
export interface InvoiceQuery {
  readonly account?: Address | undefined;
  readonly token?: Address | undefined;
  readonly status?: InvoiceStatus | undefined;
  /** Unix seconds: what is open and not to be paid by then is expired, whether that is noted yet or not. */
  readonly now: bigint;
  /** Only those beyond this one, in the order. */
  readonly beyond?: { readonly createdAt: bigint; readonly hash: Hash } | undefined;
  readonly order: "ascending" | "descending";
  readonly limit: number;
}

/** Which entries are added up. */
export interface TotalsRange {
  /** Those before this time, in Unix milliseconds. */
  readonly until?: number;
  readonly account?: Address;
}

/**
 * The durable store of any number of systems. Whatever {@link commit} resolved for survives a crash, whole.
 * Everything rejects with `store_failed` where the database does not do what it was asked; then nothing has changed.
 */
export interface Store {
  readonly journal: Journal;
  readonly publications: Publications;
  readonly cursors: ChainCursors;
  readonly outbox: OutboxItems;
  readonly payouts: Payouts;
  readonly webhooks: Webhooks;
  readonly candidates: Candidates;
  readonly whereabouts: Whereabouts;
  readonly forwards: Forwards;
  readonly aliases: Aliases;
  readonly metadata: Metadata;
  /**
   * Waits until no other process leads the system, and leads it.
   * @throws stopped, when the store is closed meanwhile
   */
  lead(system: Address, options?: LeaseOptions): Promise<Lease>;
  /** Leads the system if no other process does. */
  tryLead(system: Address, options?: LeaseOptions): Promise<Lease | undefined>;
  /**
   * Makes a commit durable, or changes nothing.
   * @throws not_leader (another process leads the system by now), store_corrupt (it, or its first event, is not the next),
   * store_failed, outcome_unknown (whether it is durable only a new start can tell)
   */
  commit(commit: Commit, lease: Lease): Promise<void>;
  /** The id of the system's last commit; 0 before the first. */
  lastCommit(system: Address): Promise<bigint>;
  /** All of them, or those of these addresses. */
  accounts(system: Address, among?: readonly Address[]): Promise<Account[]>;
  accountCount(system: Address): Promise<number>;
  assets(system: Address): Promise<Asset[]>;
  /** Channels of epochs that are not settled. */
  channels(system: Address): Promise<Channel[]>;
  /** The newest `limit` notes per channel that its latest state has not folded, oldest first. */
  unfoldedNotes(system: Address, limit: number): Promise<Note[]>;
  /** Conditional transfers that are not over. */
  openHtlcs(system: Address): Promise<Htlc[]>;
  preimages(system: Address): Promise<KnownPreimage[]>;
  preimage(system: Address, hash: Hash): Promise<KnownPreimage | undefined>;
  /** Of the accounts that have terms of their own. */
  terms(system: Address): Promise<AccountTerms[]>;
  dayTotals(system: Address): Promise<DayTotal[]>;
  /** Invoices that are not over. */
  openInvoices(system: Address): Promise<HostedInvoice[]>;
  invoice(system: Address, hash: Hash): Promise<HostedInvoice | undefined>;
  /** By the time when they were made. */
  invoices(system: Address, query: InvoiceQuery): Promise<HostedInvoice[]>;
  /** The conditional transfers that one state of the payer began, over or not. */
  htlcs(payer: ChannelId, version: bigint): Promise<Htlc[]>;
  /** Those under one hash, over or not, that the payer has ever begun. */
  htlcsFor(payer: ChannelId, hash: Hash): Promise<Htlc[]>;
  /** What a channel is of, whether its epoch is settled or not. */
  channelKey(id: ChannelId): Promise<ChannelKey | undefined>;
  state(id: ChannelId, version: bigint): Promise<SignedState | undefined>;
  note(id: ChannelId, seq: bigint): Promise<SignedNote | undefined>;
  commitProof(system: Address, id: bigint): Promise<CommitProof | undefined>;
  consent(hash: Hash): Promise<SignedConsent | undefined>;
  /** Those of the keys that were used, at whatever system. */
  replies(keys: readonly string[]): Promise<StoredReply[]>;
  /** Forgets keys that were used before `time` (Unix milliseconds), the oldest first, `limit` at most; returns how many. */
  sweepReplies(time: number, limit: number): Promise<number>;
  /** What the query asks for of the system's log. */
  events(system: Address, query: EventQuery): Promise<LedgerEvent[]>;
  /**
   * The number of the system's last event; 0 before the first.
   * @throws store_corrupt if one is missing before it
   */
  lastEvent(system: Address): Promise<bigint>;
  /** What each account of one book, or one account, has got in all, less what it gave. */
  journalTotals(system: Address, token: Address, range?: TotalsRange): Promise<Map<LedgerAccount, bigint>>;
  readonly apiKeys: ApiKeys;
  readonly sessions: Sessions;
  readonly spending: Spending;
  readonly refunds: Refunds;
  /** Gives up every lease, and closes. */
  close(): Promise<void>;
}
