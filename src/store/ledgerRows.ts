import type { Account, AccountTerms, Asset, Channel, DayTotal, HostedInvoice, Htlc, KnownPreimage } from "../engine";
import { fail } from "../errors";
import { emptyNote, emptyState, fromHex, lockSummary, type Address, type Note } from "../protocol";
import { integer, type Query } from "./query";
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

/** What a system's ledger in memory is loaded from. */
export class LedgerRows {
  constructor(private readonly query: Query) {}

  /** All of them, or those of these addresses. */
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

  /** Channels of epochs that are not settled. */
  async channels(system: Address): Promise<Channel[]> {
    const bytes = fromHex(system);
    const channels = await this.query("SELECT * FROM channels WHERE system = $1 AND status <> 'settled'", bytes);
    const states = await this.query(
      `SELECT ${STATE} FROM channels c JOIN states s ON s.channel = c.id AND s.version = c.version
        WHERE c.system = $1 AND c.status <> 'settled'`,
      bytes,
    );
    const notes = await this.query(
      `SELECT ${NOTE} FROM channels c JOIN notes n ON n.channel = c.id AND n.seq = c.seq
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

  /** Of the newest `limit` notes per channel, those before the latest that its latest state has not folded, oldest first. */
  async unfoldedNotes(system: Address, limit: number): Promise<Note[]> {
    const sql = `SELECT ${NOTE} FROM channels c
      LEFT JOIN states s ON s.channel = c.id AND s.version = c.version
      JOIN notes n ON n.channel = c.id AND n.seq > coalesce(s.note_seq, 0) AND n.seq > c.seq - $2 AND n.seq < c.seq
      WHERE c.system = $1 AND c.status <> 'settled' ORDER BY n.channel, n.seq`;
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
}
