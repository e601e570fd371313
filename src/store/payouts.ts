import type { ItemStatus } from "../chain/outbox";
import { fromHex, type Address, type Hash } from "../protocol";
import { hex, type Query, type Row } from "./query";

/** How a withdrawal is on its way to the chain. */
export interface Payout {
  /** Of the call that carries it, or did last; null before there is one. */
  readonly status: ItemStatus | null;
  /** The newest transaction of that call, or the one that was mined for good. */
  readonly transaction: Hash | null;
  /** The hub's error, where it refused the withdrawal. */
  readonly refused: string | null;
}

/** Which call of the outbox carries which withdrawal, by the withdrawal's struct hash. */
export class Payouts {
  constructor(private readonly query: Query) {}

  /** Says that these wait for a call that carries them, unless one did before. */
  async queue(hashes: readonly Hash[]): Promise<void> {
    const rows = hashes.map((_, i) => `($${i + 1})`).join(", ");
    await this.query(
      `INSERT INTO payouts (hash) VALUES ${rows} ON CONFLICT (hash) DO NOTHING`,
      ...hashes.map((hash) => fromHex(hash)),
    );
  }

  /** Says that the call under the outbox's `key` is going to carry these; what carried them before does not any more. */
  async assign(key: string, hashes: readonly Hash[]): Promise<void> {
    const rows = hashes.map((_, i) => `($${i + 2}, $1)`).join(", ");
    const sql = `INSERT INTO payouts (hash, item) VALUES ${rows} ON CONFLICT (hash) DO UPDATE SET item = excluded.item`;
    await this.query(sql, key, ...hashes.map((hash) => fromHex(hash)));
  }

  /** Those that calls under way of a sender carry. */
  async underWay(sender: Address): Promise<Set<Hash>> {
    const sql = `SELECT p.hash FROM payouts p JOIN outbox o ON o.key = p.item
      WHERE o.sender = $1 AND o.status IN ('waiting', 'sent')`;
    return new Set((await this.query(sql, fromHex(sender))).map((row) => hex(row["hash"]) as Hash));
  }

  async carriedBy(key: string): Promise<Hash[]> {
    return (await this.query("SELECT hash FROM payouts WHERE item = $1", key)).map((row) => hex(row["hash"]) as Hash);
  }

  /** Keeps why the hub refused one, if `transaction` is of the call that carries it. */
  async refuse(hash: Hash, transaction: Hash, reason: string): Promise<void> {
    const sql = `UPDATE payouts SET refused = $3 WHERE hash = $1 AND EXISTS (SELECT 1 FROM outbox o
      JOIN outbox_attempts a ON a.item = o.id WHERE o.key = payouts.item AND a.hash = $2)`;
    await this.query(sql, fromHex(hash), fromHex(transaction), reason);
  }

  /** Those of `hashes` that are queued, or were. */
  async of(hashes: readonly Hash[]): Promise<Map<Hash, Payout>> {
    if (hashes.length === 0) return new Map();
    const places = hashes.map((_, i) => `$${i + 1}`).join(", ");
    const sql = `SELECT p.hash, p.refused, o.status, o.mined, (SELECT a.hash FROM outbox_attempts a
      WHERE a.item = o.id ORDER BY a.number DESC LIMIT 1) AS newest
      FROM payouts p LEFT JOIN outbox o ON o.key = p.item WHERE p.hash IN (${places})`;
    const rows = await this.query(sql, ...hashes.map((hash) => fromHex(hash)));
    return new Map(rows.map((row) => [hex(row["hash"]) as Hash, payoutOf(row)]));
  }
}

function payoutOf(row: Row): Payout {
  const transaction = row["mined"] ?? row["newest"];
  return {
    status: row["status"] as ItemStatus | null,
    transaction: transaction === null ? null : (hex(transaction) as Hash),
    refused: row["refused"] as string | null,
  };
}
