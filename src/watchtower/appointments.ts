import { Buffer } from "node:buffer";

import pLimit from "p-limit";

import { fail } from "../errors";
import {
  channelId,
  fromHex,
  hashOfPreimage,
  registerFrom,
  type Address,
  type ChannelId,
  type ChannelKey,
  type Hash,
  type CompleteState,
  type SignedAppointment,
} from "../protocol";
import { fromJson, toJson } from "../protocol/json";
import { hex, integer, type Query, type Row } from "../store/query";
import type { Appointed, Handover, NoteWithLocks, Outcome } from "./appointed";

/** Beyond every real time, and within what databases count with. */
const LATEST = 2n ** 62n;

/** What is newer replaces what is older, each for itself, in one statement: whoever hands over at the same time. */
const UPSERT = `
  INSERT INTO appointments (hub, channel, owner, key, version, state, seq, note, until, appointment, revision, received)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11)
  ON CONFLICT (hub, channel) DO UPDATE SET
    state = CASE WHEN excluded.version > appointments.version THEN excluded.state ELSE appointments.state END,
    version = CASE WHEN excluded.version > appointments.version THEN excluded.version ELSE appointments.version END,
    note = CASE WHEN excluded.seq > appointments.seq THEN excluded.note ELSE appointments.note END,
    seq = CASE WHEN excluded.seq > appointments.seq THEN excluded.seq ELSE appointments.seq END,
    appointment = CASE WHEN excluded.until > appointments.until
      THEN excluded.appointment ELSE appointments.appointment END,
    until = CASE WHEN excluded.until > appointments.until THEN excluded.until ELSE appointments.until END,
    revision = appointments.revision + 1,
    received = excluded.received
  RETURNING *`;

/** What a watchtower was handed, by hub (its domain separator) and channel. */
export class Appointments {
  /** One handover after the other: none takes the room between another's look and what follows from it. */
  private readonly turn = pLimit(1);

  constructor(private readonly query: Query) {}

  /**
   * Takes what is newer than what is there.
   * @param quota channels of one owner at most
   * @param margin of locks, in seconds (U4)
   * @throws quota_exceeded, store_failed
   */
  take(hub: Hash, handover: Handover, quota: number, margin: bigint, now: number): Promise<Appointed> {
    return this.turn(() => this.takeNow(hub, handover, quota, margin, now));
  }

  async of(hub: Hash, id: ChannelId): Promise<Appointed | undefined> {
    const sql = "SELECT * FROM appointments WHERE hub = $1 AND channel = $2";
    const [row] = await this.query(sql, fromHex(hub), fromHex(id));
    return row && (await this.whole(hub, row));
  }

  /** Of what it has of a channel; undefined for none, and where the epoch is over. */
  async revision(hub: Hash, id: ChannelId): Promise<bigint | undefined> {
    const sql = "SELECT revision FROM appointments WHERE hub = $1 AND channel = $2 AND outcome IS NULL";
    const [row] = await this.query(sql, fromHex(hub), fromHex(id));
    return row && integer(row["revision"]);
  }

  /** An owner's, with their hubs. */
  async ofOwner(owner: Address): Promise<{ hub: Hash; appointed: Appointed }[]> {
    const rows = await this.query("SELECT * FROM appointments WHERE owner = $1 ORDER BY hub, channel", fromHex(owner));
    return await Promise.all(
      rows.map(async (row) => {
        const hub = hex(row["hub"]) as Hash;
        return { hub, appointed: await this.whole(hub, row) };
      }),
    );
  }

  /** The epoch is over on the final chain. */
  async end(hub: Hash, id: ChannelId, outcome: Outcome, now: number): Promise<void> {
    const sql = `UPDATE appointments SET outcome = $3, ended = $4
      WHERE hub = $1 AND channel = $2 AND outcome IS NULL`;
    await this.query(sql, fromHex(hub), fromHex(id), outcome, BigInt(now));
    await this.query("DELETE FROM closes WHERE hub = $1 AND channel = $2", fromHex(hub), fromHex(id));
    await this.query("DELETE FROM preimages WHERE hub = $1 AND channel = $2", fromHex(hub), fromHex(id));
  }

  /** The channels with preimages that are to be registered by now, and are of use until later. */
  async duePreimages(hub: Hash, now: bigint): Promise<{ id: ChannelId; preimage: Hash; expiry: bigint }[]> {
    const sql = "SELECT * FROM preimages WHERE hub = $1 AND due <= $2 AND expiry > $2 ORDER BY expiry";
    return (await this.query(sql, fromHex(hub), now)).map((row) => ({
      id: hex(row["channel"]) as string as ChannelId,
      preimage: hex(row["preimage"]) as Hash,
      expiry: integer(row["expiry"]),
    }));
  }

  /** What is public for good needs nobody any more. */
  async forgetPreimage(hub: Hash, hash: Hash): Promise<void> {
    const sql = "UPDATE preimages SET due = $3 WHERE hub = $1 AND hash = $2";
    await this.query(sql, fromHex(hub), fromHex(hash), LATEST);
  }

  /** Those whose epochs were over before `time`, in Unix milliseconds. */
  async endedBefore(time: number): Promise<{ hub: Hash; id: ChannelId }[]> {
    const rows = await this.query("SELECT hub, channel FROM appointments WHERE ended < $1", BigInt(time));
    return rows.map((row) => ({ hub: hex(row["hub"]) as Hash, id: hex(row["channel"]) as string as ChannelId }));
  }

  async forget(hub: Hash, id: ChannelId): Promise<void> {
    await this.query("DELETE FROM appointments WHERE hub = $1 AND channel = $2", fromHex(hub), fromHex(id));
  }

  /** Of channels that are not over. */
  async count(): Promise<number> {
    const [row] = await this.query("SELECT count(*) AS count FROM appointments WHERE outcome IS NULL");
    return Number(integer(row!["count"]));
  }

  private async takeNow(hub: Hash, handover: Handover, quota: number, margin: bigint, now: number): Promise<Appointed> {
    const { key, completed, held, appointment } = handover;
    const id = channelId(key);
    await this.requireRoom(hub, id, key.user, quota);
    const [row] = await this.query(
      UPSERT,
      fromHex(hub),
      fromHex(id),
      fromHex(key.user),
      toJson(key),
      bytes8(completed?.state.version),
      completed ? toJson(completed) : null,
      bytes8(held?.note.seq),
      held ? toJson(held) : null,
      bytes8(appointment?.appointment.until),
      appointment ? toJson(appointment) : null,
      BigInt(now),
    );
    await this.takePreimages(hub, id, handover, margin);
    return await this.whole(hub, row!);
  }

  private async requireRoom(hub: Hash, id: ChannelId, owner: Address, quota: number): Promise<void> {
    const sql = `SELECT count(*) AS count FROM appointments
      WHERE owner = $1 AND outcome IS NULL AND NOT (hub = $2 AND channel = $3)`;
    const [row] = await this.query(sql, fromHex(owner), fromHex(hub), fromHex(id));
    if (integer(row!["count"]) >= BigInt(quota)) fail("quota_exceeded", { owner, quota });
  }

  /** Those of locks that the newest note no longer has are of no use. */
  private async takePreimages(hub: Hash, id: ChannelId, { held, preimages }: Handover, margin: bigint): Promise<void> {
    const expiries = new Map((held?.locks ?? []).map(({ hash, expiry }) => [hash, expiry]));
    const sql = `INSERT INTO preimages (hub, channel, hash, preimage, due, expiry) VALUES ($1, $2, $3, $4, $5, $6)
      ON CONFLICT (hub, channel, hash) DO NOTHING`;
    for (const preimage of preimages) {
      const hash = hashOfPreimage(preimage);
      const expiry = expiries.get(hash)!;
      const times = [registerFrom(expiry, margin), expiry].map((time) => (time < LATEST ? time : LATEST));
      await this.query(sql, fromHex(hub), fromHex(id), fromHex(hash), fromHex(preimage), ...times);
    }
    const [row] = await this.query(
      "SELECT note FROM appointments WHERE hub = $1 AND channel = $2",
      fromHex(hub),
      fromHex(id),
    );
    const newest = row?.["note"] == null ? [] : (fromJson(row["note"] as string) as NoteWithLocks).locks;
    const pending = new Set(newest.map(({ hash }) => hash));
    for (const hash of await this.preimageHashes(hub, id)) {
      if (pending.has(hash)) continue;
      const drop = "DELETE FROM preimages WHERE hub = $1 AND channel = $2 AND hash = $3";
      await this.query(drop, fromHex(hub), fromHex(id), fromHex(hash));
    }
  }

  private async preimageHashes(hub: Hash, id: ChannelId): Promise<Hash[]> {
    const sql = "SELECT hash FROM preimages WHERE hub = $1 AND channel = $2";
    return (await this.query(sql, fromHex(hub), fromHex(id))).map((row) => hex(row["hash"]) as Hash);
  }

  private async whole(hub: Hash, row: Row): Promise<Appointed> {
    const sql = "SELECT preimage FROM preimages WHERE hub = $1 AND channel = $2 ORDER BY hash";
    const id = hex(row["channel"]) as string as ChannelId;
    const preimages = (await this.query(sql, fromHex(hub), fromHex(id))).map((one) => hex(one["preimage"]) as Hash);
    return {
      id,
      key: fromJson(row["key"] as string) as ChannelKey,
      completed: parsed(row["state"]) as CompleteState | undefined,
      held: parsed(row["note"]) as NoteWithLocks | undefined,
      appointment: parsed(row["appointment"]) as SignedAppointment | undefined,
      preimages,
      revision: integer(row["revision"]),
      received: integer(row["received"]),
      outcome: (row["outcome"] as Outcome | null) ?? undefined,
    };
  }
}

function parsed(value: unknown): unknown {
  return value === null ? undefined : fromJson(value as string);
}

/** A uint64 in bytes, which databases compare as they compare numbers. */
function bytes8(value = 0n): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
}
