import { Buffer } from "buffer";

import { fail } from "../errors";
import { recoverKey } from "./crypto";
import { keccakBytes } from "./primitives";
import type { Hash, Signature } from "./types";
import { isWritten, writeHex } from "./writeHex";

// Signatures as bytes, as threads hand them to each other.

const HALF_ORDER = Buffer.from("7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0", "hex");

/** Of a digest and the signature on it, one after the other. */
export const SIGNED_BYTES = 32 + 65;

/**
 * Writes a digest and the signature on it.
 * @throws invalid_signature unless it is 65 bytes; invalid_hex
 */
export function writeSigned(digest: Hash, signature: Signature, into: Uint8Array, at = 0): void {
  writeHex(digest, 32, into, at);
  if (!isWritten(signature, 65, into, at + 32)) fail("invalid_signature", { got: signature });
}

/** The 20 bytes of the address whose key signed; null for a signature with a high `s`, of another `v`, or of no key. */
export function recoverFrom(signed: Buffer): Buffer | null {
  const v = signed[96];
  if ((v !== 27 && v !== 28) || signed.compare(HALF_ORDER, 0, 32, 64, 96) > 0) return null;
  try {
    return addressBytes(recoverKey(signed.subarray(0, 32), signed.subarray(32, 96), v - 27));
  } catch {
    return null;
  }
}

/** The address of an uncompressed public key. */
export function addressBytes(key: Buffer): Buffer {
  return Buffer.from(keccakBytes(key.subarray(1))).subarray(12);
}
