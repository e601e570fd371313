import { eventText, fromHex, type Address, type Hash, type Hex, type KeptCommit, type KeptEvent } from "../protocol";
import { eventOf } from "./eventRows";
import { hex, integer, type Query, type Row, type Value } from "./query";

/** A commit of an older program, which is not in the chain yet. */
export interface UnsealedCommit {
  readonly id: bigint;
  readonly events: readonly KeptEvent[];
}

/** The hash chain over each system's log; written with the commits. */
export class Journal {
  constructor(
    private readonly query: Query,
    private readonly bytes: string,
  ) {}

  /** The commits after `after` that are in the chain, in their order. */
  async commits(system: Address, after: bigint, limit: number): Promise<KeptCommit[]> {
    const sql = `SELECT id, event_hashes, head FROM commits
      WHERE system = $1 AND id > $2 AND head IS NOT NULL ORDER BY id LIMIT $3`;
    return (await this.query(sql, fromHex(system), after, BigInt(limit))).map(keptOf);
  }

  /** The events after the number `after`, in their order, as the chain is made over them. */
  async events(system: Address, after: bigint, limit: number): Promise<KeptEvent[]> {
    const sql = "SELECT * FROM events WHERE system = $1 AND number > $2 ORDER BY number LIMIT $3";
    return (await this.query(sql, fromHex(system), after, BigInt(limit))).map(textOf);
  }

  /** The head after a commit; undefined where it is not in the chain. */
  async head(system: Address, commit: bigint): Promise<Hash | undefined> {
    const sql = "SELECT head FROM commits WHERE system = $1 AND id = $2 AND head IS NOT NULL";
    const [row] = await this.query(sql, fromHex(system), commit);
    return row && (hex(row["head"]) as Hash);
  }

  /** The oldest commits that an older program has made, with their events. */
  async unsealed(system: Address, limit: number): Promise<UnsealedCommit[]> {
    const first = `SELECT id FROM commits WHERE system = $1 AND head IS NULL ORDER BY id LIMIT $2`;
    const values = [fromHex(system), BigInt(limit)];
    const ids = (await this.query(first, ...values)).map((row) => integer(row["id"]));
    // Where there are none, the database would look through the whole log for their events.
    if (ids.length === 0) return [];
    const rows = await this.query(
      `SELECT * FROM events WHERE system = $1 AND commit_id IN (SELECT id FROM (${first}) AS first) ORDER BY number`,
      ...values,
    );
    const events = new Map<bigint, KeptEvent[]>(ids.map((id) => [id, []]));
    for (const row of rows) events.get(integer(row["commit_id"]))!.push(textOf(row));
    return ids.map((id) => ({ id, events: events.get(id)! }));
  }

  /** Puts commits of an older program into the chain. */
  async seal(system: Address, commits: readonly KeptCommit[]): Promise<void> {
    const values: Value[] = [fromHex(system)];
    const column = (value: Value, type: string) => `CAST($${values.push(value)} AS ${type})`;
    const rows = commits.map(({ id, events, head }) => {
      return `(${column(id, "bigint")}, ${column(fromHex(joined(events)), this.bytes)}, ${column(fromHex(head), this.bytes)})`;
    });
    const sql = `UPDATE commits SET event_hashes = sealed.column2, head = sealed.column3
      FROM (VALUES ${rows.join(", ")}) AS sealed WHERE system = $1 AND id = sealed.column1 AND commits.head IS NULL`;
    await this.query(sql, ...values);
  }
}

/** Hashes one after the other. */
export function joined(hashes: readonly Hash[]): Hex {
  return `0x${hashes.map((hash) => hash.slice(2)).join("")}`;
}

function keptOf(row: Row): KeptCommit {
  const bytes = Buffer.from(row["event_hashes"] as Uint8Array);
  const events = Array.from({ length: bytes.length / 32 }, (_, i) => hex(bytes.subarray(32 * i, 32 * i + 32)) as Hash);
  return { id: integer(row["id"]), events, head: hex(row["head"]) as Hash };
}

/** What cannot be read has no text. */
function textOf(row: Row): KeptEvent {
  const number = integer(row["number"]);
  try {
    return { number, text: eventText(eventOf(row)) };
  } catch {
    return { number, text: "" };
  }
}
