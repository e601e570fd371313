import { fail } from "../../../../src/errors";
import { decodeInvoice, toAddress, type Address, type SignedInvoice } from "../../../../src/protocol";
import { parseRequest, type Client, type PaymentRequest } from "../../../../src/sdk/browser";

/** Whom somebody is about to pay, as the payer named it. */
export type Target =
  | { readonly kind: "invoice"; readonly text: string; readonly signed: SignedInvoice }
  | { readonly kind: "request"; readonly request: Pick<PaymentRequest, "to" | "token" | "amount" | "reference"> }
  | { readonly kind: "account"; readonly to: Address; readonly name: string | undefined };

/**
 * Reads what was pasted: an invoice or the link to its page, a link of another wallet, an address, or a name.
 * @throws invalid_invoice, invalid_input, wrong_chain, and what {@link Client.resolve} throws
 */
export async function readTarget(pasted: string, client: Client): Promise<Target> {
  const text = pasted.trim();
  const invoice = /(?:^|\/pay\/)(sl1[a-z0-9]+)$/i.exec(text)?.[1]?.toLowerCase();
  if (invoice !== undefined) return { kind: "invoice", text: invoice, signed: decodeInvoice(invoice) };
  if (text.startsWith("starledger:")) return { kind: "request", request: requestFor(client, parseRequest(text)) };
  if (/^0x/i.test(text)) return { kind: "account", to: toAddress(text), name: undefined };
  const [name = "", host = location.host] = text.split("@");
  const full = `${name}@${host}` as const;
  return { kind: "account", to: await client.resolve(full), name: full };
}

function requestFor({ domain, system }: Client, request: PaymentRequest): PaymentRequest {
  const got = `${request.domain.chainId} ${request.domain.hub} ${request.system}`;
  const want = `${domain.chainId} ${domain.hub} ${system}`;
  return got === want ? request : fail("wrong_chain", { got, want });
}
