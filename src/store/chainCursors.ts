import { fromHex, type Address, type Hash } from "../protocol";
import { hex, integer, type Query } from "./query";

/** The last final block that was taken in. */
export interface ChainCursor {
  readonly block: number;
  readonly hash: Hash;
}

/** How far each system has taken in the chain. */
export class ChainCursors {
  constructor(private readonly query: Query) {}

  async of(system: Address): Promise<ChainCursor | undefined> {
    const [row] = await this.query("SELECT block, hash FROM chain_cursors WHERE system = $1", fromHex(system));
    return row && { block: Number(integer(row["block"])), hash: hex(row["hash"]) as Hash };
  }

  async keep(system: Address, { block, hash }: ChainCursor): Promise<void> {
    const sql = `INSERT INTO chain_cursors (system, block, hash) VALUES ($1, $2, $3)
      ON CONFLICT (system) DO UPDATE SET block = excluded.block, hash = excluded.hash`;
    await this.query(sql, fromHex(system), BigInt(block), fromHex(hash));
  }
}
