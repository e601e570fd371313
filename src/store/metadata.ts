import { fromHex, type Address } from "../protocol";
import type { Query } from "./query";

/** What operators keep with an account: a JSON object, which nothing here looks into. */
export class Metadata {
  constructor(private readonly query: Query) {}

  /** JSON; an empty object until something was put. */
  async of(account: Address): Promise<string> {
    const [row] = await this.query("SELECT content FROM metadata WHERE account = $1", fromHex(account));
    return (row?.["content"] as string | undefined) ?? "{}";
  }

  /** Replaces all of it. */
  async put(account: Address, content: string, now: number): Promise<void> {
    const sql = `INSERT INTO metadata (account, content, updated) VALUES ($1, $2, $3)
      ON CONFLICT (account) DO UPDATE SET content = excluded.content, updated = excluded.updated`;
    await this.query(sql, fromHex(account), content, BigInt(now));
  }
}
