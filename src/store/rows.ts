import {
  type Account,
  type AccountStatus,
  type AccountTerms,
  type Asset,
  type Channel,
  type ChannelStatus,
  type Custody,
  type Freeze,
  type HostedInvoice,
  type Htlc,
  type HtlcStatus,
  type InvoiceStatus,
  type KnownPreimage,
  type Leaf,
  type Limits,
  type PauseCause,
  type DayTotal,
} from "../engine";
import {
  NO_FUNDS,
  ZERO_HASH,
  type Address,
  type AssetSettings,
  type ChannelId,
  type Closing,
  type FeeSchedule,
  type Funds,
  type Hash,
  type Lock,
  type Note,
  type Signature,
  type State,
  type Withdrawal,
} from "../protocol";
import { fromJson } from "../protocol/json";
import { hex, integer, nullable, type Row } from "./query";
import type { Texts } from "./rowPages";
import { shared } from "./shared";
import type { StoredReply } from "./commit";
import type { CommitProof, SignedConsent, SignedNote, SignedState } from "./signed";
import { locksIn } from "./lockPages";

export function accountOf(system: Address, [address, custody, status, sealedKey]: Texts): Account {
  return {
    address: address as Address,
    system,
    custody: shared(custody as Custody),
    sealedKey: sealedKey as string | null,
    status: shared(status as AccountStatus),
  };
}

export function assetOf(row: Row): Asset {
  return {
    system: hex(row["system"]) as Address,
    token: hex(row["token"]) as Address,
    decimals: Number(row["decimals"]),
    settings: fromJson(row["settings"] as string) as AssetSettings,
    allotment: integer(row["allotment"]),
    limit: integer(row["credit_limit"]),
    liabilities: integer(row["liabilities"]),
    fees: fromJson(row["fees"] as string) as FeeSchedule,
    limits: fromJson(row["limits"] as string) as Limits,
    paused: row["paused"] as PauseCause | null,
    lost: nullable(row["lost"], integer),
  };
}

/** A channel but for its latest state and note, and most of many locks, which are rows of their own. */
export function channelOf(row: Row): Omit<Channel, "state" | "note"> {
  return {
    id: hex(row["id"]) as ChannelId,
    key: {
      system: shared(hex(row["system"]) as Address),
      user: hex(row["user"]) as Address,
      token: shared(hex(row["token"]) as Address),
      epoch: integer(row["epoch"]),
    },
    status: shared(row["status"] as ChannelStatus),
    funds: row["funds"] === null ? NO_FUNDS : (fromJson(row["funds"] as string) as Funds),
    outgoing: locksOf(row["outgoing"]),
    incoming: locksOf(row["incoming"]),
    pending: row["pending"] === null ? null : (fromJson(row["pending"] as string) as Withdrawal),
    closing: row["closing"] === null ? null : (fromJson(row["closing"] as string) as Closing),
    freeze: nullable(row["frozen"], freezeOf),
  };
}

export function stateOf(row: Row): State {
  return {
    channelId: hex(row["channel"]) as ChannelId,
    version: integer(row["version"]),
    net: integer(row["net"]),
    noteSeq: integer(row["note_seq"]),
    noteCredited: integer(row["note_credited"]),
    ...summaryOf(row),
  };
}

export function noteOf(row: Row): Note {
  return {
    channelId: hex(row["channel"]) as ChannelId,
    seq: integer(row["seq"]),
    credited: integer(row["credited"]),
    ...summaryOf(row),
  };
}

export function htlcOf(row: Row): Htlc {
  return {
    payer: hex(row["payer"]) as ChannelId,
    version: integer(row["version"]),
    outgoing: fromJson(row["outgoing"] as string) as Lock,
    payee: hex(row["payee"]) as ChannelId,
    incoming: fromJson(row["incoming"] as string) as Lock,
    status: row["status"] as HtlcStatus,
    returnedIn: integer(row["returned_in"]),
    over: integer(row["over"]) === 1n,
  };
}

export function preimageOf(row: Row): KnownPreimage {
  return {
    hash: hex(row["hash"]) as Hash,
    preimage: hex(row["preimage"]) as Hash,
    registeredAt: row["registered_at"] === null ? null : integer(row["registered_at"]),
  };
}

export function termsOf(row: Row): AccountTerms {
  return {
    ...ownerOf(row),
    feesWaived: integer(row["fees_waived"]) === 1n,
    limits: row["limits"] === null ? null : (fromJson(row["limits"] as string) as Limits),
  };
}

export function dayTotalOf(row: Row): DayTotal {
  return { ...ownerOf(row), day: integer(row["day"]), amount: integer(row["amount"]) };
}

export function invoiceOf(row: Row): HostedInvoice {
  return {
    system: hex(row["system"]) as Address,
    invoice: {
      hash: hex(row["hash"]) as Hash,
      amount: integer(row["amount"]),
      token: hex(row["token"]) as Address,
      expiry: integer(row["expiry"]),
      account: hex(row["account"]) as Address,
      memo: hex(row["memo"]) as Hash,
    },
    signature: hex(row["signature"]) as Signature,
    sealedPreimage: row["sealed_preimage"] as string,
    hold: integer(row["hold"]) === 1n,
    status: row["status"] as InvoiceStatus,
    createdAt: integer(row["created_at"]),
    over: integer(row["over"]) === 1n,
  };
}

export function signedStateOf(row: Row): SignedState {
  const operations = operationsOf(row) as SignedState["operations"];
  const userSignature = hex(row["user_signature"]) as Signature;
  return { message: stateOf(row), leaf: leafOf(row), operations, userSignature };
}

export function signedNoteOf(row: Row): SignedNote {
  return { message: noteOf(row), leaf: leafOf(row), operations: operationsOf(row) as SignedNote["operations"] };
}

function leafOf(row: Row): Leaf {
  return { commit: integer(row["commit_id"]), index: Number(row["leaf"]) };
}

export function consentOf(row: Row): SignedConsent {
  return {
    kind: row["kind"] as SignedConsent["kind"],
    message: fromJson(row["message"] as string) as Withdrawal | Closing,
    hash: hex(row["hash"]) as Hash,
    signature: hex(row["user_signature"]) as Signature,
    systemSignature: hex(row["system_signature"]) as Signature,
  };
}

export function replyOf(row: Row): StoredReply {
  return {
    system: hex(row["system"]) as Address,
    key: row["key"] as string,
    fingerprint: hex(row["fingerprint"]) as Hash,
    reply: row["reply"] as string,
  };
}

export function proofOf(row: Row): CommitProof {
  const bytes = Buffer.from(row["leaves"] as Uint8Array);
  const leaves = Array.from({ length: bytes.length / 32 }, (_, i) => hex(bytes.subarray(32 * i, 32 * i + 32)) as Hash);
  return { signature: hex(row["signature"]) as Signature, leaves };
}

function operationsOf(row: Row): unknown {
  return nullable(row["operations"], (text) => fromJson(text as string));
}

/** What was frozen by an older program says nothing of losses of data, nor that it is so for good: where it knew of no end, it was. */
function freezeOf(text: unknown): Freeze {
  const kept = fromJson(text as string) as Partial<Freeze> & Omit<Freeze, "lost" | "forGood" | "unread">;
  const { lost = null, unread = false, forGood = kept.until === null && lost === null } = kept;
  return { ...kept, lost, unread, forGood };
}

function ownerOf(row: Row) {
  return {
    system: hex(row["system"]) as Address,
    token: hex(row["token"]) as Address,
    account: hex(row["account"]) as Address,
  };
}

function summaryOf(row: Row) {
  return {
    locked: nullable(row["locked"], integer) ?? 0n,
    locksExpiry: nullable(row["locks_expiry"], integer) ?? 0n,
    locksRoot: rootOf(row["locks_root"]),
    memo: hex(row["memo"]) as Hash,
  };
}

/** Most channels have no locks: what says so is kept once. */
const NO_LOCKS: readonly Lock[] = [];

function locksOf(value: unknown): readonly Lock[] {
  return value === null ? NO_LOCKS : locksIn(value as string);
}

function rootOf(value: unknown): Hash {
  if (value === null) return ZERO_HASH;
  const root = hex(value) as Hash;
  return root === ZERO_HASH ? ZERO_HASH : root;
}
