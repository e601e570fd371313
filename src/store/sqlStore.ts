import { fromHex, type Address } from "../protocol";
import { AccountEvents } from "./accountEvents";
import { ActivityTable } from "./activityTable";
import { Aliases } from "./aliases";
import { ApiKeys } from "./apiKeys";
import { Candidates } from "./candidates";
import { ChainCursors } from "./chainCursors";
import { Closings } from "./closings";
import type { Dialect } from "./dialect";
import { EventLog } from "./eventLog";
import { Forwards } from "./forwards";
import { Returns } from "./returns";
import { Journal } from "./journal";
import { Leases } from "./leases";
import { LedgerRows } from "./ledgerRows";
import { Losses } from "./losses";
import { Metadata } from "./metadata";
import { OutboxItems } from "./outboxItems";
import { Payments } from "./payments";
import { Payouts } from "./payouts";
import { Publications } from "./publications";
import { integer, type Query, type Row, type Value } from "./query";
import { Refunds } from "./refunds";
import { Sessions } from "./sessions";
import { SignedMessages } from "./signedMessages";
import { Spending } from "./spending";
import type { Commit, StoredReply } from "./commit";
import type { Store, Write } from "./store";
import { Webhooks } from "./webhooks";
import { Whereabouts } from "./whereabouts";

/** What the databases have in common: everything that is read, and who may write. */
export abstract class SqlStore implements Store {
  private readonly run: Query = (sql, ...values) => this.query(sql, ...values);
  /** Where states or notes are looked for by their channel. */
  private readonly runFinding: Query = (sql, ...values) => this.bringUpToDate().then(() => this.query(sql, ...values));
  private readonly runFindingAside: Query = (sql, ...values) =>
    this.bringUpToDate().then(() => this.queryAside(sql, ...values));
  readonly ledger: LedgerRows;
  readonly signed: SignedMessages;
  readonly payments = new Payments(this.run);
  readonly closings: Closings;
  readonly log: EventLog;
  readonly activity: ActivityTable;
  readonly journal: Journal;
  readonly leases: Leases;
  readonly candidates: Candidates;
  readonly cursors = new ChainCursors(this.run);
  readonly outbox = new OutboxItems(this.run);
  readonly payouts = new Payouts(this.run);
  readonly apiKeys = new ApiKeys(this.run);
  readonly sessions = new Sessions(this.run);
  readonly refunds = new Refunds(this.run);
  readonly spending = new Spending(this.run);
  readonly webhooks = new Webhooks(this.run);
  readonly aliases = new Aliases(this.run);
  readonly losses = new Losses(this.run);
  readonly metadata = new Metadata(this.run);
  readonly publications = new Publications(this.run);
  readonly whereabouts = new Whereabouts(this.run);
  readonly forwards = new Forwards(this.run);
  readonly returns = new Returns(this.run);
  private closing: Promise<void> | undefined;

  protected constructor(dialect: Dialect) {
    this.ledger = new LedgerRows(this.runFinding, this.runFindingAside, dialect);
    this.signed = new SignedMessages(this.runFinding, dialect);
    this.closings = new Closings(this.run, dialect);
    this.log = new EventLog(this.run, new AccountEvents(this.run, this.runFinding, dialect), dialect, this.closings);
    this.activity = new ActivityTable(this.run, dialect.sum);
    this.journal = new Journal(this.run, dialect.bytes);
    this.leases = new Leases(this.run, dialect.now);
    this.candidates = new Candidates(this.run, dialect.now);
  }

  abstract prepare(commit: Commit): Write;
  abstract replies(keys: readonly string[]): Promise<StoredReply[]>;
  protected abstract query(sql: string, ...values: Value[]): Promise<Row[]>;
  /** Lets whatever is committed be found by its channel. */
  protected bringUpToDate(): Promise<void> {
    return Promise.resolve();
  }

  protected abstract disconnect(): Promise<void>;

  /** As {@link query}, without holding up who asks. */
  protected queryAside(sql: string, ...values: Value[]): Promise<Row[]> {
    return this.query(sql, ...values);
  }

  async lastCommit(system: Address): Promise<bigint> {
    const [row] = await this.query("SELECT max(id) AS id FROM commits WHERE system = $1", fromHex(system));
    return integer(row?.["id"] ?? 0n);
  }

  async sweepReplies(time: number, limit: number): Promise<number> {
    const sql = `DELETE FROM replies WHERE (system, key) IN (
      SELECT system, key FROM replies WHERE time < $1 ORDER BY time LIMIT $2) RETURNING key`;
    return (await this.query(sql, BigInt(time), BigInt(limit))).length;
  }

  close(): Promise<void> {
    return (this.closing ??= this.leases.end().then(() => this.disconnect()));
  }
}
