import { fromHex, type Address } from "../protocol";
import { hex, integer, type Query, type Row } from "./query";

/** A name that stands for an account, in all its assets. */
export interface Alias {
  readonly name: string;
  readonly account: Address;
  /** Unix milliseconds. */
  readonly since: number;
}

/** Names for accounts. A name that was given up is kept for whom it stood for, until nobody can mean that one any more. */
export class Aliases {
  constructor(private readonly query: Query) {}

  async of(account: Address): Promise<Alias | undefined> {
    const sql = "SELECT * FROM aliases WHERE account = $1 AND released IS NULL ORDER BY since DESC, name";
    return (await this.query(sql, fromHex(account))).map(aliasOf)[0];
  }

  async find(name: string): Promise<Alias | undefined> {
    return (await this.query("SELECT * FROM aliases WHERE name = $1 AND released IS NULL", name)).map(aliasOf)[0];
  }

  /**
   * Gives `account` the name in place of any other that it has.
   * @param now Unix milliseconds
   * @param coolDown milliseconds for which a name that was given up is kept for the account that had it
   * @returns undefined if the name stands, or stood too lately, for another account
   */
  async give(name: string, account: Address, now: number, coolDown: number): Promise<Alias | undefined> {
    // The new one first: an account whose process dies in between has two names, never none.
    const sql = `INSERT INTO aliases (name, account, since, released) VALUES ($1, $2, $3, NULL)
      ON CONFLICT (name) DO UPDATE SET
        account = excluded.account,
        since = CASE WHEN aliases.released IS NULL THEN aliases.since ELSE excluded.since END,
        released = NULL
      WHERE aliases.account = excluded.account OR aliases.released <= $4 RETURNING *`;
    const [row] = await this.query(sql, name, fromHex(account), BigInt(now), BigInt(now - coolDown));
    if (row === undefined) return undefined;
    const release = "UPDATE aliases SET released = $3 WHERE account = $1 AND name <> $2 AND released IS NULL";
    await this.query(release, fromHex(account), name, BigInt(now));
    return aliasOf(row);
  }

  /** Takes the account's name away, which nobody else gets for a while. */
  async release(account: Address, now: number): Promise<void> {
    const sql = "UPDATE aliases SET released = $2 WHERE account = $1 AND released IS NULL";
    await this.query(sql, fromHex(account), BigInt(now));
  }
}

function aliasOf(row: Row): Alias {
  return {
    name: row["name"] as string,
    account: hex(row["account"]) as Address,
    since: Number(integer(row["since"])),
  };
}
