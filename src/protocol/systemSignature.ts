import { digest } from "./domain";
import { hashBatch } from "./hashing";
import { batchLeaf, processProof } from "./merkle";
import { recover } from "./signature";
import type { Address, Hash, Hex, SystemSignature } from "./types";

/** As the hub takes it: the signature, then its Merkle proof, 32 bytes per node (section 3). */
export function encodeSystemSignature({ signature, proof }: SystemSignature): Hex {
  return (signature + proof.map((node) => node.slice(2)).join("")) as Hex;
}

/** The digest that S signed for `structHash`: its own, or that of the batch its proof leads to (section 3). */
export function systemDigest(separator: Hash, structHash: Hash, proof: readonly Hash[]): Hash {
  if (proof.length === 0) return digest(separator, structHash);
  return digest(separator, hashBatch(processProof(batchLeaf(structHash), proof)));
}

/**
 * Who signed `structHash` for the system.
 * @throws invalid_signature
 */
export function recoverSystem(separator: Hash, structHash: Hash, signed: SystemSignature): Address {
  return recover(systemDigest(separator, structHash, signed.proof), signed.signature);
}

/** As {@link recoverSystem}, but checks one batch's signature once, however many of its leaves come by. */
export class SystemVerifier {
  /** How many signatures were checked. */
  checked = 0;
  private lastKey = "";
  private lastSigner: Address | undefined;

  constructor(private readonly separator: Hash) {}

  /** @throws invalid_signature */
  recover(structHash: Hash, signed: SystemSignature): Address {
    const signedDigest = systemDigest(this.separator, structHash, signed.proof);
    const key = signedDigest + signed.signature;
    if (key !== this.lastKey || this.lastSigner === undefined) {
      this.lastSigner = recover(signedDigest, signed.signature);
      this.lastKey = key;
      this.checked += 1;
    }
    return this.lastSigner;
  }
}
