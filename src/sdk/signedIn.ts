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

/** A user's session: signed in for when it is first needed, and again when it has ended. */
export class UserSession {
  private token: Promise<string> | undefined;

  /** @param enter gets a bearer token */
  constructor(private readonly enter: () => Promise<string>) {}

  /** Its bearer token. */
  current(): Promise<string> {
    return (this.token ??= this.enter().catch((error: unknown) => {
      this.token = undefined;
      throw error;
    }));
  }

  /** Signs in anew, once for all who were refused with the same token. */
  async after(refused: Promise<string> | undefined = this.token): Promise<string> {
    if (this.token === refused) this.token = undefined;
    return await this.current();
  }
}

/** The same calls, made as the user of a session. */
export function signedIn(calls: HttpCalls, session: UserSession): HttpCalls {
  return async (call) => {
    const used = session.current();
    try {
      return await calls({ ...call, token: await used });
    } catch (error) {
      if (!(error instanceof StarledgerError && error.code === "unauthorized")) throw error;
      return await calls({ ...call, token: await session.after(used) });
    }
  };
}

/** Signs in at a service (EIP-4361), for a bearer token. */
export async function signIn(
  calls: HttpCalls,
  url: string,
  { account, chainId, sign }: SignInOptions,
): Promise<string> {
  const { nonce } = await calls({ path: "/v1/sign-in/nonce", answer: signInNonce, body: {} });
  const { host: domain, href: uri } = new URL(url);
  const message = signInMessage({ domain, uri, account, chainId, nonce, issuedAt: new Date() });
  const signature = await sign(textDigest(message), message);
  const body = z.encode(signInRequest, { message, signature });
  return (await calls({ path: "/v1/sign-in", answer: session, body })).token;
}
