import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** The kinds of tokens that the service hands out. */
const PREFIXES = { apiKey: "slk", session: "sls" } as const;

export type TokenKind = keyof typeof PREFIXES;

/** A token that names what it stands for, so that only one digest is to be compared. */
export function makeToken(kind: TokenKind, id: string, secret = randomBytes(32)): string {
  return `${PREFIXES[kind]}_${id}_${secret.toString("base64url")}`;
}

/** The id in a token; undefined if it is none of this kind. */
export function idIn(kind: TokenKind, token: string): string | undefined {
  return new RegExp(`^${PREFIXES[kind]}_([0-9a-f]+)_[\\w-]{43}$`).exec(token)?.[1];
}

/** What is kept of a secret text. */
export function digestOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

/** Digests are compared, in constant time: neither content nor length of the text shows. */
export function isTextOf(digest: Uint8Array, text: string): boolean {
  return timingSafeEqual(digestOf(text), digest);
}
