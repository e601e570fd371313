import { fail } from "../errors";
import { digest } from "./domain";
import { keccak, keccakText } from "./primitives";
import { recover } from "./signature";
import type { Address, Hash, Signature } from "./types";
import { Words } from "./words";

/** What a payee signs before a conditional payment (section 7, step 1). */
export interface Invoice {
  /** `sha256(preimage)`. */
  readonly hash: Hash;
  /** uint128, base units. */
  readonly amount: bigint;
  readonly token: Address;
  /** uint64, Unix seconds: the payee's lock ends then. */
  readonly expiry: bigint;
  /** The payee. */
  readonly account: Address;
  /** Hash of whatever the payee wants to say. */
  readonly memo: Hash;
}

/** An invoice as the payee hands it to the payer. */
export interface SignedInvoice {
  readonly invoice: Invoice;
  readonly signature: Signature;
}

const INVOICE_TYPEHASH = keccakText(
  "Invoice(bytes32 hash,uint128 amount,address token,uint64 expiry,address account,bytes32 memo)",
);
const invoiceWords = new Words(7, INVOICE_TYPEHASH);

/**
 * EIP-712 struct hash of an invoice.
 * @throws invalid_hex, out_of_range
 */
export function hashInvoice(invoice: Invoice): Hash {
  const words = invoiceWords.start().hash(invoice.hash).uint128(invoice.amount).address(invoice.token);
  return keccak(words.uint64(invoice.expiry).address(invoice.account).hash(invoice.memo).done());
}

/**
 * Whether the payee signed the invoice, and for `token`.
 * @throws invalid_signature, wrong_signer, unknown_asset, invalid_hex, out_of_range
 */
export function checkInvoice(separator: Hash, { invoice, signature }: SignedInvoice, token: Address): void {
  const signer = recover(digest(separator, hashInvoice(invoice)), signature);
  if (signer !== invoice.account) fail("wrong_signer", { got: signer, want: invoice.account });
  if (invoice.token !== token) fail("unknown_asset", { got: invoice.token, want: token });
}
