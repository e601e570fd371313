import * as z from "zod";

import { signInMessage, type Signature, type SignIn } from "../protocol";
import { address, signature, unsigned } from "./values";

const NONCE = /^[a-zA-Z0-9]{8,64}$/;

/** What lets an account in at a watchtower: a sign-in (EIP-4361) that it has signed, complete in itself. */
export const towerPass = z.strictObject({
  account: address,
  chainId: unsigned,
  nonce: z.string().regex(NONCE),
  issuedAt: z.iso.datetime(),
  signature,
});

export type TowerPass = z.output<typeof towerPass>;

/** What the account signs to be let in at `url`. */
export function towerPassMessage(
  url: string,
  { account, chainId, nonce, issuedAt }: Pick<TowerPass, "account" | "chainId" | "nonce" | "issuedAt">,
): string {
  const { host: domain, href: uri } = new URL(url);
  const signIn: SignIn = { domain, uri, account, chainId, nonce, issuedAt: new Date(issuedAt) };
  return signInMessage(signIn);
}

/** As calls carry it: a bearer token. */
export function encodeTowerPass(pass: Omit<TowerPass, "signature"> & { readonly signature: Signature }): string {
  return btoa(JSON.stringify(z.encode(towerPass, pass)));
}

/** @returns undefined for what is none */
export function decodeTowerPass(token: string): TowerPass | undefined {
  try {
    return towerPass.parse(JSON.parse(atob(token)));
  } catch {
    return undefined;
  }
}
