import { fromHex, type Address, type Hash } from "../protocol";
import { hex, integer, type Query } from "./query";

/** The last final block that was taken in. */
export interface ChainCursor {
  readonly block: number;
  readonly hash: Hash;
  /** The last event of the log whose new account was looked up on chain. */
  readonly opened: bigint;
}

/** How far each system has taken in the chain. */
export class ChainCursors {
  constructor(private readonly query: Query) {}

  async of(system: Address): Promise<ChainCursor | undefined> {
    const [row] = await this.query("SELECT * FROM chain_cursors WHERE system = $1", fromHex(system));
    if (row === undefined) return undefined;
    return { block: Number(integer(row["block"])), hash: hex(row["hash"]) as Hash, opened: integer(row["opened"]) };
  }

  /** The chain is taken in from the beginning at the next start. */
  async forget(system: Address): Promise<void> {
    await this.query("DELETE FROM chain_cursors WHERE system = $1", fromHex(system));
  }

  async keep(system: Address, { block, hash, opened }: ChainCursor): Promise<void> {
    const sql = `INSERT INTO chain_cursors (system, block, hash, opened) VALUES ($1, $2, $3, $4)
      ON CONFLICT (system) DO UPDATE SET block = excluded.block, hash = excluded.hash, opened = excluded.opened`;
    await this.query(sql, fromHex(system), BigInt(block), fromHex(hash), opened);
  }
}
