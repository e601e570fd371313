import { addressOf, sign, type Address, type Domain, type Hash, type Hex, type Signature } from "../protocol";

/** What a digest stands for. Whoever holds the key may look at it, and refuse. */
export type Purpose =
  | {
      readonly kind: "message";
      readonly domain: Domain;
      /** The message's name in section 3 of the protocol. */
      readonly type: string;
      readonly value: object;
    }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "transaction"; readonly unsigned: Hex };

/** A key that signs, wherever it is. What it returns is by itself, and not malleable. */
export interface Key {
  readonly address: Address;
  /** @throws signer_unavailable, signer_refused */
  sign(digest: Hash, purpose: Purpose): Promise<Signature>;
  /**
   * Whether it could sign now.
   * @throws signer_unavailable; signer_refused if it is another key by now
   */
  requireReady(): Promise<void>;
}

/**
 * A key in this process.
 * @param privateKey 32 bytes
 */
export function localKey(privateKey: Hex): Key {
  return {
    address: addressOf(privateKey),
    sign: (digest) => Promise.resolve(sign(digest, privateKey)),
    requireReady: () => Promise.resolve(),
  };
}
