import { Buffer } from "buffer";

import { fail } from "../errors";
import { publicKeyOf, recoverKey, signRecoverably } from "./crypto";
import { fromHex, keccakBytes, toHex } from "./primitives";
import type { Address, Hash, Hex, Signature } from "./types";

const HALF_ORDER = Buffer.from("7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0", "hex");

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
  const bytes = /^0x[0-9a-f]{130}$/.test(signature)
    ? fromHex(signature)
    : fail("invalid_signature", { got: signature });
  const v = bytes[64];
  const s = bytes.subarray(32, 64);
  if ((v !== 27 && v !== 28) || s.compare(HALF_ORDER) > 0) fail("invalid_signature", { got: signature });
  try {
    return addressOfPublicKey(recoverKey(fromHex(digest), bytes.subarray(0, 64), v - 27));
  } catch {
    return fail("invalid_signature", { got: signature });
  }
}

/** The account of a private key of 32 bytes. */
export function addressOf(privateKey: Hex): Address {
  return addressOfPublicKey(publicKeyOf(fromHex(privateKey)));
}

function addressOfPublicKey(key: Buffer): Address {
  const hash = keccakBytes(key.subarray(1));
  return toHex(hash.subarray(12)) as Address;
}
