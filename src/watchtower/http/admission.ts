import type { FastifyRequest } from "fastify";

import { fail } from "../../errors";
import { recover, textDigest, type Address } from "../../protocol";
import { decodeTowerPass, towerPassMessage } from "../../wire";

/** Milliseconds that a pass is good for, and that clocks may differ by. */
const LIFETIME = 7 * 86_400_000;
const SKEW = 300_000;

/**
 * Who calls: the account that signed the pass that the call carries, for this tower, lately. Nothing is kept of it.
 * @param url where the tower is reached
 * @param now Unix milliseconds
 * @throws unauthorized
 */
export function callerOf({ headers }: FastifyRequest, url: string, now: number): Address {
  const token = /^Bearer ([A-Za-z0-9+/=]{1,2048})$/.exec(headers.authorization ?? "")?.[1];
  const pass = token === undefined ? undefined : decodeTowerPass(token);
  if (pass === undefined) return fail("unauthorized", { want: "a pass of the account" });
  const issued = Date.parse(pass.issuedAt);
  if (issued > now + SKEW || issued + LIFETIME < now) return fail("unauthorized", { issuedAt: pass.issuedAt });
  const signer = recover(textDigest(towerPassMessage(url, pass)), pass.signature);
  return signer === pass.account ? signer : fail("unauthorized", { signer, want: pass.account, url });
}
