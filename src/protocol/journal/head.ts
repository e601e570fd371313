import { Buffer } from "buffer";

import { toJson } from "../json";
import { keccak, keccakText } from "../primitives";
import type { Address, Hash } from "../types";
import { writeHex } from "../writeHex";
import { textWith, type JournalEvent } from "./event";

export type { JournalEvent };

// The hash chain over a system's log: whoever knows the head of a commit knows every event up to it (docs/protocol/liabilities.md).

/** A commit in the chain. */
export interface JournalCommit {
  /** From 1 on, without gaps. */
  readonly id: bigint;
  /** Of its events, in their order. */
  readonly events: readonly Hash[];
}

/** The one text of an event that the chain is made over: the JSON of an array of its fields. */
export function eventText(event: JournalEvent): string {
  return textWith(event, toJson(event.data));
}

/** keccak256 of the event's text. */
export function eventHash(event: JournalEvent): Hash {
  return keccakText(eventText(event));
}

/** The head before a system's first commit. */
export function journalStart(system: Address): Hash {
  return keccakText(`Starledger journal of ${system}`);
}

/** The head after a commit: `keccak256(head before ‖ uint64 id ‖ hashes of its events)`. */
export function journalHead(before: Hash, { id, events }: JournalCommit): Hash {
  const bytes = Buffer.alloc(32 + 8 + 32 * events.length);
  writeHex(before, 32, bytes, 0);
  bytes.writeBigUInt64BE(id, 32);
  events.forEach((hash, i) => writeHex(hash, 32, bytes, 40 + 32 * i));
  return keccak(bytes);
}
