import { fail } from "../../errors";
import { decodeInvoice, type SignedInvoice } from "../../protocol";
import type { Wallet } from "../wallet";
import type { PaymentOutcome } from "../wallet/locks";

/** What became of an invoice, for whoever made it or paid it. */
export type InvoiceStatus =
  /** `promised`: locked for this account, which has not claimed it yet. */
  | { readonly role: "payee"; readonly status: "open" | "promised" | "settled" | "expired" }
  /** `locked`: the payee has not claimed it yet. */
  | { readonly role: "payer"; readonly status: "locked" }
  | ({ readonly role: "payer" } & PaymentOutcome);

/**
 * Reads an invoice as it was signed, or its text.
 * @throws invalid_invoice
 */
export function readInvoice(invoice: SignedInvoice | string): SignedInvoice {
  return typeof invoice === "string" ? decodeInvoice(invoice) : invoice;
}

/**
 * What a wallet's own records say of an invoice.
 * @throws unknown_invoice if it neither made nor paid it
 */
export function statusOf(wallet: Wallet, { invoice: { hash, expiry } }: SignedInvoice, now: bigint): InvoiceStatus {
  const outcome = wallet.outcomeOf(hash);
  if (outcome !== undefined) return { role: "payer", ...outcome };
  if (wallet.outgoing.some((lock) => lock.hash === hash)) return { role: "payer", status: "locked" };
  if (wallet.invoiceUnder(hash) === undefined) return fail("unknown_invoice", { hash });
  if (wallet.isPaid(hash)) return { role: "payee", status: "settled" };
  if (wallet.incoming.some((lock) => lock.hash === hash)) return { role: "payee", status: "promised" };
  return { role: "payee", status: now > expiry ? "expired" : "open" };
}
