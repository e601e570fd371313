import { fail } from "../../errors";
import { encodeInvoice, type Address, type Hash, type SignedInvoice } from "../../protocol";
import type { PaymentOutcome } from "../wallet/locks";
import { readInvoice, statusOf, type InvoiceStatus } from "./invoices";
import { Session } from "./session";

/** Invoices of the account's own, and those that it pays (section 7). */
export class ConditionalPayments extends Session {
  /**
   * Asks to be paid once, conditionally: whoever pays gets the preimage as receipt, or the money back when it expires. Its
   * `text` is what to show, or to put into a QR code.
   * @param terms.lifetime seconds; an hour unless given
   * @param terms.hold claim the money only by {@link reveal}
   * @throws invalid_amount
   */
  async invoice(terms: { token: Address; amount: bigint; lifetime?: bigint; memo?: Hash; hold?: boolean }) {
    const { token, lifetime = 3_600n, ...rest } = terms;
    const expiry = this.setting.now() + lifetime;
    const signed = await this.using(token, ({ wallet }) => wallet.invoice({ ...rest, expiry }));
    return { ...signed, text: encodeInvoice(signed) };
  }

  /**
   * Pays an invoice: locks its amount, and what the system charges, until the payee claims it or it comes back; what became of
   * it, {@link outcome} tells.
   * @param invoice as it was signed, or its text
   * @param maxFee what the system may charge at most, in base units
   * @throws invalid_invoice, wrong_signer, invalid_signature, unknown_asset, hash_used, invoice_closed, bad_expiry,
   * fee_too_high, and what {@link pay} throws
   */
  payInvoice(invoice: SignedInvoice | string, maxFee = 0n): Promise<void> {
    const signed = readInvoice(invoice);
    return this.using(signed.invoice.token, ({ wallet }) => wallet.payInvoice(signed, 0n, maxFee));
  }

  /**
   * Resolves when what this account pays for an invoice has reached its payee, with the preimage as receipt, or is back; after
   * a restart too.
   * @param invoice as it was signed, or its text
   * @throws unknown_invoice if this account does not pay it; stopped when `signal` or {@link stop} ends the waiting
   */
  async outcome(invoice: SignedInvoice | string, signal?: AbortSignal): Promise<PaymentOutcome> {
    const signed = readInvoice(invoice);
    const { token, hash } = signed.invoice;
    for await (const changed of this.changed(token, signal)) {
      const { wallet } = await this.channels.look(changed);
      const status = statusOf(wallet, signed, this.setting.now());
      if (status.role === "payee") fail("unknown_invoice", { hash });
      if (status.status !== "locked") return wallet.outcomeOf(hash)!;
    }
    return fail("stopped", { hash });
  }

  /**
   * What became of an invoice that this account made or pays, by its own records: {@link sync} brings them up to date.
   * @param invoice as it was signed, or its text
   * @throws invalid_invoice, unknown_invoice, unknown_asset, chain_unreachable
   */
  async invoiceStatus(invoice: SignedInvoice | string): Promise<InvoiceStatus> {
    const signed = readInvoice(invoice);
    const { wallet } = await this.channels.look(signed.invoice.token);
    return statusOf(wallet, signed, this.setting.now());
  }

  /**
   * Resolves when an invoice of this account is paid, and its money is part of the balance.
   * @throws lock_expired when it can no longer be paid; stopped when `signal` or {@link stop} ends the waiting
   */
  async paid({ invoice }: SignedInvoice, signal?: AbortSignal): Promise<void> {
    const { token, hash, expiry } = invoice;
    for await (const changed of this.changed(token, signal)) {
      const { wallet } = await this.channels.look(changed);
      if (wallet.isPaid(hash)) return;
      const isPromised = wallet.incoming.some((lock) => lock.hash === hash);
      if (!isPromised && this.setting.now() > expiry) fail("lock_expired", { hash, expiry });
    }
    fail("stopped", { hash });
  }

  /**
   * Claims what is promised under a hold invoice.
   * @throws unknown_lock, lock_expired, and what the service refuses with
   */
  reveal({ invoice }: SignedInvoice): Promise<void> {
    return this.using(invoice.token, ({ wallet }) => wallet.reveal(invoice.hash));
  }

  /**
   * Gives up what is promised under a hold invoice: the payer gets it back at once.
   * @throws unknown_lock
   */
  cancel({ invoice }: SignedInvoice): Promise<void> {
    return this.using(invoice.token, ({ wallet }) => wallet.cancel(invoice.hash));
  }
}
