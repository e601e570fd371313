import { fromHex, type Address, type Hash } from "../protocol";
import { hex, integer, type Query, type Row } from "./query";

/** A refund to a router: what goes back to the payer's system with it. */
export interface Return {
  /** Where it was refunded, and by which event of that log. */
  readonly system: Address;
  readonly number: bigint;
  /** Of the payment. */
  readonly hash: Hash;
  /** The payer's system. */
  readonly source: Address;
  /** Base units. */
  readonly amount: bigint;
  /** The payee's own mark on the refund. */
  readonly mark: Hash;
}

/** Refunds of payments from other systems: noted when the payee has paid them, over when their payers have them. */
export class Returns {
  constructor(private readonly query: Query) {}

  /** Once more changes nothing. */
  async note({ system, number, hash, source, amount, mark }: Return): Promise<void> {
    const sql = `INSERT INTO returns (system, number, hash, source, amount, mark, over)
      VALUES ($1, $2, $3, $4, $5, $6, 0) ON CONFLICT DO NOTHING`;
    const values = [fromHex(hash), fromHex(source), amount.toString(), fromHex(mark)];
    await this.query(sql, fromHex(system), number, ...values);
  }

  /** The event up to which a system's log was looked through; 0 before the first. */
  async last(system: Address): Promise<bigint> {
    const sql = "SELECT max(number) AS number FROM returns WHERE system = $1";
    const [row] = await this.query(sql, fromHex(system));
    return row?.["number"] == null ? 0n : integer(row["number"]);
  }

  /** Those that are on their way to a system, those of one payment in their order. */
  async open(source: Address): Promise<Return[]> {
    const sql = "SELECT * FROM returns WHERE source = $1 AND over = 0 ORDER BY system, number";
    return (await this.query(sql, fromHex(source))).map(returnOf);
  }

  /** Which of the returns of its payment this is, from 1 on. */
  async rank({ hash, number }: Return): Promise<number> {
    const sql = "SELECT count(*) AS count FROM returns WHERE hash = $1 AND number <= $2";
    const [row] = await this.query(sql, fromHex(hash), number);
    return Number(integer(row?.["count"] ?? 0n));
  }

  /** Its payer has it. */
  async end({ system, number }: Return): Promise<void> {
    await this.query("UPDATE returns SET over = 1 WHERE system = $1 AND number = $2", fromHex(system), number);
  }
}

function returnOf(row: Row): Return {
  return {
    system: hex(row["system"]) as Address,
    number: integer(row["number"]),
    hash: hex(row["hash"]) as Hash,
    source: hex(row["source"]) as Address,
    amount: BigInt(row["amount"] as string),
    mark: hex(row["mark"]) as Hash,
  };
}
