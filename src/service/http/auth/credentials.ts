import { createHash, timingSafeEqual } from "node:crypto";

/** What is kept of a secret text. */
export function digestOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

/** Digests are compared, in constant time: neither content nor length of the text shows. */
export function isTextOf(digest: Uint8Array, text: string): boolean {
  return timingSafeEqual(digestOf(text), digest);
}
