import { hashOfPreimage, positiveAmount, ZERO_HASH, type Hash, type SignedInvoice } from "../../protocol";
import type { Core } from "./core";

/** What U asks to be paid; amount in base units, expiry in Unix seconds. */
export interface InvoiceTerms {
  readonly amount: bigint;
  readonly expiry: bigint;
  readonly memo?: Hash;
  /** Give the preimage only when told to, not as soon as the money is promised. */
  readonly hold?: boolean;
}

/** Signs an invoice; the preimage that claims it is stored first. */
export async function makeInvoice(core: Core, terms: InvoiceTerms): Promise<SignedInvoice> {
  const { amount, expiry, memo = ZERO_HASH, hold = false } = terms;
  const preimage = core.randomHash();
  const { token, user: account } = core.options.channel;
  const invoice = { hash: hashOfPreimage(preimage), amount: positiveAmount(amount), token, expiry, account, memo };
  const signature = await core.sign({ type: "Invoice", value: invoice });
  const signed = { invoice, signature };
  await core.memory.record({ type: "invoiced", own: { ...signed, preimage, hold } });
  return signed;
}
