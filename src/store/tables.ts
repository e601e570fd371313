import { fail } from "../errors";
import { fromHex, NO_FUNDS, ZERO_HASH, type Lock } from "../protocol";
import { toJson } from "../protocol/json";
import { ledgerAccountBytes } from "./eventRows";
import { joined } from "./journal";
import type { Value } from "./query";

import type { Commit } from "./commit";

/** A column's type in PostgreSQL; SQLite's are those of its migrations. */
export type ColumnType = "bytea" | "bigint" | "numeric" | "text";

/** What a commit writes to one table. */
export interface Table {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[];
  /** The primary key, where a row may be there already and is replaced. */
  readonly replacedBy: readonly string[] | null;
  rowsOf(commit: Commit): Value[][];
}

type Columns<Item> = Record<string, [ColumnType, (item: Item, index: number, commit: Commit) => Value]>;

function table<Item>(
  name: string,
  items: (commit: Commit) => readonly Item[],
  columns: Columns<Item>,
  replacedBy: readonly string[] | null = null,
): Table {
  const values = Object.values(columns).map(([, value]) => value);
  return {
    name,
    columns: Object.entries(columns).map(([column, [type]]) => ({ name: column, type })),
    replacedBy,
    rowsOf: (commit) => items(commit).map((item, i) => values.map((value) => value(item, i, commit))),
  };
}

/** Of every channel that never touched the chain. */
export const NO_FUNDS_TEXT = toJson(NO_FUNDS);

/** All that a commit is, table by table. */
export const TABLES: readonly Table[] = [
  table("commits", (commit) => [commit], {
    system: ["bytea", (c) => fromHex(c.system)],
    id: ["bigint", (c) => c.id],
    time: ["bigint", (c) => BigInt(c.time)],
    signature: ["bytea", (c) => c.signature && fromHex(c.signature)],
    leaves: [
      "bytea",
      ({ changes }) => Buffer.concat([...changes.states, ...changes.notes].map(({ hash }) => fromHex(hash))),
    ],
    event_hashes: ["bytea", ({ journal }) => joined(journal.events)],
    head: ["bytea", ({ journal }) => fromHex(journal.head)],
  }),
  table(
    "accounts",
    ({ changes }) => changes.accounts,
    {
      address: ["bytea", (a) => fromHex(a.address)],
      system: ["bytea", (a) => fromHex(a.system)],
      custody: ["text", (a) => a.custody],
      sealed_key: ["text", (a) => a.sealedKey],
      status: ["text", (a) => a.status],
    },
    ["system", "address"],
  ),
  table(
    "assets",
    ({ changes }) => changes.assets,
    {
      system: ["bytea", (a) => fromHex(a.system)],
      token: ["bytea", (a) => fromHex(a.token)],
      decimals: ["bigint", (a) => BigInt(a.decimals)],
      settings: ["text", (a) => toJson(a.settings)],
      allotment: ["numeric", (a) => a.allotment.toString()],
      credit_limit: ["numeric", (a) => a.limit.toString()],
      liabilities: ["numeric", (a) => a.liabilities.toString()],
      fees: ["text", (a) => toJson(a.fees)],
      limits: ["text", (a) => toJson(a.limits)],
      paused: ["text", (a) => a.paused],
    },
    ["system", "token"],
  ),
  table(
    "channels",
    ({ changes }) => changes.channels,
    {
      id: ["bytea", (c) => fromHex(c.id)],
      system: ["bytea", (c) => fromHex(c.key.system)],
      user: ["bytea", (c) => fromHex(c.key.user)],
      token: ["bytea", (c) => fromHex(c.key.token)],
      epoch: ["bigint", (c) => c.key.epoch],
      status: ["text", (c) => c.status],
      funds: ["text", (c) => (c.funds === NO_FUNDS ? NO_FUNDS_TEXT : toJson(c.funds))],
      pending: ["text", (c) => c.pending && toJson(c.pending)],
      closing: ["text", (c) => c.closing && toJson(c.closing)],
      frozen: ["text", (c) => c.freeze && toJson(c.freeze)],
      version: ["bigint", (c) => c.state.version],
      seq: ["bigint", (c) => c.note.seq],
      outgoing: ["text", (c) => locksText(c.outgoing)],
      incoming: ["text", (c) => locksText(c.incoming)],
    },
    ["id"],
  ),
  table("states", ({ changes }) => changes.states, {
    channel: ["bytea", ({ state }) => fromHex(state.channelId)],
    version: ["bigint", ({ state }) => state.version],
    net: ["numeric", ({ state }) => state.net.toString()],
    note_seq: ["bigint", ({ state }) => state.noteSeq],
    note_credited: ["numeric", ({ state }) => state.noteCredited.toString()],
    locked: ["numeric", ({ state }) => state.locked.toString()],
    locks_expiry: ["bigint", ({ state }) => state.locksExpiry],
    locks_root: ["bytea", ({ state }) => fromHex(state.locksRoot)],
    memo: ["bytea", ({ state }) => fromHex(state.memo)],
    operations: ["text", ({ operations }) => toJson(operations)],
    user_signature: ["bytea", ({ signature }) => fromHex(signature)],
    commit_id: ["bigint", (_, __, commit) => commit.id],
    leaf: ["bigint", (_, i) => BigInt(i)],
  }),
  table("notes", ({ changes }) => changes.notes, {
    channel: ["bytea", ({ note }) => fromHex(note.channelId)],
    seq: ["bigint", ({ note }) => note.seq],
    credited: ["numeric", ({ note }) => note.credited.toString()],
    locked: ["numeric", ({ note }) => note.locked.toString()],
    locks_expiry: ["bigint", ({ note }) => note.locksExpiry],
    locks_root: ["bytea", ({ note }) => fromHex(note.locksRoot)],
    memo: ["bytea", ({ note }) => fromHex(note.memo)],
    operations: ["text", ({ operations }) => toJson(operations)],
    commit_id: ["bigint", (_, __, commit) => commit.id],
    leaf: ["bigint", (_, i, { changes }) => BigInt(changes.states.length + i)],
  }),
  table("consents", ({ changes }) => changes.consents, {
    hash: ["bytea", (c) => fromHex(c.hash)],
    kind: ["text", (c) => c.kind],
    message: ["text", (c) => toJson(c.message)],
    user_signature: ["bytea", (c) => fromHex(c.signature)],
    system_signature: [
      "bytea",
      (c, i, { consents }) => fromHex(consents[i] ?? fail("store_corrupt", { hash: c.hash })),
    ],
    commit_id: ["bigint", (_, __, commit) => commit.id],
  }),
  table(
    "htlcs",
    ({ changes }) => changes.htlcs,
    {
      payer: ["bytea", (h) => fromHex(h.payer)],
      version: ["bigint", (h) => h.version],
      outgoing_index: ["bigint", (h) => h.outgoing.index],
      outgoing: ["text", (h) => toJson(h.outgoing)],
      payee: ["bytea", (h) => fromHex(h.payee)],
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
      system: ["bytea", (_, __, commit) => fromHex(commit.system)],
      hash: ["bytea", (p) => fromHex(p.hash)],
      preimage: ["bytea", (p) => fromHex(p.preimage)],
      registered_at: ["bigint", (p) => p.registeredAt],
    },
    ["system", "hash"],
  ),
  table(
    "account_terms",
    ({ changes }) => changes.terms,
    {
      system: ["bytea", (t) => fromHex(t.system)],
      token: ["bytea", (t) => fromHex(t.token)],
      account: ["bytea", (t) => fromHex(t.account)],
      fees_waived: ["bigint", (t) => (t.feesWaived ? 1n : 0n)],
      limits: ["text", (t) => t.limits && toJson(t.limits)],
    },
    ["system", "token", "account"],
  ),
  table(
    "day_totals",
    ({ changes }) => changes.dayTotals,
    {
      system: ["bytea", (s) => fromHex(s.system)],
      token: ["bytea", (s) => fromHex(s.token)],
      account: ["bytea", (s) => fromHex(s.account)],
      day: ["bigint", (s) => s.day],
      amount: ["numeric", (s) => s.amount.toString()],
    },
    ["system", "token", "account"],
  ),
  table(
    "invoices",
    ({ changes }) => changes.invoices,
    {
      system: ["bytea", (i) => fromHex(i.system)],
      hash: ["bytea", ({ invoice }) => fromHex(invoice.hash)],
      account: ["bytea", ({ invoice }) => fromHex(invoice.account)],
      token: ["bytea", ({ invoice }) => fromHex(invoice.token)],
      amount: ["numeric", ({ invoice }) => invoice.amount.toString()],
      expiry: ["bigint", ({ invoice }) => invoice.expiry],
      memo: ["bytea", ({ invoice }) => fromHex(invoice.memo)],
      signature: ["bytea", (i) => fromHex(i.signature)],
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
      system: ["bytea", (r) => fromHex(r.system)],
      payment: ["bytea", (r) => fromHex(r.payment)],
      payee: ["bytea", (r) => ledgerAccountBytes(r.payee)],
      amount: ["numeric", (r) => r.refunded.toString()],
    },
    ["system", "payment", "payee"],
  ),
  table("events", ({ changes }) => changes.events, {
    system: ["bytea", (_, __, commit) => fromHex(commit.system)],
    number: ["bigint", (_, i, commit) => commit.firstEvent + BigInt(i)],
    commit_id: ["bigint", (_, __, commit) => commit.id],
    time: ["bigint", (_, __, commit) => BigInt(commit.time)],
    type: ["text", (e) => e.type],
    account: ["bytea", (e) => e.account && ledgerAccountBytes(e.account)],
    counterparty: ["bytea", (e) => e.counterparty && ledgerAccountBytes(e.counterparty)],
    party: ["bytea", (e) => e.party && fromHex(e.party)],
    token: ["bytea", (e) => e.token && fromHex(e.token)],
    amount: ["numeric", (e) => (e.amount === null ? null : e.amount.toString())],
    reference: ["bytea", (e) => (e.reference === ZERO_HASH ? null : fromHex(e.reference))],
    data: ["text", (e) => toJson(e.data)],
  }),
  table("replies", ({ replies }) => replies, {
    system: ["bytea", (_, __, commit) => fromHex(commit.system)],
    key: ["text", (r) => r.key],
    fingerprint: ["bytea", (r) => fromHex(r.fingerprint)],
    reply: ["text", (r) => r.reply],
    time: ["bigint", (_, __, commit) => BigInt(commit.time)],
    commit_id: ["bigint", (_, __, commit) => commit.id],
  }),
  table(
    "spending",
    ({ spent }) => spent,
    {
      system: ["bytea", (_, __, commit) => fromHex(commit.system)],
      key_id: ["text", (s) => s.key],
      token: ["bytea", (s) => fromHex(s.token)],
      seconds: ["bigint", (s) => BigInt(s.seconds)],
      start: ["bigint", (s) => s.start],
      amount: ["numeric", (s) => s.amount.toString()],
    },
    ["system", "key_id", "token", "seconds"],
  ),
];

/** Null for none: most channels have no locks. */
function locksText(locks: readonly Lock[]): string | null {
  return locks.length === 0 ? null : toJson(locks);
}
