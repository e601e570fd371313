import { type PendingClose } from "../chain";
import type { Cursor } from "../chain/watch";
import { fromHex, type ChannelId, type Hash, readDispute, type DisputeRecord } from "../protocol";
import { fromJson, toJson } from "../protocol/json";
import { hex, integer, type Query, type Row } from "../store/query";

/** The closes that are pending in channels of appointments, and how far the chain was taken in, by hub. */
export class Closes {
  constructor(private readonly query: Query) {}

  async of(hub: Hash): Promise<PendingClose[]> {
    return (await this.query("SELECT * FROM closes WHERE hub = $1", fromHex(hub))).map(closeOf);
  }

  /** Keeps a close of a channel that an appointment is of; others are nobody's business here. */
  async add(hub: Hash, { id, record, block, transaction }: Omit<PendingClose, "judged">): Promise<void> {
    const wanted = "SELECT 1 FROM appointments WHERE hub = $1 AND channel = $2 AND outcome IS NULL";
    if ((await this.query(wanted, fromHex(hub), fromHex(id))).length === 0) return;
    const sql = `INSERT INTO closes (hub, channel, record, block, trx) VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (hub, channel) DO UPDATE
      SET record = excluded.record, block = excluded.block, trx = excluded.trx`;
    const place = [BigInt(block), fromHex(transaction as Hash)];
    await this.query(sql, fromHex(hub), fromHex(id), toJson(record), ...place);
  }

  async cursor(hub: Hash): Promise<Cursor | undefined> {
    const [row] = await this.query("SELECT * FROM cursors WHERE hub = $1", fromHex(hub));
    return row && { block: Number(integer(row["block"])), hash: hex(row["hash"]) as Hash };
  }

  async keepCursor(hub: Hash, { block, hash }: Cursor): Promise<void> {
    const sql = `INSERT INTO cursors (hub, block, hash) VALUES ($1, $2, $3)
      ON CONFLICT (hub) DO UPDATE SET block = excluded.block, hash = excluded.hash`;
    await this.query(sql, fromHex(hub), BigInt(block), fromHex(hash));
  }
}

function closeOf(row: Row): PendingClose {
  const record = fromJson(row["record"] as string) as DisputeRecord;
  return {
    id: hex(row["channel"]) as string as ChannelId,
    record,
    judged: readDispute(record),
    block: Number(integer(row["block"])),
    transaction: hex(row["trx"]),
  };
}
