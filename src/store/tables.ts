import type { CompletedState, IssuedNote } from "../engine";
import { fail } from "../errors";
import { NO_FUNDS, ZERO_HASH, type Hash, type LockSummary } from "../protocol";
import { toJson } from "../protocol/json";
import { ledgerAccountHex } from "./eventRows";
import { joined } from "./journal";
import type { Commit } from "./commit";
import { firstPageText, locksText } from "./lockPages";

/** A column's type in PostgreSQL; SQLite's are those of its migrations. */
export type ColumnType = "bytea" | "bigint" | "numeric" | "text";

/** What goes into a column: bytes as lowercase hexadecimal, for they are that wherever they come from. */
export type Cell = bigint | string | null;

/** What a row has in a column: the row of an item, which is the `index`th of its table in the commit. */
type Value<Item> = (item: Item, index: number, commit: Commit) => Cell;

/** What a commit writes to one table: a row for each item. */
export interface Table<Item = unknown> {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: ColumnType; readonly value: Value<Item> }[];
  /** What becomes of a row that is there already, in both databases' words; empty where there is none. */
  readonly conflict: string;
  readonly items: (commit: Commit) => readonly Item[];
}

type Columns<Item> = Record<string, [ColumnType, Value<Item>]>;

function table<Item>(
  name: string,
  items: (commit: Commit) => readonly Item[],
  columns: Columns<Item>,
  key: readonly string[] | null = null,
  once: readonly string[] = [],
): Table {
  return {
    name,
    columns: Object.entries(columns).map(([column, [type, value]]) => ({ name: column, type, value })),
    conflict: key === null ? "" : replacing(key, Object.keys(columns), once),
    items,
  } satisfies Table<Item> as Table;
}

/** A row of the same key is replaced, but for what is written once. */
function replacing(key: readonly string[], columns: readonly string[], once: readonly string[]): string {
  const replaced = columns.filter((column) => !key.includes(column) && !once.includes(column));
  return `ON CONFLICT (${key.join(", ")}) DO UPDATE SET ${replaced.map((one) => `"${one}" = excluded."${one}"`).join(", ")}`;
}

/** The accounts of a commit, each with the number of the event by which it was opened, if it was in this commit. */
function accountsOf({ changes: { accounts, events }, firstEvent }: Commit) {
  const opened = new Map<string | null, bigint>();
  if (accounts.length === 0) return [];
  events.forEach(({ type, account }, i) => {
    if (type === "account.opened") opened.set(account, firstEvent + BigInt(i));
  });
  return accounts.map((account) => ({ account, opened: opened.get(account.address) ?? null }));
}

/** Of the locks that a state or note has: null for nothing, as most have none. */
function lockColumns<Item>(summaryOf: (item: Item) => LockSummary): Columns<Item> {
  return {
    locked: ["numeric", (item) => nonZero(summaryOf(item).locked)?.toString() ?? null],
    locks_expiry: ["bigint", (item) => nonZero(summaryOf(item).locksExpiry)],
    locks_root: ["bytea", (item) => nonZero(summaryOf(item).locksRoot)],
  };
}

function nonZero<Value extends bigint | Hash>(value: Value): Value | null {
  return value === 0n || value === ZERO_HASH ? null : value;
}

/** All that a commit is, table by table. */
export const TABLES: readonly Table[] = [
  table("commits", (commit) => [commit], {
    system: ["bytea", (c) => c.system],
    id: ["bigint", (c) => c.id],
    time: ["bigint", (c) => BigInt(c.time)],
    signature: ["bytea", (c) => c.signature],
    leaves: ["bytea", ({ changes }) => joined([...changes.states, ...changes.notes].map(({ hash }) => hash))],
    event_hashes: ["bytea", ({ journal }) => joined(journal.events)],
    head: ["bytea", ({ journal }) => journal.head],
  }),
  table(
    "accounts",
    accountsOf,
    {
      address: ["bytea", ({ account }) => account.address],
      system: ["bytea", ({ account }) => account.system],
      custody: ["text", ({ account }) => account.custody],
      sealed_key: ["text", ({ account }) => account.sealedKey],
      status: ["text", ({ account }) => account.status],
      opened: ["bigint", ({ opened }) => opened],
    },
    ["system", "address"],
    ["opened"],
  ),
  table(
    "assets",
    ({ changes }) => changes.assets,
    {
      system: ["bytea", (a) => a.system],
      token: ["bytea", (a) => a.token],
      decimals: ["bigint", (a) => BigInt(a.decimals)],
      settings: ["text", (a) => toJson(a.settings)],
      allotment: ["numeric", (a) => a.allotment.toString()],
      credit_limit: ["numeric", (a) => a.limit.toString()],
      liabilities: ["numeric", (a) => a.liabilities.toString()],
      fees: ["text", (a) => toJson(a.fees)],
      limits: ["text", (a) => toJson(a.limits)],
      paused: ["text", (a) => a.paused],
      lost: ["bigint", (a) => a.lost],
    },
    ["system", "token"],
  ),
  table(
    "channels",
    ({ channelRows }) => channelRows.channels,
    {
      id: ["bytea", (c) => c.id],
      system: ["bytea", (c) => c.key.system],
      user: ["bytea", (c) => c.key.user],
      token: ["bytea", (c) => c.key.token],
      epoch: ["bigint", (c) => c.key.epoch],
      status: ["text", (c) => c.status],
      funds: ["text", (c) => (c.funds === NO_FUNDS ? null : toJson(c.funds))],
      pending: ["text", (c) => c.pending && toJson(c.pending)],
      closing: ["text", (c) => c.closing && toJson(c.closing)],
      frozen: ["text", (c) => c.freeze && toJson(c.freeze)],
      outgoing: ["text", (c) => firstPageText(c.outgoing)],
      incoming: ["text", (c) => firstPageText(c.incoming)],
    },
    ["id"],
  ),
  table(
    "lock_pages",
    ({ channelRows }) => channelRows.lockPages,
    {
      channel: ["bytea", (p) => p.channel],
      side: ["text", (p) => p.side],
      page: ["bigint", (p) => BigInt(p.page)],
      locks: ["text", (p) => locksText(p.locks)],
    },
    ["channel", "side", "page"],
  ),
  table("states", ({ changes }) => changes.states, {
    channel: ["bytea", ({ state }) => state.channelId],
    version: ["bigint", ({ state }) => state.version],
    net: ["numeric", ({ state }) => state.net.toString()],
    note_seq: ["bigint", ({ state }) => state.noteSeq],
    note_credited: ["numeric", ({ state }) => state.noteCredited.toString()],
    ...lockColumns(({ state }: CompletedState) => state),
    memo: ["bytea", ({ state }) => state.memo],
    operations: ["text", ({ operations }) => toJson(operations)],
    user_signature: ["bytea", ({ signature }) => signature],
    commit_id: ["bigint", (_, __, commit) => commit.id],
    leaf: ["bigint", (_, i) => BigInt(i)],
    first_event: ["bigint", (_, i, { firstEvent, origins }) => firstEvent + BigInt(origins.states[i]!.first)],
    event_count: ["bigint", (_, i, { origins }) => BigInt(origins.states[i]!.count)],
  }),
  table("notes", ({ changes }) => changes.notes, {
    channel: ["bytea", ({ note }) => note.channelId],
    seq: ["bigint", ({ note }) => note.seq],
    credited: ["numeric", ({ note }) => note.credited.toString()],
    ...lockColumns(({ note }: IssuedNote) => note),
    memo: ["bytea", ({ note }) => note.memo],
    operations: ["text", ({ operations }) => toJson(operations)],
    commit_id: ["bigint", (_, __, commit) => commit.id],
    leaf: ["bigint", (_, i, { changes }) => BigInt(changes.states.length + i)],
    first_event: ["bigint", (_, i, { firstEvent, origins }) => firstEvent + BigInt(origins.notes[i]!.first)],
    event_count: ["bigint", (_, i, { origins }) => BigInt(origins.notes[i]!.count)],
  }),
  table("consents", ({ changes }) => changes.consents, {
    hash: ["bytea", (c) => c.hash],
    kind: ["text", (c) => c.kind],
    message: ["text", (c) => toJson(c.message)],
    user_signature: ["bytea", (c) => c.signature],
    system_signature: ["bytea", (c, i, { consents }) => consents[i] ?? fail("store_corrupt", { hash: c.hash })],
    commit_id: ["bigint", (_, __, commit) => commit.id],
  }),
  table(
    "htlcs",
    ({ changes }) => changes.htlcs,
    {
      payer: ["bytea", (h) => h.payer],
      version: ["bigint", (h) => h.version],
      outgoing_index: ["bigint", (h) => h.outgoing.index],
      outgoing: ["text", (h) => toJson(h.outgoing)],
      payee: ["bytea", (h) => h.payee],
      incoming: ["text", (h) => toJson(h.incoming)],
      status: ["text", (h) => h.status],
      returned_in: ["bigint", (h) => h.returnedIn],
      over: ["bigint", (h) => (h.over ? 1n : 0n)],
    },
    ["payer", "version", "outgoing_index"],
  ),
  table(
    "preimages",
    ({ changes }) => changes.preimages,
    {
      system: ["bytea", (_, __, commit) => commit.system],
      hash: ["bytea", (p) => p.hash],
      preimage: ["bytea", (p) => p.preimage],
      registered_at: ["bigint", (p) => p.registeredAt],
    },
    ["system", "hash"],
  ),
  table(
    "account_terms",
    ({ changes }) => changes.terms,
    {
      system: ["bytea", (t) => t.system],
      token: ["bytea", (t) => t.token],
      account: ["bytea", (t) => t.account],
      fees_waived: ["bigint", (t) => (t.feesWaived ? 1n : 0n)],
      limits: ["text", (t) => t.limits && toJson(t.limits)],
    },
    ["system", "token", "account"],
  ),
  table(
    "day_totals",
    ({ changes }) => changes.dayTotals,
    {
      system: ["bytea", (s) => s.system],
      token: ["bytea", (s) => s.token],
      account: ["bytea", (s) => s.account],
      day: ["bigint", (s) => s.day],
      amount: ["numeric", (s) => s.amount.toString()],
    },
    ["system", "token", "account"],
  ),
  table(
    "invoices",
    ({ changes }) => changes.invoices,
    {
      system: ["bytea", (i) => i.system],
      hash: ["bytea", ({ invoice }) => invoice.hash],
      account: ["bytea", ({ invoice }) => invoice.account],
      token: ["bytea", ({ invoice }) => invoice.token],
      amount: ["numeric", ({ invoice }) => invoice.amount.toString()],
      expiry: ["bigint", ({ invoice }) => invoice.expiry],
      memo: ["bytea", ({ invoice }) => invoice.memo],
      signature: ["bytea", (i) => i.signature],
      sealed_preimage: ["text", (i) => i.sealedPreimage],
      hold: ["bigint", (i) => (i.hold ? 1n : 0n)],
      status: ["text", (i) => i.status],
      created_at: ["bigint", (i) => i.createdAt],
      over: ["bigint", (i) => (i.over ? 1n : 0n)],
    },
    ["system", "hash"],
  ),
  table(
    "refunds",
    ({ changes }) => changes.refundables,
    {
      system: ["bytea", (r) => r.system],
      payment: ["bytea", (r) => r.payment],
      payee: ["bytea", (r) => ledgerAccountHex(r.payee)],
      amount: ["numeric", (r) => r.refunded.toString()],
    },
    ["system", "payment", "payee"],
  ),
  table("events", ({ changes }) => changes.events, {
    system: ["bytea", (_, __, commit) => commit.system],
    number: ["bigint", (_, i, commit) => commit.firstEvent + BigInt(i)],
    commit_id: ["bigint", (_, __, commit) => commit.id],
    time: ["bigint", (_, __, commit) => BigInt(commit.time)],
    type: ["text", (e) => e.type],
    account: ["bytea", (e) => e.account && ledgerAccountHex(e.account)],
    counterparty: ["bytea", (e) => e.counterparty && ledgerAccountHex(e.counterparty)],
    party: ["bytea", (e) => e.party],
    token: ["bytea", (e) => e.token],
    amount: ["numeric", (e) => (e.amount === null ? null : e.amount.toString())],
    reference: ["bytea", (e) => nonZero(e.reference)],
    data: ["text", (_, i, { journal }) => journal.data[i]!],
    listed: ["bigint", (_, i, { origins }) => (origins.isFound[i] === true ? 0n : 1n)],
  }),
  table("replies", ({ replies }) => replies, {
    system: ["bytea", (_, __, commit) => commit.system],
    key: ["text", (r) => r.key],
    fingerprint: ["bytea", (r) => r.fingerprint],
    reply: ["text", (r) => r.reply],
    time: ["bigint", (_, __, commit) => BigInt(commit.time)],
    commit_id: ["bigint", (_, __, commit) => commit.id],
  }),
  table(
    "spending",
    ({ spent }) => spent,
    {
      system: ["bytea", (_, __, commit) => commit.system],
      key_id: ["text", (s) => s.key],
      token: ["bytea", (s) => s.token],
      seconds: ["bigint", (s) => BigInt(s.seconds)],
      start: ["bigint", (s) => s.start],
      amount: ["numeric", (s) => s.amount.toString()],
    },
    ["system", "key_id", "token", "seconds"],
  ),
];
