import { setTimeout as delay } from "node:timers/promises";

import type {
  Account,
  AccountTerms,
  Asset,
  Channel,
  HostedInvoice,
  Htlc,
  KnownPreimage,
  LedgerAccount,
  LedgerEvent,
  DayTotal,
} from "../engine";
import { fail } from "../errors";
import {
  emptyNote,
  emptyState,
  fromHex,
  lockSummary,
  type Address,
  type ChannelId,
  type ChannelKey,
  type Hash,
  type Note,
} from "../protocol";
import { Aliases } from "./aliases";
import { ApiKeys } from "./apiKeys";
import { Candidates } from "./candidates";
import { eventOf, ledgerAccountOf } from "./eventRows";
import { selectEvents, type EventQuery } from "./events";
import { ChainCursors } from "./chainCursors";
import { selectInvoices } from "./invoices";
import { Journal } from "./journal";
import { Forwards } from "./forwards";
import { Lease, type LeaseOptions } from "./lease";
import { Metadata } from "./metadata";
import { OutboxItems } from "./outboxItems";
import { Payouts } from "./payouts";
import { Publications } from "./publications";
import { integer, type Query, type Row, type Value } from "./query";
import { Refunds } from "./refunds";
import {
  accountOf,
  assetOf,
  channelOf,
  consentOf,
  htlcOf,
  invoiceOf,
  noteOf,
  preimageOf,
  proofOf,
  signedNoteOf,
  signedStateOf,
  dayTotalOf,
  stateOf,
  termsOf,
} from "./rows";
import { Sessions } from "./sessions";
import { Spending } from "./spending";
import type {
  Commit,
  CommitProof,
  InvoiceQuery,
  SignedNote,
  SignedState,
  Store,
  StoredReply,
  TotalsRange,
} from "./store";
import { Webhooks } from "./webhooks";
import { Whereabouts } from "./whereabouts";

/** How often a process asks whether a lease is free. */
const POLL = 250;

/** What the databases have in common: everything that is read, and who may write. */
export abstract class SqlStore implements Store {
  /** Unix milliseconds by the database's clock. */
  protected abstract readonly now: string;
  private readonly run: Query = (sql, ...values) => this.query(sql, ...values);
  readonly cursors = new ChainCursors(this.run);
  readonly outbox = new OutboxItems(this.run);
  readonly payouts = new Payouts(this.run);
  readonly apiKeys = new ApiKeys(this.run);
  readonly sessions = new Sessions(this.run);
  readonly refunds = new Refunds(this.run);
  readonly spending = new Spending(this.run);
  readonly webhooks = new Webhooks(this.run);
  private readonly awaited = new Set<Promise<Lease>>();
  private readonly leases = new Set<Lease>();
  private closing: Promise<void> | undefined;
  readonly aliases = new Aliases(this.run);
  readonly metadata = new Metadata(this.run);
  readonly publications = new Publications(this.run);
  readonly whereabouts = new Whereabouts(this.run);
  readonly forwards = new Forwards(this.run);

  abstract commit(commit: Commit, lease: Lease): Promise<void>;
  abstract replies(keys: readonly string[]): Promise<StoredReply[]>;
  protected abstract query(sql: string, ...values: Value[]): Promise<Row[]>;
  /** The sum of the column `amount`, as text: decimal digits, or groups of ten of them with commas between. */
  protected abstract readonly sum: string;
  protected abstract disconnect(): Promise<void>;

  /** The name of the type of bytes. */
  protected abstract readonly bytes: string;

  get journal(): Journal {
    return new Journal(this.run, this.bytes);
  }

  get candidates(): Candidates {
    return new Candidates(this.run, this.now);
  }

  lead(system: Address, options: LeaseOptions = {}): Promise<Lease> {
    const awaited = this.waitForLead(system, options);
    this.awaited.add(awaited);
    return awaited.finally(() => this.awaited.delete(awaited));
  }

  async tryLead(system: Address, options: LeaseOptions = {}): Promise<Lease | undefined> {
    const lease = await Lease.acquire(this.query.bind(this), this.now, system, options);
    if (lease !== undefined) this.leases.add(lease);
    return lease;
  }

  async lastCommit(system: Address): Promise<bigint> {
    const [row] = await this.query("SELECT max(id) AS id FROM commits WHERE system = $1", fromHex(system));
    return integer(row?.["id"] ?? 0n);
  }

  async accounts(system: Address, among?: readonly Address[]): Promise<Account[]> {
    const addresses = among?.map((_, i) => `$${i + 2}`).join(", ");
    const condition = addresses === undefined ? "" : `AND address IN (${addresses})`;
    const sql = `SELECT * FROM accounts WHERE system = $1 ${condition}`;
    return (await this.query(sql, fromHex(system), ...(among ?? []).map((one) => fromHex(one)))).map(accountOf);
  }

  async accountCount(system: Address): Promise<number> {
    const [row] = await this.query("SELECT count(*) AS count FROM accounts WHERE system = $1", fromHex(system));
    return Number(integer(row?.["count"]));
  }

  async assets(system: Address): Promise<Asset[]> {
    return (await this.query("SELECT * FROM assets WHERE system = $1", fromHex(system))).map(assetOf);
  }

  async channels(system: Address): Promise<Channel[]> {
    const bytes = fromHex(system);
    const channels = await this.query("SELECT * FROM channels WHERE system = $1 AND status <> 'settled'", bytes);
    const states = await this.query(
      `SELECT s.* FROM channels c JOIN states s ON s.channel = c.id AND s.version = c.version
        WHERE c.system = $1 AND c.status <> 'settled'`,
      bytes,
    );
    const notes = await this.query(
      `SELECT n.* FROM channels c JOIN notes n ON n.channel = c.id AND n.seq = c.seq
        WHERE c.system = $1 AND c.status <> 'settled'`,
      bytes,
    );
    const latestState = new Map(states.map(stateOf).map((state) => [state.channelId, state]));
    const latestNote = new Map(notes.map(noteOf).map((note) => [note.channelId, note]));
    return channels.map((row) => {
      const channel = channelOf(row);
      const { id } = channel;
      const [version, seq] = [integer(row["version"]), integer(row["seq"])];
      const state = version === 0n ? emptyState(id) : latestState.get(id);
      const note = seq === 0n ? emptyNote(id) : latestNote.get(id);
      if (state === undefined || note === undefined) return fail("store_corrupt", { channel: id, version, seq });
      const { outgoing, incoming } = channel;
      if (lockSummary(outgoing).locksRoot !== state.locksRoot || lockSummary(incoming).locksRoot !== note.locksRoot) {
        fail("store_corrupt", { channel: id, version, seq, locks: outgoing.length + incoming.length });
      }
      // One text for the id, not three.
      return { ...channel, state: { ...state, channelId: id }, note: { ...note, channelId: id } };
    });
  }

  async unfoldedNotes(system: Address, limit: number): Promise<Note[]> {
    const sql = `SELECT n.* FROM channels c
      LEFT JOIN states s ON s.channel = c.id AND s.version = c.version
      JOIN notes n ON n.channel = c.id AND n.seq > coalesce(s.note_seq, 0) AND n.seq > c.seq - $2
      WHERE c.system = $1 AND c.status <> 'settled' ORDER BY n.channel, n.seq`;
    return (await this.query(sql, fromHex(system), BigInt(limit))).map(noteOf);
  }

  async openHtlcs(system: Address): Promise<Htlc[]> {
    const sql = "SELECT h.* FROM htlcs h JOIN channels c ON c.id = h.payer WHERE c.system = $1 AND h.over = 0";
    return (await this.query(sql, fromHex(system))).map(htlcOf);
  }

  async preimages(system: Address): Promise<KnownPreimage[]> {
    return (await this.query("SELECT * FROM preimages WHERE system = $1", fromHex(system))).map(preimageOf);
  }

  async preimage(system: Address, hash: Hash): Promise<KnownPreimage | undefined> {
    const sql = "SELECT * FROM preimages WHERE system = $1 AND hash = $2";
    const [row] = await this.query(sql, fromHex(system), fromHex(hash));
    return row && preimageOf(row);
  }

  async terms(system: Address): Promise<AccountTerms[]> {
    return (await this.query("SELECT * FROM account_terms WHERE system = $1", fromHex(system))).map(termsOf);
  }

  async dayTotals(system: Address): Promise<DayTotal[]> {
    return (await this.query("SELECT * FROM day_totals WHERE system = $1", fromHex(system))).map(dayTotalOf);
  }

  async openInvoices(system: Address): Promise<HostedInvoice[]> {
    const sql = "SELECT * FROM invoices WHERE system = $1 AND over = 0";
    return (await this.query(sql, fromHex(system))).map(invoiceOf);
  }

  async invoice(system: Address, hash: Hash): Promise<HostedInvoice | undefined> {
    const sql = "SELECT * FROM invoices WHERE system = $1 AND hash = $2";
    const [row] = await this.query(sql, fromHex(system), fromHex(hash));
    return row && invoiceOf(row);
  }

  async invoices(system: Address, query: InvoiceQuery): Promise<HostedInvoice[]> {
    const { sql, values } = selectInvoices(system, query);
    return (await this.query(sql, ...values)).map(invoiceOf);
  }

  async htlcs(payer: ChannelId, version: bigint): Promise<Htlc[]> {
    const sql = "SELECT * FROM htlcs WHERE payer = $1 AND version = $2";
    return (await this.query(sql, fromHex(payer), version)).map(htlcOf);
  }

  async htlcsFor(payer: ChannelId, hash: Hash): Promise<Htlc[]> {
    const sql = "SELECT * FROM htlcs WHERE payer = $1 AND outgoing LIKE $2 ORDER BY version DESC";
    return (await this.query(sql, fromHex(payer), `%"${hash}"%`)).map(htlcOf);
  }

  async channelKey(id: ChannelId): Promise<ChannelKey | undefined> {
    const [row] = await this.query("SELECT * FROM channels WHERE id = $1", fromHex(id));
    return row && channelOf(row).key;
  }

  async state(id: ChannelId, version: bigint): Promise<SignedState | undefined> {
    const [row] = await this.query("SELECT * FROM states WHERE channel = $1 AND version = $2", fromHex(id), version);
    return row && signedStateOf(row);
  }

  async note(id: ChannelId, seq: bigint): Promise<SignedNote | undefined> {
    const [row] = await this.query("SELECT * FROM notes WHERE channel = $1 AND seq = $2", fromHex(id), seq);
    return row && signedNoteOf(row);
  }

  async commitProof(system: Address, id: bigint): Promise<CommitProof | undefined> {
    const sql = "SELECT * FROM commits WHERE system = $1 AND id = $2 AND signature IS NOT NULL";
    const [row] = await this.query(sql, fromHex(system), id);
    return row && proofOf(row);
  }

  async consent(hash: Hash) {
    const [row] = await this.query("SELECT * FROM consents WHERE hash = $1", fromHex(hash));
    return row && consentOf(row);
  }

  async events(system: Address, query: EventQuery): Promise<LedgerEvent[]> {
    const { sql, values } = selectEvents(system, query);
    return (await this.query(sql, ...values)).map(eventOf);
  }

  async lastEvent(system: Address): Promise<bigint> {
    const sql = "SELECT count(*) AS events, coalesce(max(number), 0) AS last FROM events WHERE system = $1";
    const [row] = await this.query(sql, fromHex(system));
    const [events, last] = [integer(row?.["events"]), integer(row?.["last"])];
    return events === last ? last : fail("store_corrupt", { events, last });
  }

  async journalTotals(
    system: Address,
    token: Address,
    { until = Number.MAX_SAFE_INTEGER, account }: TotalsRange = {},
  ): Promise<Map<LedgerAccount, bigint>> {
    const one = (side: string) => (account === undefined ? "" : `AND length(${side}) = 20 AND ${side} = $4`);
    const total = (side: string, sign: number) =>
      `SELECT ${side} AS account, ${sign} AS sign, ${this.sum} AS total FROM events
        WHERE system = $1 AND token = $2 AND time < $3 AND amount IS NOT NULL ${one(side)} GROUP BY ${side}`;
    const sql = `${total("account", -1)} UNION ALL ${total("counterparty", 1)}`;
    const totals = new Map<LedgerAccount, bigint>();
    const values = [
      fromHex(system),
      fromHex(token),
      BigInt(until),
      ...(account === undefined ? [] : [fromHex(account)]),
    ];
    for (const row of await this.query(sql, ...values)) {
      const side = ledgerAccountOf(row["account"]);
      totals.set(side, (totals.get(side) ?? 0n) + integer(row["sign"]) * sumOf(row["total"]));
    }
    return totals;
  }

  async sweepReplies(time: number, limit: number): Promise<number> {
    const sql = `DELETE FROM replies WHERE (system, key) IN (
      SELECT system, key FROM replies WHERE time < $1 ORDER BY time LIMIT $2) RETURNING key`;
    return (await this.query(sql, BigInt(time), BigInt(limit))).length;
  }

  close(): Promise<void> {
    return (this.closing ??= this.end());
  }

  private async waitForLead(system: Address, options: LeaseOptions): Promise<Lease> {
    while (this.closing === undefined) {
      const lease = await this.tryLead(system, options);
      if (lease !== undefined) return lease;
      await delay(POLL);
    }
    return fail("stopped");
  }

  private async end(): Promise<void> {
    await Promise.allSettled(this.awaited);
    await Promise.all([...this.leases].map((lease) => lease.release()));
    await this.disconnect();
  }
}

/** What the database said of the lease, the commits and the events as the commit came in: `term`, `id`, `event`. */
export function requireNext(commit: Commit, lease: Lease, seen: Row | undefined): void {
  const term = seen?.["term"] == null ? "none" : integer(seen["term"]);
  if (term !== lease.term) fail("not_leader", { system: commit.system, term: lease.term, now: term });
  const [id, event] = [integer(seen?.["id"] ?? 0n) + 1n, integer(seen?.["event"] ?? 0n) + 1n];
  if (commit.id !== id) fail("store_corrupt", { got: commit.id, want: id });
  if (commit.firstEvent !== event) fail("store_corrupt", { got: commit.firstEvent, want: event });
}

/** Sums of groups of ten digits, the highest first, put together. */
function sumOf(total: unknown): bigint {
  return String(total)
    .split(",")
    .reduce((sum, group) => sum * 10n ** 10n + BigInt(group), 0n);
}
