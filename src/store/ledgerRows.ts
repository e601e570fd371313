import type { Account, AccountTerms, Asset, Channel, DayTotal, HostedInvoice, Htlc, KnownPreimage } from "../engine";
import { fail } from "../errors";
import {
  emptyNote,
  emptyState,
  fromHex,
  lockSummary,
  type Address,
  type ChannelId,
  type Lock,
  type Note,
} from "../protocol";
import type { Dialect } from "./dialect";
import { locksIn, type LockSide } from "./lockPages";
import { hex, integer, type Query } from "./query";
import { channelPages, withLatest } from "./channelPages";
import { hexText, rowPages, rowText, type Texts } from "./rowPages";
import {
  accountOf,
  assetOf,
  channelOf,
  dayTotalOf,
  htlcOf,
  invoiceOf,
  noteOf,
  preimageOf,
  stateOf,
  termsOf,
} from "./rows";

/** The columns of states and notes without what proves them, which is most of them. */
const SUMMARY = ["locked", "locks_expiry", "locks_root", "memo"];
const STATE = ["channel", "version", "net", "note_seq", "note_credited", ...SUMMARY]
  .map((name) => `s.${name}`)
  .join(", ");
const NOTE = ["channel", "seq", "credited", ...SUMMARY].map((name) => `n.${name}`).join(", ");

/** The columns of an account besides its address. */
const ACCOUNT = ["custody", "status", "sealed_key"];

/** Channels of which something is pending that are read at once. */
const TOGETHER = 50;

const ANY = Array.from({ length: TOGETHER }, (_, i) => `$${i + 1}`).join(", ");

/** What a system's ledger in memory is loaded from. */
export class LedgerRows {
  constructor(
    private readonly query: Query,
    /** Does not hold up who asks. */
    private readonly aside: Query,
    private readonly dialect: Dialect,
  ) {}

  /** All of them, a page at a time. */
  async *accounts(system: Address): AsyncGenerator<Account[]> {
    const { aside, dialect } = this;
    const pages = { key: "address", texts: ACCOUNT, from: "accounts WHERE system = $1" };
    for await (const rows of rowPages(aside, dialect, pages, system)) yield rows.map((row) => accountOf(system, row));
  }

  /** Those of these addresses. */
  async accountsAmong(system: Address, addresses: readonly Address[]): Promise<Account[]> {
    const row = rowText(this.dialect, [hexText(this.dialect, "address"), ...ACCOUNT]);
    const list = addresses.map((_, i) => `$${i + 2}`).join(", ");
    const sql = `SELECT ${row} AS account FROM accounts WHERE system = $1 AND address IN (${list})`;
    const found = await this.query(sql, fromHex(system), ...addresses.map((one) => fromHex(one)));
    return found.map(({ account }) => accountOf(system, JSON.parse(account as string) as Texts));
  }

  async accountCount(system: Address): Promise<number> {
    const [row] = await this.query("SELECT count(*) AS count FROM accounts WHERE system = $1", fromHex(system));
    return Number(integer(row?.["count"]));
  }

  async assets(system: Address): Promise<Asset[]> {
    return (await this.query("SELECT * FROM assets WHERE system = $1", fromHex(system))).map(assetOf);
  }

  /**
   * The channels of epochs that are not settled, a page at a time.
   * @throws store_corrupt
   */
  async *channels(system: Address): AsyncGenerator<Channel[]> {
    for await (const { resting, busy } of channelPages(this.aside, this.dialect, system)) {
      yield resting;
      for (let i = 0; i < busy.length; i += TOGETHER) yield await this.busyChannels(busy.slice(i, i + TOGETHER));
    }
  }

  /** Of the newest `limit` notes per channel, those before the latest that its latest state has not folded, oldest first. */
  async unfoldedNotes(system: Address, limit: number): Promise<Note[]> {
    const sql = `SELECT ${NOTE} FROM (
        SELECT c.id, coalesce(s.note_seq, 0) AS folded, n.seq AS latest FROM ${withLatest(this.dialect)}
        WHERE c.system = $1 AND c.status <> 'settled') c
      JOIN ${this.dialect.ofChannel.notes} n ON n.channel = c.id AND n.seq > c.folded AND n.seq > c.latest - $2 AND n.seq < c.latest
      ORDER BY n.channel, n.seq`;
    return (await this.query(sql, fromHex(system), BigInt(limit))).map(noteOf);
  }

  /** Conditional transfers that are not over. */
  async openHtlcs(system: Address): Promise<Htlc[]> {
    const sql = "SELECT h.* FROM htlcs h JOIN channels c ON c.id = h.payer WHERE c.system = $1 AND h.over = 0";
    return (await this.query(sql, fromHex(system))).map(htlcOf);
  }

  async preimages(system: Address): Promise<KnownPreimage[]> {
    return (await this.query("SELECT * FROM preimages WHERE system = $1", fromHex(system))).map(preimageOf);
  }

  /** Of the accounts that have terms of their own. */
  async terms(system: Address): Promise<AccountTerms[]> {
    return (await this.query("SELECT * FROM account_terms WHERE system = $1", fromHex(system))).map(termsOf);
  }

  async dayTotals(system: Address): Promise<DayTotal[]> {
    return (await this.query("SELECT * FROM day_totals WHERE system = $1", fromHex(system))).map(dayTotalOf);
  }

  /** Invoices that are not over. */
  async openInvoices(system: Address): Promise<HostedInvoice[]> {
    const sql = "SELECT * FROM invoices WHERE system = $1 AND over = 0";
    return (await this.query(sql, fromHex(system))).map(invoiceOf);
  }

  /** @param ids {@link TOGETHER} at most */
  private async busyChannels(ids: readonly ChannelId[]): Promise<Channel[]> {
    // One statement for however many there are.
    const values = Array.from({ length: TOGETHER }, (_, i) => fromHex(ids[i] ?? ids[0]!));
    const select = (columns: string, condition: string) =>
      this.query(
        `SELECT ${columns} FROM ${withLatest(this.dialect)} WHERE c.id IN (${ANY}) AND ${condition}`,
        ...values,
      );
    const channels = await select("c.*", "true");
    const states = await select(STATE, "s.channel IS NOT NULL");
    const notes = await select(NOTE, "n.channel IS NOT NULL");
    const pages = await this.lockPages(values);
    const latestState = new Map(states.map(stateOf).map((state) => [state.channelId, state]));
    const latestNote = new Map(notes.map(noteOf).map((note) => [note.channelId, note]));
    return channels.map((row) => {
      const channel = channelOf(row);
      const { id } = channel;
      const whole = (side: LockSide) => channel[side].concat(pages.get(id + side) ?? []);
      const [outgoing, incoming] = [whole("outgoing"), whole("incoming")];
      const [state, note] = [latestState.get(id) ?? emptyState(id), latestNote.get(id) ?? emptyNote(id)];
      if (lockSummary(outgoing).locksRoot !== state.locksRoot || lockSummary(incoming).locksRoot !== note.locksRoot) {
        fail("store_corrupt", {
          channel: id,
          version: state.version,
          seq: note.seq,
          locks: outgoing.length + incoming.length,
        });
      }
      // One text for the id, not three.
      return { ...channel, outgoing, incoming, state: { ...state, channelId: id }, note: { ...note, channelId: id } };
    });
  }

  /** What the rows of these channels have no room for of their locks, in order, by id and side. */
  private async lockPages(ids: readonly Buffer[]): Promise<Map<string, Lock[]>> {
    const sql = `SELECT channel, side, locks FROM lock_pages WHERE channel IN (${ANY}) AND locks IS NOT NULL
      ORDER BY channel, side, page`;
    const lists = new Map<string, Lock[]>();
    for (const row of await this.query(sql, ...ids)) {
      const key = hex(row["channel"]) + (row["side"] as LockSide);
      const locks = locksIn(row["locks"] as string);
      lists.set(key, (lists.get(key) ?? []).concat(locks));
    }
    return lists;
  }
}
