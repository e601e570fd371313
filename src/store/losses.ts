import { fromHex, type Address } from "../protocol";
import { integer, nullable, type Query } from "./query";

/** A loss of data, by both clocks; in Unix seconds. */
export interface Loss {
  /** By the clock of whoever declared it. */
  readonly declared: bigint;
  /** Of the first final block that the system took in after it; null before. */
  readonly seen: bigint | null;
}

/** The last loss of data of each system, declared while it was stopped (S7): it counts for what is listed later, too. */
export class Losses {
  constructor(private readonly query: Query) {}

  /** @param now Unix seconds */
  async declare(system: Address, now: bigint): Promise<void> {
    const sql = `INSERT INTO losses (system, declared) VALUES ($1, $2)
      ON CONFLICT (system) DO UPDATE SET declared = excluded.declared, seen = NULL`;
    await this.query(sql, fromHex(system), now);
  }

  async of(system: Address): Promise<Loss | undefined> {
    const [row] = await this.query("SELECT declared, seen FROM losses WHERE system = $1", fromHex(system));
    return row && { declared: integer(row["declared"]), seen: nullable(row["seen"], integer) };
  }

  /** @param finalTime as {@link Loss.seen} */
  async see(system: Address, finalTime: bigint): Promise<void> {
    await this.query("UPDATE losses SET seen = $2 WHERE system = $1", fromHex(system), finalTime);
  }
}
