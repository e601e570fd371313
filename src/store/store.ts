import type { Address } from "../protocol";
import type { ActivityTable } from "./activityTable";
import type { Aliases } from "./aliases";
import type { ApiKeys } from "./apiKeys";
import type { Candidates } from "./candidates";
import type { ChainCursors } from "./chainCursors";
import type { Closings } from "./closings";
import type { Commit, StoredReply } from "./commit";
import type { EventLog } from "./eventLog";
import type { Forwards } from "./forwards";
import type { Returns } from "./returns";
import type { Journal } from "./journal";
import type { Lease } from "./lease";
import type { Leases } from "./leases";
import type { LedgerRows } from "./ledgerRows";
import type { Losses } from "./losses";
import type { Metadata } from "./metadata";
import type { OutboxItems } from "./outboxItems";
import type { Payments } from "./payments";
import type { Payouts } from "./payouts";
import type { Publications } from "./publications";
import type { Refunds } from "./refunds";
import type { Sessions } from "./sessions";
import type { SignedMessages } from "./signedMessages";
import type { Spending } from "./spending";
import type { Webhooks } from "./webhooks";
import type { Whereabouts } from "./whereabouts";

/**
 * Makes a commit durable, or changes nothing.
 * @throws not_leader (another process leads the system by now), store_corrupt (it, or its first event, is not the next),
 * store_failed, outcome_unknown (whether it is durable only a new start can tell)
 */
export type Write = (lease: Lease) => Promise<void>;

/**
 * The durable store of any number of systems. Whatever a {@link Write} resolved for survives a crash, whole.
 * Everything rejects with `store_failed` where the database does not do what it was asked; then nothing has changed.
 */
export interface Store {
  readonly ledger: LedgerRows;
  readonly signed: SignedMessages;
  readonly payments: Payments;
  readonly log: EventLog;
  readonly closings: Closings;
  readonly activity: ActivityTable;
  readonly leases: Leases;
  readonly journal: Journal;
  readonly publications: Publications;
  readonly cursors: ChainCursors;
  readonly outbox: OutboxItems;
  readonly payouts: Payouts;
  readonly webhooks: Webhooks;
  readonly candidates: Candidates;
  readonly whereabouts: Whereabouts;
  readonly forwards: Forwards;
  /** Refunds of payments between systems. */
  readonly returns: Returns;
  readonly aliases: Aliases;
  readonly losses: Losses;
  readonly metadata: Metadata;
  readonly apiKeys: ApiKeys;
  readonly sessions: Sessions;
  readonly spending: Spending;
  readonly refunds: Refunds;
  /**
   * Puts a commit into the store's own words, ahead of its turn.
   * @throws store_failed, invalid_hex
   */
  prepare(commit: Commit): Write;
  /** The id of the system's last commit; 0 before the first. */
  lastCommit(system: Address): Promise<bigint>;
  /** Those of the keys that were used, at whatever system. */
  replies(keys: readonly string[]): Promise<StoredReply[]>;
  /** Forgets keys that were used before `time` (Unix milliseconds), the oldest first, `limit` at most; returns how many. */
  sweepReplies(time: number, limit: number): Promise<number>;
  /** Gives up every lease, and closes. */
  close(): Promise<void>;
}
