import { Buffer } from "buffer";
import createKeccak from "keccak";
import secp256k1 from "secp256k1";

// Hashing and signing by native code. Browsers get `crypto.browser.ts` in its place (see `browser` in package.json), which
// must give the same bytes.

export function keccakBytes(bytes: Buffer): Buffer {
  return createKeccak("keccak256").update(bytes).digest();
}

/** The 64 bytes `r ‖ s` with a low `s` (RFC 6979), and which of the two candidate keys is the signer's. */
export function signRecoverably(digest: Buffer, privateKey: Buffer): { signature: Buffer; recovery: number } {
  const { signature, recid } = secp256k1.ecdsaSign(digest, privateKey);
  return { signature: Buffer.from(signature), recovery: recid };
}

/**
 * The uncompressed key of 65 bytes that signed.
 * @throws Error if there is none
 */
export function recoverKey(digest: Buffer, signature: Buffer, recovery: number): Buffer {
  return Buffer.from(secp256k1.ecdsaRecover(signature, recovery, digest, false));
}

/** The uncompressed public key of 65 bytes. */
export function publicKeyOf(privateKey: Buffer): Buffer {
  return Buffer.from(secp256k1.publicKeyCreate(privateKey, false));
}
