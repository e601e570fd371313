import { Buffer } from "buffer";

import { keccak, keccakText } from "./primitives";
import type { Address, Hash } from "./types";

/** What a user states when it signs in (EIP-4361). */
export interface SignIn {
  /** Host, and port where it is not the scheme's own, of whom it signs in to. */
  readonly domain: string;
  readonly uri: string;
  readonly account: Address;
  readonly chainId: bigint;
  /** As the service gave it. */
  readonly nonce: string;
  readonly issuedAt: Date;
}

/** The message that a user signs to sign in, as EIP-4361 writes it. */
export function signInMessage({ domain, uri, account, chainId, nonce, issuedAt }: SignIn): string {
  return [
    `${domain} wants you to sign in with your Ethereum account:`,
    checksummed(account),
    "",
    "Sign in to Starledger.",
    "",
    `URI: ${uri}`,
    "Version: 1",
    `Chain ID: ${chainId}`,
    `Nonce: ${nonce}`,
    `Issued At: ${issuedAt.toISOString()}`,
  ].join("\n");
}

/** What is signed of a text that a person reads (EIP-191, version 0x45): no struct of the protocol has such a digest. */
export function textDigest(text: string): Hash {
  const bytes = Buffer.from(text);
  return keccak(Buffer.concat([Buffer.from(`\x19Ethereum Signed Message:\n${bytes.length}`), bytes]));
}

/** An address in the capitals of EIP-55. */
export function checksummed(address: Address): string {
  const digits = address.slice(2);
  const hash = keccakText(digits).slice(2);
  const capital = (digit: string, i: number) => (Number.parseInt(hash[i]!, 16) >= 8 ? digit.toUpperCase() : digit);
  return `0x${Array.from(digits, capital).join("")}`;
}
