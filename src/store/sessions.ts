import { fromHex, type Address } from "../protocol";
import { hex, integer, type Query } from "./query";

/** A user who signed in. */
export interface Session {
  /** The nonce that was signed. */
  readonly id: string;
  readonly account: Address;
  /** SHA-256 of the token. */
  readonly digest: Buffer;
  /** Unix milliseconds. */
  readonly expires: number;
}

/** The sessions of users, of all systems. */
export class Sessions {
  constructor(private readonly query: Query) {}

  /** Returns false if there was a session of this id, even an ended one. */
  async add({ id, account, digest, expires }: Session): Promise<boolean> {
    const sql = `INSERT INTO sessions (id, account, digest, expires, ended) VALUES ($1, $2, $3, $4, 0)
      ON CONFLICT (id) DO NOTHING RETURNING id`;
    return (await this.query(sql, id, fromHex(account), digest, BigInt(expires))).length > 0;
  }

  /** One that has neither ended nor expired. */
  async live(id: string, now: number): Promise<Session | undefined> {
    const sql = "SELECT * FROM sessions WHERE id = $1 AND ended = 0 AND expires > $2";
    const [row] = await this.query(sql, id, BigInt(now));
    return (
      row && {
        id,
        account: hex(row["account"]) as Address,
        digest: Buffer.from(row["digest"] as Uint8Array),
        expires: Number(integer(row["expires"])),
      }
    );
  }

  async end(id: string): Promise<void> {
    await this.query("UPDATE sessions SET ended = 1 WHERE id = $1", id);
  }

  /** Forgets sessions that expired before `time`, `limit` at most; returns how many. */
  async sweep(time: number, limit: number): Promise<number> {
    const sql = `DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires < $1 LIMIT $2) RETURNING id`;
    return (await this.query(sql, BigInt(time), BigInt(limit))).length;
  }
}
