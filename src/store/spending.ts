import { fromHex, type Address } from "../protocol";
import { hex, integer, type Query } from "./query";

/** How much a key has moved in one of its periods. */
export interface Spent {
  readonly key: string;
  readonly token: Address;
  /** The period's length. */
  readonly seconds: number;
  /** Unix seconds: when the period began. */
  readonly start: bigint;
  readonly amount: bigint;
}

/** What keys have moved; it is written with the commits that move it. */
export class Spending {
  constructor(private readonly query: Query) {}

  async of(system: Address, key: string): Promise<Spent[]> {
    const rows = await this.query("SELECT * FROM spending WHERE system = $1 AND key_id = $2", fromHex(system), key);
    return rows.map((row) => ({
      key,
      token: hex(row["token"]) as Address,
      seconds: Number(integer(row["seconds"])),
      start: integer(row["start"]),
      amount: integer(row["amount"]),
    }));
  }
}
