import { fromHex, type Address, type ChannelId, type Hash } from "../protocol";
import { hex, type Query } from "./query";

const PORTION = 500;
/** By it the primary key finds an account of whichever system. */
const ANY_SYSTEM = "system IN (SELECT system FROM leases)";

/** Which system an account, a channel or an invoice belongs to, whoever leads it. */
export class Whereabouts {
  constructor(private readonly query: Query) {}

  async ofAccount(account: Address): Promise<Address | undefined> {
    const [row] = await this.query(
      `SELECT system FROM accounts WHERE ${ANY_SYSTEM} AND address = $1`,
      fromHex(account),
    );
    return row && (hex(row["system"]) as Address);
  }

  /** Those of these that are accounts. */
  async ofAccounts(accounts: readonly Address[]): Promise<Map<string, Address>> {
    const found = new Map<string, Address>();
    for (const some of portions(accounts)) {
      const places = some.map((_, i) => `$${i + 1}`).join(", ");
      const sql = `SELECT address, system FROM accounts WHERE ${ANY_SYSTEM} AND address IN (${places})`;
      for (const row of await this.query(sql, ...some.map((one) => fromHex(one)))) {
        found.set(hex(row["address"]), hex(row["system"]) as Address);
      }
    }
    return found;
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

  /** The same of many subjects, with the system that each is to be given to. */
  async placeAll(wanted: ReadonlyMap<string, Address>): Promise<Map<string, Address>> {
    const placed = new Map<string, Address>();
    for (const some of portions([...wanted])) {
      const rows = some.map((_, i) => `($${2 * i + 1}, $${2 * i + 2})`).join(", ");
      const given = some.flatMap(([subject, system]) => [subject, fromHex(system)]);
      await this.query(
        `INSERT INTO placements (subject, system) VALUES ${rows} ON CONFLICT (subject) DO NOTHING`,
        ...given,
      );
      const places = some.map((_, i) => `$${i + 1}`).join(", ");
      const sql = `SELECT subject, system FROM placements WHERE subject IN (${places})`;
      for (const row of await this.query(sql, ...some.map(([subject]) => subject))) {
        placed.set(row["subject"] as string, hex(row["system"]) as Address);
      }
    }
    return placed;
  }

  /** The system that `subject` was given to. */
  async placeOf(subject: string): Promise<Address | undefined> {
    const [row] = await this.query("SELECT system FROM placements WHERE subject = $1", subject);
    return row && (hex(row["system"]) as Address);
  }
}

/** As many at once as a statement takes. */
function portions<T>(all: readonly T[]): (readonly T[])[] {
  const count = Math.ceil(all.length / PORTION);
  return Array.from({ length: count }, (_, i) => all.slice(i * PORTION, (i + 1) * PORTION));
}
