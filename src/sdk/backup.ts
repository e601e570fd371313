import { xchacha20poly1305 } from "@noble/ciphers/chacha";
import { scryptAsync } from "@noble/hashes/scrypt";
import { Buffer } from "buffer";

import { fail } from "../errors";
import { fromJson, toJson, type ChannelId } from "../protocol";
import type { Store, StoreRecord } from "./store";
import { isRecord } from "./stores/isOf";

// A backup is one file: a header in one line of JSON, which is authenticated, then the records, encrypted.

const FORMAT = "starledger-backup";
/** What scrypt costs: about a second, and 128 MiB. */
const COST = { N: 2 ** 17, r: 8, p: 1 };
const LARGEST_COST = 2 ** 20;

interface Header {
  readonly format: string;
  readonly version: number;
  readonly scrypt: { readonly N: number; readonly r: number; readonly p: number; readonly salt: string };
  readonly nonce: string;
}

/** All records of a store, encrypted with a passphrase (scrypt, XChaCha20-Poly1305). It holds no private key. */
export async function backUp(store: Store, passphrase: string): Promise<Uint8Array> {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const nonce = crypto.getRandomValues(new Uint8Array(24));
  const scrypt = { ...COST, salt: Buffer.from(salt).toString("hex") };
  const header: Header = { format: FORMAT, version: 1, scrypt, nonce: Buffer.from(nonce).toString("hex") };
  const line = Buffer.from(`${JSON.stringify(header)}\n`);
  const cipher = xchacha20poly1305(await keyOf(passphrase, header), nonce, line);
  const records = await store.all();
  return Buffer.concat([line, cipher.encrypt(Buffer.from(toJson(records)))]);
}

/**
 * Fills an empty store from a backup. What was signed after the backup was made is missing in it: its wallets close humbly
 * for good (U3), and sign and believe nothing before they have begun anew with the service, after a challenge period (S7).
 * @throws wrong_passphrase, invalid_input if it is no backup, store_locked, store_failed if the store is not empty
 */
export async function restore(store: Store, backup: Uint8Array, passphrase: string): Promise<void> {
  const unlock = await store.lock();
  try {
    if ((await store.all()).length > 0) fail("store_failed", { reason: "a backup is restored into an empty store" });
    const records = await open(backup, passphrase);
    const time = BigInt(Math.floor(Date.now() / 1000));
    for (const record of records) await store.append(record);
    for (const id of channelsOf(records)) await store.append({ type: "restored", channelId: id, time });
  } finally {
    await unlock();
  }
}

async function open(backup: Uint8Array, passphrase: string): Promise<readonly StoreRecord[]> {
  const end = backup.indexOf(0x0a) + 1;
  const line = Buffer.from(backup.subarray(0, end));
  const header = readHeader(line.toString());
  const cipher = xchacha20poly1305(await keyOf(passphrase, header), Buffer.from(header.nonce, "hex"), line);
  try {
    const records = fromJson(Buffer.from(cipher.decrypt(backup.subarray(end))).toString());
    if (Array.isArray(records) && records.every(isRecord)) return records;
  } catch {
    return fail("wrong_passphrase");
  }
  return fail("invalid_input", { reason: "not the records of a store" });
}

/** @throws invalid_input */
function readHeader(line: string): Header {
  try {
    const header = JSON.parse(line) as Header;
    const { N, r, p, salt } = header.scrypt;
    const isKnown = header.format === FORMAT && header.version === 1 && /^[0-9a-f]{48}$/.test(header.nonce);
    // Whoever made the file cannot keep the reader busy for ever.
    const isBearable =
      Number.isInteger(Math.log2(N)) &&
      N > 1 &&
      N <= LARGEST_COST &&
      r === COST.r &&
      p === COST.p &&
      /^[0-9a-f]{32}$/.test(salt);
    if (isKnown && isBearable) return header;
  } catch {
    // Whatever else it is, it is no backup.
  }
  return fail("invalid_input", { reason: "not a backup that this version can read" });
}

function keyOf(passphrase: string, { scrypt: { N, r, p, salt } }: Header): Promise<Uint8Array> {
  return scryptAsync(passphrase.normalize("NFKC"), Buffer.from(salt, "hex"), { N, r, p, dkLen: 32, maxmem: 2 ** 31 });
}

function channelsOf(records: readonly StoreRecord[]): Set<ChannelId> {
  return new Set(records.flatMap((record) => ("channelId" in record ? [record.channelId] : [])));
}
