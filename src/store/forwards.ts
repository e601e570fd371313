import { fromHex, type Address, type Hash } from "../protocol";
import { hex, integer, type Query, type Row } from "./query";

/**
 * `begun`: its payer may have locked the money. `locked`: it has. `promised`: the payee has the lock at its system.
 * `settled`: the payee is paid. `failed`: it never will be. `over`: the payer's lock was claimed, or given up.
 */
export type ForwardStatus = "begun" | "locked" | "promised" | "settled" | "failed" | "over";

/** A payment from an account of one system to one of another. */
export interface Forward {
  /** Of both locks. */
  readonly hash: Hash;
  /** Of whom it is, with the idempotency key: it is begun once. */
  readonly request: string;
  /** The systems of the payer and of the payee. */
  readonly source: Address;
  readonly target: Address;
  readonly token: Address;
  readonly payer: Address;
  readonly payee: Address;
  /** Base units, without fees. */
  readonly amount: bigint;
  readonly reference: Hash;
  /** Unix seconds: when the lock ends that goes between the systems, at the payer's. */
  readonly arrives: bigint;
  /** Whether the service knows the preimage: it is paid as soon as it is promised. Else the payee does. */
  readonly isDirect: boolean;
  readonly status: ForwardStatus;
  /** The state at the payee's system that locked; null before. */
  readonly version: bigint | null;
  readonly preimage: Hash | null;
  /** JSON: why it failed. */
  readonly failure: string | null;
}

/** What is known when it is begun. */
export type NewForward = Omit<Forward, "status" | "version" | "preimage" | "failure">;

/**
 * Payments between systems, and how far each has come. The ledgers hold the money and say what is true; what is here is set
 * after them, so that whoever leads a system next knows what is left to do.
 */
export class Forwards {
  constructor(private readonly query: Query) {}

  /**
   * Begins it, unless it is begun already. One under the same hash that has failed makes room for it.
   * @returns undefined where another request has begun one under its hash
   */
  async begin(forward: NewForward): Promise<Forward | undefined> {
    const { hash, request, source, target, token, payer, payee, amount, reference, arrives, isDirect } = forward;
    const failed = "DELETE FROM forwards WHERE hash = $1 AND request <> $2 AND status = 'over' AND preimage IS NULL";
    await this.query(failed, fromHex(hash), request);
    const sql = `INSERT INTO forwards
      (hash, request, source, target, token, payer, payee, amount, reference, arrives, direct, status, term)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'begun', 0) ON CONFLICT DO NOTHING`;
    const places = [source, target, token, payer, payee].map((one) => fromHex(one));
    const terms = [amount.toString(), fromHex(reference), arrives, isDirect ? 1n : 0n];
    await this.query(sql, fromHex(hash), request, ...places, ...terms);
    const [row] = await this.query("SELECT * FROM forwards WHERE request = $1", request);
    return row && forwardOf(row);
  }

  async find(hash: Hash): Promise<Forward | undefined> {
    const [row] = await this.query("SELECT * FROM forwards WHERE hash = $1", fromHex(hash));
    return row && forwardOf(row);
  }

  /** What the leader of `system` is to go on with. */
  async open(system: Address): Promise<Forward[]> {
    const sql = `SELECT * FROM forwards WHERE target = $1 AND status IN ('locked', 'promised')
      UNION ALL SELECT * FROM forwards WHERE source = $1 AND status IN ('settled', 'failed')`;
    return (await this.query(sql, fromHex(system))).map(forwardOf);
  }

  /** Those of `system` that may have been locked though it was not said, and can still be paid at `now` (Unix seconds). */
  async begun(system: Address, now: bigint): Promise<Forward[]> {
    const sql = "SELECT * FROM forwards WHERE source = $1 AND status = 'begun' AND arrives > $2";
    return (await this.query(sql, fromHex(system), now)).map(forwardOf);
  }

  /**
   * Payments that `system` has made, and that the payers' systems have not claimed, though their locks end (Unix seconds) after
   * `now` and not after `until`.
   */
  async unclaimed(system: Address, now: bigint, until: bigint): Promise<Forward[]> {
    const sql = "SELECT * FROM forwards WHERE target = $1 AND status = 'settled' AND arrives > $2 AND arrives <= $3";
    return (await this.query(sql, fromHex(system), now, until)).map(forwardOf);
  }

  /** The payer's system holds the lock. */
  async lock(hash: Hash): Promise<void> {
    await this.query("UPDATE forwards SET status = 'locked' WHERE hash = $1 AND status = 'begun'", fromHex(hash));
  }

  /**
   * The leader of the payee's system, of this term, decides from here on: what one before it still decides is void.
   * @returns whether there is something to decide
   */
  async claim(hash: Hash, term: bigint): Promise<boolean> {
    const sql = "UPDATE forwards SET term = $2 WHERE hash = $1 AND status = 'locked' AND term <= $2 RETURNING hash";
    return (await this.query(sql, fromHex(hash), term)).length > 0;
  }

  /** The payee's system has locked too, in this version of its router's state. */
  async promise(hash: Hash, version: bigint): Promise<void> {
    const sql = "UPDATE forwards SET status = 'promised', version = $2 WHERE hash = $1 AND status = 'locked'";
    await this.query(sql, fromHex(hash), version);
  }

  /** The payee's system will not lock: said by the leader that has claimed it in this term. */
  async refuse(hash: Hash, failure: string, term: bigint): Promise<void> {
    const sql = `UPDATE forwards SET status = 'failed', failure = $2
      WHERE hash = $1 AND status = 'locked' AND term = $3`;
    await this.query(sql, fromHex(hash), failure, term);
  }

  /** The payee is paid. */
  async settle(hash: Hash, preimage: Hash): Promise<void> {
    const sql = "UPDATE forwards SET status = 'settled', preimage = $2 WHERE hash = $1 AND status = 'promised'";
    await this.query(sql, fromHex(hash), fromHex(preimage));
  }

  /** The payee's lock is gone unpaid, and nothing that it could show on chain pays it any more. */
  async fail(hash: Hash, failure: string): Promise<void> {
    const sql = "UPDATE forwards SET status = 'failed', failure = $2 WHERE hash = $1 AND status = 'promised'";
    await this.query(sql, fromHex(hash), failure);
  }

  /**
   * The payer's lock was claimed, or given up, or there is none: said by the leader of the payer's system in this term. To one
   * that led before and does not know yet that it does no more, a lock is unknown that a later one has signed.
   */
  async end(hash: Hash, term: bigint): Promise<void> {
    const sql = `UPDATE forwards SET status = 'over' WHERE hash = $1 AND status IN ('settled', 'failed')
      AND (SELECT term FROM leases WHERE system = source) = $2`;
    await this.query(sql, fromHex(hash), term);
  }
}

function forwardOf(row: Row): Forward {
  const address = (column: string) => hex(row[column]) as Address;
  return {
    hash: hex(row["hash"]) as Hash,
    request: row["request"] as string,
    source: address("source"),
    target: address("target"),
    token: address("token"),
    payer: address("payer"),
    payee: address("payee"),
    amount: BigInt(row["amount"] as string),
    reference: hex(row["reference"]) as Hash,
    arrives: integer(row["arrives"]),
    isDirect: integer(row["direct"]) === 1n,
    status: row["status"] as ForwardStatus,
    version: row["version"] == null ? null : integer(row["version"]),
    preimage: row["preimage"] == null ? null : (hex(row["preimage"]) as Hash),
    failure: row["failure"] as string | null,
  };
}
