import { Buffer } from "buffer";
import createKeccak from "keccak";
import secp256k1 from "secp256k1";

// Hashing and signing by native code. Browsers get `crypto.browser.ts` in its place (see `browser` in package.json), which
// must give the same bytes.

/** What the package computes with, of which it makes one for every hash, inside a stream that costs more than the hash. */
interface Sponge {
  /** Bits. Whatever was absorbed is forgotten. */
  initialize(rate: number, capacity: number): void;
  absorb(bytes: Buffer): void;
  squeeze(length: number): Buffer;
}

const { _state: sponge } = createKeccak("keccak256") as unknown as { readonly _state: Sponge };

let hash = (bytes: Buffer): Uint8Array => {
  sponge.initialize(1088, 512);
  sponge.absorb(bytes);
  return sponge.squeeze(32);
};

export function keccakBytes(bytes: Buffer): Uint8Array {
  return hash(bytes);
}

let compiling: Promise<void> | undefined;

/**
 * Has all hashes of this process made by WebAssembly from then on, in half the time that calls of native code take. It must be
 * compiled first, which is not worth while for few.
 */
export function compileKeccak(): Promise<void> {
  return (compiling ??= compile());
}

async function compile(): Promise<void> {
  const hashes = await import("hash-wasm");
  const compiled = await hashes.createKeccak(256);
  hash = (bytes) => {
    compiled.init();
    compiled.update(bytes);
    return compiled.digest("binary");
  };
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
