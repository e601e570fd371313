import { fail } from "../errors";
import { digest } from "./domain";
import { hashInvoice, type Invoice, type SignedInvoice } from "./invoice";
import { recover } from "./signature";
import type { Address, Hash } from "./types";

/** What a payer asks its own system to bring to an account of another one (section 8); amounts in base units. */
export type LockOrder =
  /** The payment of an invoice: its payee has the preimage. */
  | { readonly type: "invoice"; readonly signed: SignedInvoice }
  /** A direct transfer: the system makes the preimage. `nonce` tells one from the next. */
  | {
      readonly type: "transfer";
      readonly to: Address;
      readonly amount: bigint;
      readonly reference: Hash;
      readonly nonce: Hash;
    };

/** Money that goes back to an account of another system, which has paid under the hash `payment`. */
export interface RefundOrder {
  readonly type: "refund";
  readonly to: Address;
  readonly amount: bigint;
  readonly payment: Hash;
  readonly reference: Hash;
}

export type RouteOrder = LockOrder | RefundOrder;

/** A system's word that what its router gets by this invoice it brings to whom an order names: its memo says whom. */
export type Route = SignedInvoice;

/** What is to reach the payee: the invoice that it signed or, of what needs none, would have signed. */
export function onwardInvoice(order: RouteOrder, token: Address, { hash, expiry }: Invoice): Invoice {
  if (order.type === "invoice") return order.signed.invoice;
  const { to: account, amount, reference: memo } = order;
  return { hash: order.type === "refund" ? order.payment : hash, amount, token, expiry, account, memo };
}

/**
 * Whether a route is for what was ordered, no more and no less.
 * @returns who signed it: that is to be a signer of the system's
 * @throws wrong_route, invalid_signature, invalid_hex, out_of_range
 */
export function checkRoute(separator: Hash, order: RouteOrder, token: Address, { invoice, signature }: Route): Address {
  const onward = onwardInvoice(order, token, invoice);
  const memo = hashInvoice(onward);
  if (invoice.memo !== memo) fail("wrong_route", { field: "memo", got: invoice.memo, want: memo });
  for (const field of ["hash", "amount", "token"] as const) {
    const [got, want] = [invoice[field], onward[field]];
    if (got !== want) fail("wrong_route", { field, got, want });
  }
  if (onward.token !== token) fail("wrong_route", { field: "token", got: onward.token, want: token });
  return recover(digest(separator, hashInvoice(invoice)), signature);
}
