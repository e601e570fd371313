import type { HostedInvoice, Htlc, KnownPreimage } from "../engine";
import { fromHex, type Address, type ChannelId, type Hash } from "../protocol";
import { selectInvoices, type InvoiceQuery } from "./invoices";
import type { Query } from "./query";
import { htlcOf, invoiceOf, preimageOf } from "./rows";

/** Invoices and conditional transfers, over or not. */
export class Payments {
  constructor(private readonly query: Query) {}

  async invoice(system: Address, hash: Hash): Promise<HostedInvoice | undefined> {
    const sql = "SELECT * FROM invoices WHERE system = $1 AND hash = $2";
    const [row] = await this.query(sql, fromHex(system), fromHex(hash));
    return row && invoiceOf(row);
  }

  /** By the time when they were made. */
  async invoices(system: Address, query: InvoiceQuery): Promise<HostedInvoice[]> {
    const { sql, values } = selectInvoices(system, query);
    return (await this.query(sql, ...values)).map(invoiceOf);
  }

  /** The conditional transfers that one state of the payer began, over or not. */
  async htlcs(payer: ChannelId, version: bigint): Promise<Htlc[]> {
    const sql = "SELECT * FROM htlcs WHERE payer = $1 AND version = $2";
    return (await this.query(sql, fromHex(payer), version)).map(htlcOf);
  }

  /** Those under one hash, over or not, that the payer has ever begun. */
  async htlcsFor(payer: ChannelId, hash: Hash): Promise<Htlc[]> {
    const sql = "SELECT * FROM htlcs WHERE payer = $1 AND outgoing LIKE $2 ORDER BY version DESC";
    return (await this.query(sql, fromHex(payer), `%"${hash}"%`)).map(htlcOf);
  }

  async preimage(system: Address, hash: Hash): Promise<KnownPreimage | undefined> {
    const sql = "SELECT * FROM preimages WHERE system = $1 AND hash = $2";
    const [row] = await this.query(sql, fromHex(system), fromHex(hash));
    return row && preimageOf(row);
  }
}
