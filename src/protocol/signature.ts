import { Buffer } from "buffer";

import { fail } from "../errors";
import { publicKeyOf, signRecoverably } from "./crypto";
import { fromHex, toHex } from "./primitives";
import { addressBytes, recoverFrom, SIGNED_BYTES, writeSigned } from "./signedBytes";
import type { Address, Hash, Hex, Signature } from "./types";

/**
 * Signs a digest.
 * @param privateKey 32 bytes
 */
export function sign(digest: Hash, privateKey: Hex): Signature {
  const { signature, recovery } = signRecoverably(fromHex(digest), fromHex(privateKey));
  return `0x${signature.toString("hex")}${recovery === 0 ? "1b" : "1c"}` as Signature;
}

/**
 * The address whose key signed `digest`.
 * @throws invalid_signature unless it is 65 bytes with a low `s`, `v` 27 or 28, and recovers a key
 */
export function recover(digest: Hash, signature: Signature): Address {
  const bytes = Buffer.alloc(SIGNED_BYTES);
  writeSigned(digest, signature, bytes);
  return toHex(recoverFrom(bytes) ?? fail("invalid_signature", { got: signature })) as Address;
}

/** The account of a private key of 32 bytes. */
export function addressOf(privateKey: Hex): Address {
  return toHex(addressBytes(publicKeyOf(fromHex(privateKey)))) as Address;
}
