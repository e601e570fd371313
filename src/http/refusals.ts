import { z } from "zod";

import { ERRORS, StarledgerError, type ErrorCode } from "../errors";
import { problem } from "../wire";
import { problemOf } from "./problems";

/** What may be refused, by what a call is like; the rest is in docs/ERRORS.md. */
interface Call {
  readonly method: string;
  readonly url: string;
  /** Whether it needs a scope. */
  readonly isGuarded: boolean;
}

const PAYS: readonly ErrorCode[] = [
  "insufficient_balance",
  "unknown_account",
  "not_hosted",
  "channel_frozen",
  "account_frozen",
  "limit_exceeded",
  "fee_too_high",
  "budget_exceeded",
];
const CLOSES: readonly ErrorCode[] = ["unknown_channel", "channel_frozen", "withdrawal_pending", "bad_deadline"];

/** Of the calls that move money or sign. */
const OWN: Readonly<Record<string, readonly ErrorCode[]>> = {
  "POST /v1/accounts": ["account_exists", "unknown_asset", "unknown_system"],
  "POST /v1/issuances": ["unknown_account", "unknown_asset", "not_covered", "allotment_exceeded", "channel_frozen"],
  "POST /v1/transfers": [...PAYS, "self_payment", "unknown_alias"],
  "POST /v1/batches": [...PAYS, "self_payment"],
  "POST /v1/redemptions": PAYS,
  "POST /v1/payments": [...PAYS, "invalid_invoice", "invoice_closed", "hash_used", "underpaid", "too_many_locks"],
  "POST /v1/invoices": ["unknown_account", "not_hosted", "unknown_asset", "bad_expiry"],
  "POST /v1/invoices/{hash}/settle": ["unknown_invoice", "invoice_closed", "lock_expired"],
  "POST /v1/invoices/{hash}/cancel": ["unknown_invoice", "invoice_closed"],
  "POST /v1/preimages": ["unknown_lock", "lock_expired", "channel_frozen"],
  "POST /v1/withdrawals": ["insufficient_balance", "bad_withdrawal", ...CLOSES],
  "POST /v1/channels/{id}/closings": ["closing_pending", "state_mismatch", ...CLOSES],
  "POST /v1/channels/{id}/states": ["stale_version", "state_mismatch", "equivocation", "wrong_signer", ...PAYS],
  "POST /v1/sign-in": ["invalid_sign_in"],
};

/** The codes that a call is refused with, those that are its own first. */
export function refusalsOf({ method, url, isGuarded }: Call): readonly ErrorCode[] {
  const path = url.replace(/:(\w+)/g, "{$1}");
  const common: ErrorCode[] = ["invalid_request", ...(isGuarded ? (["unauthorized", "forbidden"] as const) : [])];
  if (method === "POST") common.push("missing_idempotency_key", "idempotency_conflict");
  return [...(OWN[`${method} ${path}`] ?? []), ...common, "rate_limited", "overloaded"];
}

/** The problems as examples of an answer, by their codes. */
export function problemExamples(codes: readonly ErrorCode[]) {
  return Object.fromEntries(
    codes.map((code) => {
      const value = z.encode(problem, problemOf(new StarledgerError(code)));
      return [code, { summary: `${ERRORS[code].status}: ${ERRORS[code].message}`, value }];
    }),
  );
}
