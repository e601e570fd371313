import type { Attempt, Call, Ended, Item, ItemStatus, ItemStore } from "../chain/outbox";
import { fromHex, type Address, type Hash } from "../protocol";
import { fromJson, toJson } from "../protocol/json";
import { hex, integer, type Query, type Row } from "./query";

/** The calls of an outbox; those that are over stay, so that nothing is asked for twice. */
export class OutboxItems implements ItemStore {
  constructor(private readonly query: Query) {}

  async add(sender: Address, key: string, call: Call): Promise<Item> {
    const sql = `INSERT INTO outbox (sender, key, call, status) VALUES ($1, $2, $3, 'waiting')
      ON CONFLICT (key) DO UPDATE SET key = excluded.key RETURNING *`;
    const [row] = await this.query(sql, fromHex(sender), key, toJson(call));
    return await this.whole(row!);
  }

  async find(key: string): Promise<Item | undefined> {
    const [row] = await this.query("SELECT * FROM outbox WHERE key = $1", key);
    return row && (await this.whole(row));
  }

  async open(sender: Address): Promise<Item[]> {
    const bytes = fromHex(sender);
    const underWay = "sender = $1 AND status IN ('waiting', 'sent')";
    const rows = await this.query(`SELECT * FROM outbox WHERE ${underWay} ORDER BY id`, bytes);
    const attempts = await this.query(
      `SELECT a.* FROM outbox_attempts a JOIN outbox o ON o.id = a.item WHERE ${underWay} ORDER BY a.item, a.number`,
      bytes,
    );
    const byItem = new Map<bigint, Attempt[]>();
    for (const row of attempts) {
      const item = integer(row["item"]);
      byItem.set(item, [...(byItem.get(item) ?? []), attemptOf(row)]);
    }
    return rows.map((row) => itemOf(row, byItem.get(integer(row["id"])) ?? []));
  }

  async nextNonce(sender: Address): Promise<number> {
    const [row] = await this.query("SELECT max(nonce) AS last FROM outbox WHERE sender = $1", fromHex(sender));
    return row?.["last"] == null ? 0 : Number(integer(row["last"])) + 1;
  }

  async assign({ id, sender }: Item, nonce: number, gasLimit: bigint): Promise<boolean> {
    const sql = `UPDATE outbox SET nonce = $3, gas_limit = $4, status = 'sent'
      WHERE id = $1 AND status = 'waiting' AND NOT EXISTS (SELECT 1 FROM outbox WHERE sender = $2 AND nonce = $3)
      RETURNING id`;
    return (await this.query(sql, id, fromHex(sender), BigInt(nonce), gasLimit)).length > 0;
  }

  async unassign({ id }: Item): Promise<void> {
    await this.query("DELETE FROM outbox_attempts WHERE item = $1", id);
    await this.query("UPDATE outbox SET nonce = NULL, status = 'waiting' WHERE id = $1", id);
  }

  async attempt({ id, attempts }: Item, attempt: Attempt): Promise<void> {
    const { hash, raw, maxFee, tip, signedAt, cancels } = attempt;
    const sql = `INSERT INTO outbox_attempts (item, number, hash, raw, max_fee, tip, signed_at, cancels)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`;
    const number = BigInt(attempts.length);
    const fees = [maxFee.toString(), tip.toString()];
    await this.query(sql, id, number, fromHex(hash), fromHex(raw), ...fees, signedAt, cancels ? 1n : 0n);
  }

  async finish({ id }: Item, status: "done" | "failed" | "cancelled", ended: Ended | null): Promise<void> {
    const sql = "UPDATE outbox SET status = $2, mined = $3, cost = $4, ended_at = $5 WHERE id = $1";
    if (ended === null) await this.query(sql, id, status, null, null, null);
    else await this.query(sql, id, status, fromHex(ended.mined), ended.cost.toString(), ended.at);
  }

  async costSince(sender: Address, time: bigint): Promise<bigint> {
    const sql = "SELECT cost FROM outbox WHERE sender = $1 AND ended_at >= $2 AND cost IS NOT NULL";
    const rows = await this.query(sql, fromHex(sender), time);
    return rows.reduce((sum, { cost }) => sum + integer(cost), 0n);
  }

  /** Forgets the calls that are over whose keys begin so; they may be asked for again. */
  async forget(prefix: string): Promise<void> {
    const over = "key LIKE $1 AND status NOT IN ('waiting', 'sent')";
    await this.query(`DELETE FROM outbox_attempts WHERE item IN (SELECT id FROM outbox WHERE ${over})`, `${prefix}%`);
    await this.query(`DELETE FROM outbox WHERE ${over}`, `${prefix}%`);
  }

  private async whole(row: Row): Promise<Item> {
    const sql = "SELECT * FROM outbox_attempts WHERE item = $1 ORDER BY number";
    return itemOf(row, (await this.query(sql, integer(row["id"]))).map(attemptOf));
  }
}

function itemOf(row: Row, attempts: readonly Attempt[]): Item {
  return {
    id: integer(row["id"]),
    sender: hex(row["sender"]) as Address,
    key: row["key"] as string,
    call: fromJson(row["call"] as string) as Call,
    status: row["status"] as ItemStatus,
    nonce: row["nonce"] === null ? null : Number(integer(row["nonce"])),
    gasLimit: integer(row["gas_limit"]),
    attempts,
    mined: row["mined"] === null ? null : (hex(row["mined"]) as Hash),
  };
}

function attemptOf(row: Row): Attempt {
  return {
    hash: hex(row["hash"]) as Hash,
    raw: hex(row["raw"]),
    maxFee: integer(row["max_fee"]),
    tip: integer(row["tip"]),
    signedAt: integer(row["signed_at"]),
    cancels: integer(row["cancels"]) === 1n,
  };
}
