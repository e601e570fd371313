import { fail } from "../../errors";
import { decodeInvoice, type Address, type Hash } from "../../protocol";
import type { Client, InvoiceStatus } from "../../sdk";
import { dateOf } from "../dates";
import { withOwnAccount, type OwnOptions } from "../ownAccount";
import { assetOf, type Asset, type Session } from "../session";
import { shown, type Shown } from "../shown";
import { facts } from "../tables";

/** What an invoice of one's own asks for. */
export interface OwnTerms {
  readonly account: Address;
  readonly token: Address | undefined;
  /** In whole tokens. */
  readonly amount: string;
  /** Seconds. */
  readonly lifetime: bigint;
  readonly memo: Hash | undefined;
  readonly hold: boolean;
}

// Invoices with a key of the caller's own. An amount's decimals are those of the chain.

/** Asks to be paid; the wallet claims what is promised whenever it is used, or looked at. */
export function createOwn(session: Session, own: OwnOptions, terms: OwnTerms): Promise<Shown> {
  return withOwnAccount(session, own, async (client) => {
    if (client.account !== terms.account) fail("wrong_signer", { got: client.account, want: terms.account });
    const token = terms.token ?? (await session.asset(undefined)).token;
    const asset = await assetHeld(client, token);
    const { lifetime, memo, hold } = terms;
    const order = { token, amount: asset.parse(terms.amount), lifetime, hold, ...(memo && { memo }) };
    const { text } = await client.invoice(order);
    return describe(asset, text, await client.invoiceStatus(text));
  });
}

/** Pays; with `wait`, says what became of it. */
export function payOwn(
  session: Session,
  own: OwnOptions,
  { text, from, maxFee, wait }: { text: string; from: Address; maxFee: string | undefined; wait: boolean },
): Promise<Shown> {
  return withOwnAccount(session, own, async (client) => {
    if (client.account !== from) fail("wrong_signer", { got: client.account, want: from });
    const asset = await assetHeld(client, decodeInvoice(text).invoice.token);
    await client.payInvoice(text, maxFee === undefined ? 0n : asset.parse(maxFee));
    if (wait) await client.outcome(text);
    return describe(asset, text, await client.invoiceStatus(text));
  });
}

/** Shows an invoice as of now, claiming what is promised under it; with `wait`, when it is over. */
export function showOwn(session: Session, own: OwnOptions, text: string, wait: boolean): Promise<Shown> {
  return withOwnAccount(session, own, async (client) => {
    const signed = decodeInvoice(text);
    const { token } = signed.invoice;
    await client.sync(token);
    const { role } = await client.invoiceStatus(signed);
    if (wait) await (role === "payer" ? client.outcome(signed) : client.paid(signed));
    return describe(await assetHeld(client, token), text, await client.invoiceStatus(signed));
  });
}

/** Gives up what is promised under a hold invoice. */
export function cancelOwn(session: Session, own: OwnOptions, text: string): Promise<Shown> {
  return withOwnAccount(session, own, async (client) => {
    const signed = decodeInvoice(text);
    await client.sync(signed.invoice.token);
    await client.cancel(signed);
    return describe(await assetHeld(client, signed.invoice.token), text, await client.invoiceStatus(signed));
  });
}

async function assetHeld(client: Client, token: Address): Promise<Asset> {
  return assetOf(await client.balance(token));
}

function describe(asset: Asset, text: string, status: InvoiceStatus): Shown {
  const { hash, amount, account, expiry, token } = decodeInvoice(text).invoice;
  const data = { hash, ...status, account, token, amount, decimals: asset.decimals, expiry, text };
  return shown(data, () =>
    facts({
      Invoice: hash,
      Status: status.status,
      Amount: `${asset.format(amount)} of ${token}`,
      To: account,
      Until: dateOf(expiry),
      Preimage: "preimage" in status ? status.preimage : undefined,
      Text: status.role === "payee" ? text : undefined,
    }),
  );
}
