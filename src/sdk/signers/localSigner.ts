import { Buffer } from "buffer";

import { toHex, type Hex } from "../../protocol";
import { localKey } from "../../signer/key";
import { keySigner } from "./keySigner";
import type { Signer } from "./signer";

/** A new private key, of 32 bytes of the platform's randomness. Who has it has the money: nothing else can bring it back. */
export function newKey(): Hex {
  return toHex(Buffer.from(crypto.getRandomValues(new Uint8Array(32))));
}

/**
 * The signer of a key that this process holds.
 * @param privateKey 32 bytes
 */
export function localSigner(privateKey: Hex): Signer {
  return keySigner(localKey(privateKey));
}
