import {
  addressOf,
  channelId,
  digest,
  domainSeparator,
  emptyState,
  hashInvoice,
  hashNote,
  hashState,
  keccakText,
  nextState,
  sign,
  ZERO_HASH,
  type Domain,
  type Hex,
  type Note,
} from "../../src/protocol";
import type { StoreRecord } from "../../src/sdk";

// Real messages of one channel, which the decoders' own are made of.

const KEYS = { user: `0x${"11".repeat(32)}`, system: `0x${"22".repeat(32)}` } as const satisfies Record<string, Hex>;

export const DOMAIN: Domain = { chainId: 31_337n, hub: addressOf(`0x${"33".repeat(32)}`) };
export const [USER, SYSTEM] = [addressOf(KEYS.user), addressOf(KEYS.system)];
export const TOKEN = addressOf(`0x${"44".repeat(32)}`);
export const KEY = { system: SYSTEM, user: USER, token: TOKEN, epoch: 0n };
export const ID = channelId(KEY);

const SEPARATOR = domainSeparator(DOMAIN);
const signed = (hash: ReturnType<typeof hashState>, by: keyof typeof KEYS) => sign(digest(SEPARATOR, hash), KEYS[by]);

const note: Note = {
  ...{ channelId: ID, seq: 1n, credited: 1_000n, locked: 0n, locksExpiry: 0n, locksRoot: ZERO_HASH },
  memo: keccakText("note"),
};
const operations = [
  { type: "fold", seq: 1n, credited: 1_000n } as const,
  { type: "pay", to: SYSTEM, amount: 30n, reference: keccakText("order") } as const,
];
const state = nextState(emptyState(ID), operations);

export const HELD = { note, locks: [], signed: { signature: signed(hashNote(note), "system"), proof: [] } };
export const PROPOSAL = { state, operations, locks: [], signature: signed(hashState(state), "user") };
export const COMPLETED = {
  ...PROPOSAL,
  systemSignature: { signature: signed(hashState(state), "system"), proof: [keccakText("other leaf")] },
};

const invoice = {
  ...{ hash: keccakText("hash"), amount: 250n, token: TOKEN, expiry: 1_800_000_000n, account: USER },
  memo: keccakText("memo"),
};
export const INVOICE = { invoice, signature: signed(hashInvoice(invoice), "user") };

export const RECORDS: readonly StoreRecord[] = [
  { type: "opened", channelId: ID, key: KEY, domain: DOMAIN, time: 1n },
  { type: "received", channelId: ID, held: HELD, time: 2n },
  { type: "proposed", channelId: ID, proposal: PROPOSAL, time: 3n },
  { type: "completed", channelId: ID, completed: COMPLETED, time: 4n },
  { type: "invoiced", channelId: ID, own: { ...INVOICE, preimage: keccakText("preimage"), hold: false }, time: 5n },
  { type: "closing", channelId: ID, time: 6n },
  { type: "named", name: "bob@star.example", account: SYSTEM, time: 7n },
];
