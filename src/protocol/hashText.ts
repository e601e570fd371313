import { Buffer } from "buffer";

import type { Hash } from "./types";

const hash = Buffer.alloc(32);

/** The text of a hash of 32 bytes. */
export function hashText(bytes: Uint8Array): Hash {
  hash.set(bytes);
  return `0x${hash.toString("hex")}` as Hash;
}
