import type { AccountTerms, Channel, DayTotal } from "./records";

/** Whose terms or totals they are. */
export function ownerOf({ system, token, account }: AccountTerms | DayTotal): string {
  return system + token + account;
}

/** What the channel is the current one of. */
export function indexOf({ key }: Channel): string {
  return key.system + key.user + key.token;
}
