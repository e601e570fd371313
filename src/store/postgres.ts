import { setTimeout as delay } from "node:timers/promises";

import { DatabaseError, Pool, type PoolClient } from "pg";

import { fail, StarledgerError } from "../errors";
import { fromHex } from "../protocol";
import type { Dialect } from "./dialect";
import { reasonOf, storeFailed } from "./failure";
import { requireNext } from "./fence";
import type { Lease } from "./lease";
import { migrationsFrom, NEWEST, VERSIONS } from "./migrations";
import type { Row, Value } from "./query";
import { replyOf } from "./rows";
import { SqlStore } from "./sqlStore";
import type { Commit, StoredReply } from "./commit";
import type { Write } from "./store";
import { TABLES, type Cell, type Table } from "./tables";

/** Whatever the server's own settings say. */
const SETTINGS = "-c synchronous_commit=on -c default_transaction_isolation=read\\ committed";
/** Milliseconds until a connection or a commit counts as unanswered; other queries may read a whole ledger. */
const TIMEOUT = 10_000;
/** How long, and how often, is asked what became of a commit. */
const RECOVERY = { timeout: 10_000, interval: 250 };

const DIALECT: Dialect = {
  ofChannel: { states: "states", notes: "notes" },
  isLatest: (messages, row, channel) => {
    const number = messages === "states" ? "version" : "seq";
    return `${row}.channel = ${channel} AND ${row}.${number} = (SELECT max(${number}) FROM ${messages} WHERE channel = ${channel})`;
  },
  now: "floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint",
  sum: "sum(amount)::text",
  bytes: "bytea",
  array: "json_build_array",
  hex: (column) => `encode(${column}, 'hex')`,
};

/**
 * One statement is one transaction and one round trip. It locks the lease against a takeover, so that the term which it saw
 * holds until it is durable, and writes nothing unless term and number are right.
 */
const COMMIT = `
  WITH lease AS (SELECT term FROM leases WHERE system = $1 FOR SHARE),
  last AS (SELECT coalesce(max(id), 0) AS id FROM commits WHERE system = $1),
  last_event AS (SELECT coalesce(max(number), 0) AS event FROM events WHERE system = $1),
  fence AS (SELECT FROM lease, last, last_event WHERE lease.term = $2 AND last.id = $3 - 1 AND event = $4 - 1),
  ${insertions(5)}
  SELECT lease.term, last.id, event FROM lease, last, last_event`;

/** The store for several processes: PostgreSQL, every commit flushed before it is acknowledged. */
export class PostgresStore extends SqlStore {
  private constructor(private readonly pool: Pool) {
    super(DIALECT);
    // A connection that breaks is replaced by the pool; whoever uses it hears of it from the query.
    pool.on("error", () => undefined);
    pool.on("connect", (client) => client.on("error", () => undefined));
  }

  /**
   * Connects, and brings the database to the newest schema.
   * @param url `postgres://user:password@host:port/database`
   * @throws newer_schema, store_failed
   */
  static async open(url: string): Promise<PostgresStore> {
    const pool = new Pool({
      connectionString: withSettings(url),
      keepAlive: true,
      connectionTimeoutMillis: TIMEOUT,
      query_timeout: 6 * TIMEOUT,
    });
    const store = new PostgresStore(pool);
    try {
      await store.migrate();
      return store;
    } catch (error) {
      await pool.end();
      throw storeFailed(error);
    }
  }

  prepare(commit: Commit): Write {
    const columns = TABLES.flatMap((table) => cellsOf(table, commit));
    return (lease) => this.write(commit, columns, lease);
  }

  private async write(commit: Commit, columns: readonly Cell[][], lease: Lease): Promise<void> {
    const values = [fromHex(commit.system), lease.term, commit.id, commit.firstEvent, ...columns];
    const client = await this.connect();
    try {
      const query = { name: "commit", text: COMMIT, values, query_timeout: TIMEOUT };
      const [seen] = (await client.query<Row>(query)).rows;
      client.release();
      requireNext(commit, lease, seen);
    } catch (error) {
      if (error instanceof StarledgerError) throw error;
      const refused = isRefusal(error);
      client.release(!refused);
      if (!refused) return await this.recover(commit, lease, error);
      throw storeFailed(error);
    }
  }

  async replies(keys: readonly string[]): Promise<StoredReply[]> {
    const sql = "SELECT * FROM replies WHERE system IN (SELECT system FROM leases) AND key = ANY($1)";
    return (await this.query(sql, keys)).map(replyOf);
  }

  protected async query(sql: string, ...values: (Value | readonly string[])[]): Promise<Row[]> {
    try {
      return (await this.pool.query<Row>(sql, values)).rows;
    } catch (error) {
      throw storeFailed(error);
    }
  }

  protected disconnect(): Promise<void> {
    return this.pool.end();
  }

  /** Finds out what became of a commit that was not answered. */
  private async recover(commit: Commit, lease: Lease, cause: unknown): Promise<void> {
    const deadline = Date.now() + RECOVERY.timeout;
    for (;;) {
      const outcome = await this.outcomeOf(commit, lease).catch(() => "unreachable" as const);
      if (outcome === "durable") return;
      if (outcome === "never") throw storeFailed(cause);
      if (outcome === "unknown" || Date.now() > deadline) fail("outcome_unknown", { reason: reasonOf(cause) });
      await delay(RECOVERY.interval);
    }
  }

  /** A new term first: what has not happened by then never will. Who took over may have made a commit of this number. */
  private async outcomeOf(commit: Commit, lease: Lease): Promise<"durable" | "never" | "unknown"> {
    if (!(await lease.advance())) return "unknown";
    return (await this.lastCommit(commit.system)) >= commit.id ? "durable" : "never";
  }

  private async migrate(): Promise<void> {
    const client = await this.connect();
    try {
      await client.query("BEGIN");
      // Processes that start together wait for each other.
      await client.query("SELECT pg_advisory_xact_lock(hashtext('starledger schema'))");
      await client.query(VERSIONS.create);
      const latest = (await client.query<Row>(VERSIONS.latest)).rows[0]?.["version"];
      for (const { version, migration } of migrationsFrom(Number(latest ?? 0))) {
        await client.query(migration.postgres);
        await client.query(VERSIONS.add, [version, Date.now()]);
        if (version === NEWEST) await client.query(VERSIONS.depose);
      }
      await client.query("COMMIT");
      client.release();
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  private async connect(): Promise<PoolClient> {
    try {
      return await this.pool.connect();
    } catch (error) {
      throw storeFailed(error);
    }
  }
}

/** The address with our settings after its own: the last one of a name holds. */
function withSettings(url: string): string {
  const address = new URL(url);
  address.searchParams.set("options", `${address.searchParams.get("options") ?? ""} ${SETTINGS}`.trim());
  return address.href;
}

/** One array parameter per column. */
function insertions(first: number): string {
  let parameter = first;
  const steps = TABLES.map(({ name, columns, conflict }) => {
    const names = columns.map((column) => `"${column.name}"`);
    const arrays = columns.map(({ type }) => `$${parameter++}::${type}[]`);
    return `into_${name} AS (INSERT INTO ${name} (${names.join(", ")})
      SELECT u.* FROM fence, unnest(${arrays.join(", ")}) AS u ${conflict})`;
  });
  return steps.join(",\n");
}

/** One array per column; bytes as PostgreSQL writes them. */
function cellsOf({ columns, items }: Table, commit: Commit): Cell[][] {
  const all = items(commit);
  return columns.map(({ type, value }) => {
    const cells = all.map((item, i) => value(item, i, commit));
    return type === "bytea" ? cells.map((cell) => cell && `\\x${String(cell).slice(2)}`) : cells;
  });
}

/** Whether the server said that it rolled back, rather than that it, or the connection, went away. */
function isRefusal(error: unknown): boolean {
  const code = error instanceof DatabaseError ? (error.code ?? "") : "";
  return /^[0-9A-Z]{5}$/.test(code) && !/^(08|57P|40003)/.test(code);
}
