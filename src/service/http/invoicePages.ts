import type { HostedInvoice, InvoiceStatus } from "../../engine";
import type { Hash } from "../../protocol";
import type { AccountService } from "../accountService";
import { readPage, refuseCursor, type Page } from "./pages";
import type { RecordQuery } from "./records";

/** A page of a system's invoices, newest first. */
export function pageOfInvoices(
  service: AccountService,
  query: RecordQuery & { readonly status?: InvoiceStatus | undefined },
): Promise<Page<HostedInvoice>> {
  const { account, token, status } = query;
  return readPage(query, keyOf, ({ key, direction, limit }) =>
    service.payments.invoices({
      ...{ account, token, status, limit, now: service.time },
      order: direction === "on" ? "descending" : "ascending",
      beyond: key === null ? undefined : placeOf(key),
    }),
  );
}

function keyOf({ createdAt, invoice }: HostedInvoice): string {
  return `${createdAt}x${invoice.hash.slice(2)}`;
}

function placeOf(key: string) {
  const [, time, hash] = /^([0-9]{1,18})x([0-9a-f]{64})$/.exec(key) ?? refuseCursor();
  return { createdAt: BigInt(time!), hash: `0x${hash}` as Hash };
}
