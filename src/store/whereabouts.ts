import { fromHex, type Address, type ChannelId, type Hash } from "../protocol";
import { hex, type Query } from "./query";

/** Which system an account, a channel or an invoice belongs to, whoever leads it. */
export class Whereabouts {
  constructor(private readonly query: Query) {}

  async ofAccount(account: Address): Promise<Address | undefined> {
    const [row] = await this.query("SELECT system FROM accounts WHERE address = $1", fromHex(account));
    return row && (hex(row["system"]) as Address);
  }

  async ofChannel(id: ChannelId): Promise<Address | undefined> {
    const [row] = await this.query("SELECT system FROM channels WHERE id = $1", fromHex(id));
    return row && (hex(row["system"]) as Address);
  }

  /** Of a hosted account. */
  async ofInvoice(hash: Hash): Promise<Address | undefined> {
    const [row] = await this.query("SELECT system FROM invoices WHERE hash = $1", fromHex(hash));
    return row && (hex(row["system"]) as Address);
  }

  /** Where somebody is promised money under the hash, or a preimage of it is known. */
  async ofHash(hash: Hash): Promise<Address | undefined> {
    const sql = `SELECT c.system FROM htlcs h JOIN channels c ON c.id = h.payer WHERE h.over = 0 AND h.outgoing LIKE $1
      UNION SELECT system FROM preimages WHERE hash = $2`;
    const [row] = await this.query(sql, `%"${hash}"%`, fromHex(hash));
    return row && (hex(row["system"]) as Address);
  }

  /** The systems that list the token. */
  async listing(token: Address): Promise<Address[]> {
    const rows = await this.query("SELECT system FROM assets WHERE token = $1 ORDER BY system", fromHex(token));
    return rows.map((row) => hex(row["system"]) as Address);
  }

  /** The system that `subject` was given to first: this one, unless it was given to another before. */
  async place(subject: string, system: Address): Promise<Address> {
    const sql = "INSERT INTO placements (subject, system) VALUES ($1, $2) ON CONFLICT (subject) DO NOTHING";
    await this.query(sql, subject, fromHex(system));
    return (await this.placeOf(subject)) ?? system;
  }

  /** The system that `subject` was given to. */
  async placeOf(subject: string): Promise<Address | undefined> {
    const [row] = await this.query("SELECT system FROM placements WHERE subject = $1", subject);
    return row && (hex(row["system"]) as Address);
  }
}
