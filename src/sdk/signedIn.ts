import * as z from "zod";

import { StarledgerError } from "../errors";
import { signInMessage, textDigest, type Address, type Hash, type Signature } from "../protocol";
import { session, signInNonce, signInRequest } from "../wire";
import type { HttpCalls } from "./httpCalls";

/** Who signs in. */
export interface SignInOptions {
  readonly account: Address;
  readonly chainId: bigint;
  /** Signs a digest, that of `text` (ERC-191), with the account's own key. */
  readonly sign: (digest: Hash, text: string) => Signature | Promise<Signature>;
}

/**
 * The same calls, made as a user who signs in with its key when the first one needs it, and again when its session has
 * ended (EIP-4361).
 */
export function signedIn(calls: HttpCalls, url: string, user: SignInOptions): HttpCalls {
  let token: Promise<string> | undefined;
  const current = () =>
    (token ??= signIn(calls, url, user).catch((error: unknown) => {
      token = undefined;
      throw error;
    }));
  return async (call) => {
    const used = current();
    try {
      return await calls({ ...call, token: await used });
    } catch (error) {
      if (!(error instanceof StarledgerError && error.code === "unauthorized")) throw error;
      // Whoever sees it first signs in for all who call at the same time.
      if (token === used) token = undefined;
      return await calls({ ...call, token: await current() });
    }
  };
}

async function signIn(calls: HttpCalls, url: string, { account, chainId, sign }: SignInOptions): Promise<string> {
  const { nonce } = await calls({ path: "/v1/sign-in/nonce", answer: signInNonce, body: {} });
  const { host: domain, href: uri } = new URL(url);
  const message = signInMessage({ domain, uri, account, chainId, nonce, issuedAt: new Date() });
  const signature = await sign(textDigest(message), message);
  const body = z.encode(signInRequest, { message, signature });
  return (await calls({ path: "/v1/sign-in", answer: session, body })).token;
}
