import SqliteDatabase from "libsql";
import { Pool } from "pg";

import { fail } from "../errors";
import { storeFailed } from "./failure";
import type { Migration } from "./migrations/migration";
import type { Query, Row } from "./query";

/** A database without a ledger in it. */
export interface Database {
  readonly query: Query;
  close(): Promise<void>;
}

/** What a database of one kind does. */
interface Connection extends Database {
  readonly kind: keyof Migration;
  /** Runs several statements without parameters. */
  readonly script: (sql: string) => Promise<void>;
}

const VERSIONS = {
  create: "CREATE TABLE IF NOT EXISTS schema_versions (version BIGINT PRIMARY KEY, applied BIGINT NOT NULL)",
  latest: "SELECT max(version) AS version FROM schema_versions",
};

/**
 * Opens the database that the address names, and brings it to the newest of these schemas, in one transaction.
 * @param url as {@link openStore} takes it
 * @throws unknown_store, newer_schema, store_failed
 */
export async function openDatabase(url: string, migrations: readonly Migration[]): Promise<Database> {
  const database = connect(url);
  try {
    await migrate(database, migrations);
    return database;
  } catch (error) {
    await database.close();
    throw storeFailed(error);
  }
}

function connect(url: string): Connection {
  if (/^postgres(ql)?:\/\//.test(url) && URL.canParse(url)) return postgres(url);
  const file = /^sqlite:(.+)$/.exec(url)?.[1];
  return sqlite(file ?? fail("unknown_store"));
}

async function migrate({ kind, query, script }: Connection, migrations: readonly Migration[]): Promise<void> {
  await query(VERSIONS.create);
  const version = Number((await query(VERSIONS.latest))[0]?.["version"] ?? 0);
  if (version > migrations.length) fail("newer_schema", { got: version, newest: migrations.length });
  const steps = migrations.slice(version).map((migration, i) => {
    const added = `INSERT INTO schema_versions (version, applied) VALUES (${version + i + 1}, ${Date.now()});`;
    return `${migration[kind]}\n${added}`;
  });
  // Of processes that start together, one applies a version; the other's transaction fails on its number.
  if (steps.length > 0) await script(`BEGIN; ${steps.join("\n")} COMMIT;`);
}

function sqlite(file: string): Connection {
  const db = new SqliteDatabase(file);
  // Another process may be writing.
  db.exec("PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
  db.defaultSafeIntegers(true);
  return {
    kind: "sqlite",
    // `$1` would be a name here; a parameter by number is `?1`.
    query: (sql, ...values) => attempt(() => db.prepare(sql.replace(/\$(\d)/g, "?$1")).all(values) as Row[]),
    script: async (sql) => {
      await attempt(() => db.exec(sql));
    },
    close: () => attempt(() => db.close()).then(() => undefined),
  };
}

function postgres(url: string): Connection {
  const pool = new Pool({ connectionString: url, keepAlive: true, connectionTimeoutMillis: 10_000 });
  // A connection that breaks is replaced by the pool; whoever uses it hears of it from the query.
  pool.on("error", () => undefined);
  const run = async (sql: string, values?: unknown[]): Promise<Row[]> => {
    try {
      return (await pool.query<Row>(sql, values)).rows;
    } catch (error) {
      throw storeFailed(error);
    }
  };
  return {
    kind: "postgres",
    query: (sql, ...values) => run(sql, values),
    script: async (sql) => {
      await run(sql);
    },
    close: () => pool.end(),
  };
}

function attempt<T>(act: () => T): Promise<T> {
  return new Promise((resolve) => resolve(act())).catch((error: unknown) => {
    throw storeFailed(error);
  }) as Promise<T>;
}
