import { SiweMessage } from "siwe";

import { fail } from "../../../errors";
import { recover, textDigest, toAddress, type Address, type Signature } from "../../../protocol";

/** What a sign-in must say. */
export interface Expected {
  /** Hosts that users may sign in for. */
  readonly domains: readonly string[];
  readonly chainIds: readonly bigint[];
  readonly isNonce: (nonce: string) => boolean;
  /** Unix milliseconds. */
  readonly now: number;
}

/**
 * Reads a message of EIP-4361 by its grammar, and checks what it says and that its account's own key signed it. Contract
 * wallets (ERC-1271) cannot sign in.
 * @throws invalid_sign_in, wrong_signer, invalid_signature
 */
export function checkSignIn(
  text: string,
  signature: Signature,
  expected: Expected,
): { readonly account: Address; readonly nonce: string } {
  const message = parsed(text);
  const { domain, uri, chainId, nonce, expirationTime, notBefore } = message;
  const account = toAddress(message.address);
  const require = (field: string, holds: boolean, got: unknown) => holds || fail("invalid_sign_in", { field, got });
  require("domain", expected.domains.includes(domain), domain);
  require("uri", URL.canParse(uri) && new URL(uri).host === domain, uri);
  require("chainId", expected.chainIds.includes(BigInt(chainId)), chainId);
  require("nonce", expected.isNonce(nonce), nonce);
  require("expirationTime", !(Date.parse(expirationTime ?? "") <= expected.now), expirationTime);
  require("notBefore", !(Date.parse(notBefore ?? "") > expected.now), notBefore);
  const signer = recover(textDigest(text), signature);
  if (signer !== account) fail("wrong_signer", { got: signer, want: account });
  return { account, nonce };
}

function parsed(text: string): SiweMessage {
  try {
    return new SiweMessage(text);
  } catch {
    return fail("invalid_sign_in", { field: "message" });
  }
}
