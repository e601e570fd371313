import { fromHex, type Address } from "../protocol";
import { integer, type Query } from "./query";

/** Losses of data that were declared while their systems were stopped (S7): each is carried out before anything else. */
export class Losses {
  constructor(private readonly query: Query) {}

  /** @param now Unix seconds */
  async declare(system: Address, now: bigint): Promise<void> {
    const sql = `INSERT INTO losses (system, declared) VALUES ($1, $2)
      ON CONFLICT (system) DO UPDATE SET declared = excluded.declared`;
    await this.query(sql, fromHex(system), now);
  }

  /** When one was declared that is not carried out, in Unix seconds. */
  async of(system: Address): Promise<bigint | undefined> {
    const [row] = await this.query("SELECT declared FROM losses WHERE system = $1", fromHex(system));
    return row && integer(row["declared"]);
  }

  /** It is carried out. */
  async forget(system: Address): Promise<void> {
    await this.query("DELETE FROM losses WHERE system = $1", fromHex(system));
  }
}
