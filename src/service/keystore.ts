import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, scryptSync } from "node:crypto";

import { fail } from "../errors";
import { fromHex, toHex, type Hex } from "../protocol";

const SCRYPT = { N: 2 ** 15, r: 8, p: 1, maxmem: 2 ** 26 };

/**
 * Seals the keys of hosted accounts and the preimages of their invoices: AES-256-GCM under a key that scrypt derives from
 * the operator's secret, with the account or the hash as additional data, so that a secret opens for its own subject only.
 */
export class Keystore {
  private readonly key: Buffer;

  /**
   * @param secret the operator's secret
   * @param salt at least 16 bytes, the same for the life of the store
   */
  constructor(secret: string, salt: Hex) {
    this.key = scryptSync(secret, fromHex(salt), 32, SCRYPT);
  }

  /** A secret for one purpose alone, 32 bytes; the same for the life of the keystore. */
  derive(purpose: string): Buffer {
    return Buffer.from(hkdfSync("sha256", this.key, "", purpose, 32));
  }

  /** Encrypts a secret of `subject`. */
  seal(subject: Hex, secret: Hex): string {
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", this.key, nonce).setAAD(fromHex(subject));
    const body = Buffer.concat([cipher.update(fromHex(secret)), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64");
  }

  /**
   * Decrypts what {@link seal} made.
   * @throws wrong_secret
   */
  open(subject: Hex, sealed: string): Hex {
    const bytes = Buffer.from(sealed, "base64");
    try {
      const decipher = createDecipheriv("aes-256-gcm", this.key, bytes.subarray(0, 12)).setAAD(fromHex(subject));
      decipher.setAuthTag(bytes.subarray(12, 28));
      return toHex(Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]));
    } catch {
      return fail("wrong_secret", { subject });
    }
  }
}
