import { fail, StarledgerError } from "../../errors";
import {
  INT128_MAX,
  INT128_MIN,
  toAddress,
  toHash,
  UINT128_MAX,
  UINT64_MAX,
  within,
  type Address,
  type ChannelId,
  type ChannelKey,
  type Hash,
  type Lock,
  type Note,
  type Signature,
  type State,
  type SystemSignature,
} from "../../protocol";

/** One object of an evidence file; every error names the file and the path of the field. */
export interface Reading {
  object(name: string): Reading;
  optional(name: string): Reading | undefined;
  list<T>(name: string, read: (item: Reading) => T): T[];
  hashes(name: string): Hash[];
  hash(name: string): Hash;
  address(name: string): Address;
  uint64(name: string): bigint;
  uint128(name: string): bigint;
  int128(name: string): bigint;
  signature(name: string): Signature;
  systemSignature(name: string): SystemSignature;
}

/** @throws invalid_input naming what is wrong where */
export function reading(file: string, value: unknown, at = ""): Reading {
  const path = (name: string): string => (at === "" ? name : `${at}.${name}`);
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    return fail("invalid_input", { file, field: at, reason: "not an object" });
  }
  const fields = value as Record<string, unknown>;
  const field = <T>(name: string, read: (text: string) => T): T => {
    const got = fields[name];
    try {
      if (typeof got !== "string") throw new Error("not a text");
      return read(got);
    } catch (error) {
      const reason = error instanceof StarledgerError ? error.code : "missing, or not a text";
      return fail("invalid_input", { file, field: path(name), reason });
    }
  };
  const number = (name: string, min: bigint, max: bigint): bigint =>
    field(name, (text) => {
      if (!/^-?\d+n?$/.test(text)) fail("out_of_range", { got: text });
      return within(BigInt(text.replace("n", "")), min, max, name);
    });
  const array = (name: string): unknown[] => {
    const got = fields[name] ?? [];
    return Array.isArray(got) ? got : fail("invalid_input", { file, field: path(name), reason: "not a list" });
  };
  const self: Reading = {
    object: (name) => reading(file, fields[name], path(name)),
    optional: (name) => (fields[name] === undefined ? undefined : self.object(name)),
    list: (name, read) => array(name).map((item, i) => read(reading(file, item, `${path(name)}[${i}]`))),
    hashes: (name) =>
      array(name).map((item, i) => reading(file, { [`${name}[${i}]`]: item }, at).hash(`${name}[${i}]`)),
    hash: (name) => field(name, toHash),
    address: (name) => field(name, toAddress),
    uint64: (name) => number(name, 0n, UINT64_MAX),
    uint128: (name) => number(name, 0n, UINT128_MAX),
    int128: (name) => number(name, INT128_MIN, INT128_MAX),
    signature: (name) => field(name, (text) => text.toLowerCase() as Signature),
    systemSignature: (name) => {
      const signed = self.object(name);
      return { signature: signed.signature("signature"), proof: signed.hashes("proof") };
    },
  };
  return self;
}

export function readChannel(from: Reading): ChannelKey {
  const [system, user, token] = [from.address("system"), from.address("user"), from.address("token")];
  return { system, user, token, epoch: from.uint64("epoch") };
}

/** The id is that of the channel: a state or note of another one has signatures that do not verify. */
export function readState(from: Reading, channelId: ChannelId): State {
  return {
    channelId,
    version: from.uint64("version"),
    net: from.int128("net"),
    noteSeq: from.uint64("noteSeq"),
    noteCredited: from.uint128("noteCredited"),
    ...readLocks(from),
    memo: from.hash("memo"),
  };
}

export function readNote(from: Reading, channelId: ChannelId): Note {
  return {
    channelId,
    seq: from.uint64("seq"),
    credited: from.uint128("credited"),
    ...readLocks(from),
    memo: from.hash("memo"),
  };
}

export function readLock(from: Reading): Lock {
  return {
    index: from.uint64("index"),
    hash: from.hash("hash"),
    amount: from.uint128("amount"),
    expiry: from.uint64("expiry"),
  };
}

function readLocks(from: Reading) {
  return {
    locked: from.uint128("locked"),
    locksExpiry: from.uint64("locksExpiry"),
    locksRoot: from.hash("locksRoot"),
  };
}
