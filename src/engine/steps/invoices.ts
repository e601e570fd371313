import { fail } from "../../errors";
import { checkExpiry, type Address, type Hash, type SignedInvoice } from "../../protocol";
import type { CommandOf, Context } from "../commands";
import { fact, type EventData, type EventType, type NewEvent } from "../events";
import type { HostedInvoice } from "../records";
import { accountIn, assetIn, openChannelOf, type Changes, type LedgerView } from "../view";

/**
 * Keeps an invoice of a hosted account with its sealed preimage.
 * @throws unknown_account, unknown_channel, channel_frozen, closing_pending, unknown_asset, bad_expiry, hash_used
 */
export function addInvoice(view: LedgerView, command: CommandOf<"addInvoice">, { now, locks }: Context): Changes {
  const { system, invoice } = command.invoice;
  const { hash, account, token, amount, expiry } = invoice;
  openChannelOf(view, accountIn(view, account), token);
  checkExpiry(expiry + locks.margin, assetIn(view, system, token).settings, now);
  if (view.invoice(hash) !== undefined || view.preimage(hash) !== undefined) fail("hash_used", { hash });
  const kept = { ...command.invoice, status: "open", createdAt: now, over: false } as const;
  return { invoices: [kept], events: [about("invoice.created", kept, { amount, expiry, hold: kept.hold })] };
}

/**
 * Takes an invoice back that nobody has paid. Once more changes nothing.
 * @throws unknown_invoice, invoice_closed
 */
export function cancelInvoice(view: LedgerView, { hash }: CommandOf<"cancelInvoice">): Changes {
  const invoice = view.invoice(hash) ?? fail("unknown_invoice", { hash });
  if (invoice.status === "cancelled") return {};
  if (invoice.status !== "open") fail("invoice_closed", { hash, status: invoice.status });
  return { invoices: [{ ...invoice, status: "cancelled" }], events: [about("invoice.cancelled", invoice, {})] };
}

/** What nobody can pay any more is over; a cancelled invoice is kept till then, so that it is not paid. */
export function expireInvoices(view: LedgerView, _: CommandOf<"expireInvoices">, { now }: Context): Changes {
  const ended = [...view.openInvoices()].filter(({ status, invoice }) => status !== "held" && invoice.expiry <= now);
  return {
    invoices: ended.map((one) => ({ ...one, status: one.status === "open" ? "expired" : one.status, over: true })),
    events: ended.filter(({ status }) => status === "open").map((one) => about("invoice.expired", one, {})),
  };
}

/**
 * The invoice that a lock for `payee` pays, if the service keeps it.
 * @throws invoice_closed, underpaid
 */
export function payableInvoice(
  view: LedgerView,
  payee: Address,
  { hash, amount }: { readonly hash: Hash; readonly amount: bigint },
  now: bigint,
): HostedInvoice | undefined {
  const kept = view.invoice(hash);
  if (kept?.invoice.account !== payee) return undefined;
  if (kept.status !== "open") fail("invoice_closed", { hash, status: kept.status });
  if (now >= kept.invoice.expiry) fail("invoice_closed", { hash, status: "expired" });
  if (amount < kept.invoice.amount) fail("underpaid", { got: amount, want: kept.invoice.amount });
  return kept;
}

function about<Type extends EventType>(type: Type, { invoice }: SignedInvoice, data: EventData[Type]): NewEvent {
  const { account, token, hash: reference } = invoice;
  return fact(type, data, { account, token, reference });
}
