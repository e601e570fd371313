import { fromHex, type Address, type Hash, type LiabilityStatement } from "../protocol";
import { fromJson, toJson } from "../protocol/json";
import { hex, integer, nullable, type Query, type Row, type Value } from "./query";

/**
 * `sent`: on its way to the chain. `final`: anchored and recorded there for good. `failed`: the contract refused it, and it
 * never will be.
 */
export type PublicationStatus = "sent" | "final" | "failed";

/** What a system has published of its liabilities in one token. */
export interface Publication {
  readonly statement: LiabilityStatement;
  /** Unix milliseconds. */
  readonly time: number;
  /** Leaves of the tree. */
  readonly channels: number;
  /** What the salts follow from. */
  readonly secret: Hash;
  readonly status: PublicationStatus;
  /** The final transactions that anchored root and total, and that recorded the statement. */
  readonly anchored: Hash | null;
  readonly recorded: Hash | null;
}

/** A part of a tree: nodes of a level from a place on, or, with level -1, leaves from a channel on. */
export interface TreeChunk {
  readonly level: number;
  /** Of the first that is in it; chunks of a level are in its order. */
  readonly first: Buffer;
  readonly content: Buffer;
}

/** What was published of liabilities, with the trees, so that proofs can be given later. */
export class Publications {
  constructor(private readonly query: Query) {}

  /** Keeps parts of a tree; they count once their publication is kept. */
  async addChunks(system: Address, secret: Hash, chunks: readonly TreeChunk[]): Promise<void> {
    const values: Value[] = [fromHex(system), fromHex(secret)];
    const rows = chunks.map(({ level, first, content }) => {
      return `($1, $2, ${[BigInt(level), first, content].map((value) => `$${values.push(value)}`).join(", ")})`;
    });
    const columns = "system, secret, level, first, content";
    await this.query(`INSERT INTO publication_chunks (${columns}) VALUES ${rows.join(", ")}`, ...values);
  }

  /**
   * Keeps a publication, if the lease of this term still leads.
   * @returns whether it did; not if its period is taken either
   */
  async add({ statement, time, channels, secret }: Publication, term: bigint): Promise<boolean> {
    const { system, token, period } = statement;
    const sql = `INSERT INTO publications (system, token, period, time, statement, channels, secret, status)
      SELECT system, $2, $3, $4, $5, $6, $7, 'sent' FROM leases WHERE system = $1 AND term = $8
      ON CONFLICT DO NOTHING RETURNING period`;
    const values = [fromHex(token), period, BigInt(time), toJson(statement), BigInt(channels), fromHex(secret), term];
    return (await this.query(sql, fromHex(system), ...values)).length > 0;
  }

  /** Remembers what a request to publish was answered with; the first answer stays. */
  async answer(request: Hash, { statement: { system, token, period } }: Publication): Promise<void> {
    const sql = `INSERT INTO publication_requests (request, system, token, period)
      VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`;
    await this.query(sql, fromHex(request), fromHex(system), fromHex(token), period);
  }

  /** What a request to publish was answered with, as it is now. */
  async answerTo(request: Hash): Promise<Publication | undefined> {
    const sql = "SELECT * FROM publications NATURAL JOIN publication_requests WHERE request = $1";
    const [row] = await this.query(sql, fromHex(request));
    return row && publicationOf(row);
  }

  /** Says what became of a publication. */
  async settle({ statement, status, anchored, recorded }: Publication): Promise<void> {
    const sql = `UPDATE publications SET status = $4, anchored = $5, recorded = $6
      WHERE system = $1 AND token = $2 AND period = $3`;
    const hashes = [anchored, recorded].map((hash) => (hash === null ? null : fromHex(hash)));
    const { system, token, period } = statement;
    await this.query(sql, fromHex(system), fromHex(token), period, status, ...hashes);
  }

  /** Forgets the parts of trees that were never published: those of a build that a crash ended. */
  async sweep(system: Address): Promise<void> {
    const sql = `DELETE FROM publication_chunks WHERE system = $1
      AND secret NOT IN (SELECT secret FROM publications WHERE system = $1)`;
    await this.query(sql, fromHex(system));
  }

  /** The newest first, from the period before `before` on. */
  async list(system: Address, token: Address, limit: number, before?: bigint): Promise<Publication[]> {
    const older = before === undefined ? "" : "AND period < $4";
    const sql = `SELECT * FROM publications WHERE system = $1 AND token = $2 ${older} ORDER BY period DESC LIMIT $3`;
    const values = [fromHex(system), fromHex(token), BigInt(limit), ...(before === undefined ? [] : [before])];
    return (await this.query(sql, ...values)).map(publicationOf);
  }

  async find(system: Address, token: Address, period: bigint): Promise<Publication | undefined> {
    const [found] = await this.list(system, token, 1, period + 1n);
    return found?.statement.period === period ? found : undefined;
  }

  /** The last chunk of a level that does not begin after `at`. */
  async chunk(system: Address, secret: Hash, level: number, at: Buffer): Promise<Buffer | undefined> {
    const sql = `SELECT content FROM publication_chunks
      WHERE system = $1 AND secret = $2 AND level = $3 AND first <= $4 ORDER BY first DESC LIMIT 1`;
    const [row] = await this.query(sql, fromHex(system), fromHex(secret), BigInt(level), at);
    return row && Buffer.from(row["content"] as Uint8Array);
  }
}

function publicationOf(row: Row): Publication {
  const hash = (value: unknown) => hex(value) as Hash;
  return {
    statement: fromJson(row["statement"] as string) as LiabilityStatement,
    time: Number(integer(row["time"])),
    channels: Number(integer(row["channels"])),
    secret: hash(row["secret"]),
    status: row["status"] as PublicationStatus,
    anchored: nullable(row["anchored"], hash),
    recorded: nullable(row["recorded"], hash),
  };
}
