import { integer, type Query, type Row, type Value } from "./query";

/** A key that the operator, or another key, made. Times are Unix milliseconds. */
export interface ApiKey {
  readonly id: string;
  /** The key that made it; null for the operator's. */
  readonly parent: string | null;
  /** SHA-256 of the key's text. */
  readonly digest: Buffer;
  /** SHA-256 of what was asked for. */
  readonly fingerprint: Buffer;
  /** JSON. */
  readonly rights: string;
  readonly created: number;
  readonly expires: number | null;
  readonly revoked: number | null;
}

/** Which keys are asked for. */
export interface KeyQuery {
  readonly beyond?: Pick<ApiKey, "id" | "created"> | undefined;
  readonly order: "ascending" | "descending";
  readonly limit: number;
}

/** API keys, for all systems. */
export class ApiKeys {
  constructor(private readonly query: Query) {}

  /** Returns false if there is a key of this id. */
  async add({ id, parent, digest, fingerprint, rights, created, expires }: ApiKey): Promise<boolean> {
    const sql = `INSERT INTO api_keys (id, parent, digest, fingerprint, rights, created, expires)
      VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING RETURNING id`;
    const until = expires === null ? null : BigInt(expires);
    const rows = await this.query(sql, id, parent, digest, fingerprint, rights, BigInt(created), until);
    return rows.length > 0;
  }

  /** The key, the one that made it, and so on; empty if there is none. */
  async chain(id: string): Promise<ApiKey[]> {
    const sql = `WITH RECURSIVE chain AS (
        SELECT k.*, 0 AS depth FROM api_keys k WHERE k.id = $1
        UNION ALL SELECT k.*, c.depth + 1 FROM api_keys k JOIN chain c ON k.id = c.parent
      ) SELECT * FROM chain ORDER BY depth`;
    return (await this.query(sql, id)).map(keyOf);
  }

  /**
   * Of the keys that this one made, and those that they made, or of all there are for null: the next `limit` that were made
   * after `beyond`, or before it, nearest first.
   */
  async under(parent: string | null, { beyond, order, limit }: KeyQuery): Promise<ApiKey[]> {
    const values: Value[] = [];
    const value = (one: Value) => `$${values.push(one)}`;
    const below = (id: string) => `WITH RECURSIVE below AS (
        SELECT k.* FROM api_keys k WHERE k.parent = ${value(id)}
        UNION ALL SELECT k.* FROM api_keys k JOIN below b ON k.parent = b.id
      ) SELECT * FROM below`;
    const from = parent === null ? "SELECT * FROM api_keys" : below(parent);
    const [is, direction] = order === "ascending" ? [">", "ASC"] : ["<", "DESC"];
    const where =
      beyond === undefined ? "" : `WHERE (created, id) ${is} (${value(BigInt(beyond.created))}, ${value(beyond.id)})`;
    const tail = `ORDER BY created ${direction}, id ${direction} LIMIT ${value(BigInt(limit))}`;
    return (await this.query(`${from} ${where} ${tail}`, ...values)).map(keyOf);
  }

  /** Ends a key, and so those that it made; what was revoked stays revoked when it was. */
  async revoke(id: string, time: number): Promise<void> {
    await this.query("UPDATE api_keys SET revoked = $2 WHERE id = $1 AND revoked IS NULL", id, BigInt(time));
  }
}

function keyOf(row: Row): ApiKey {
  return {
    id: row["id"] as string,
    parent: row["parent"] as string | null,
    digest: Buffer.from(row["digest"] as Uint8Array),
    fingerprint: Buffer.from(row["fingerprint"] as Uint8Array),
    rights: row["rights"] as string,
    created: Number(integer(row["created"])),
    expires: timeOf(row["expires"]),
    revoked: timeOf(row["revoked"]),
  };
}

function timeOf(value: unknown): number | null {
  return value === null ? null : Number(integer(value));
}
