import { secp256k1 } from "@noble/curves/secp256k1";
import { keccak_256 } from "@noble/hashes/sha3";
import { Buffer } from "buffer";

// As `crypto.ts`, without native code.

export function keccakBytes(bytes: Buffer): Uint8Array {
  return keccak_256(bytes);
}

export function signRecoverably(digest: Buffer, privateKey: Buffer): { signature: Buffer; recovery: number } {
  const signed = secp256k1.sign(digest, privateKey, { lowS: true });
  return { signature: Buffer.from(signed.toCompactRawBytes()), recovery: signed.recovery };
}

export function recoverKey(digest: Buffer, signature: Buffer, recovery: number): Buffer {
  const signed = secp256k1.Signature.fromCompact(signature).addRecoveryBit(recovery);
  return Buffer.from(signed.recoverPublicKey(digest).toRawBytes(false));
}

export function publicKeyOf(privateKey: Buffer): Buffer {
  return Buffer.from(secp256k1.getPublicKey(privateKey, false));
}
