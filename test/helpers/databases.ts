import { createHash } from "node:crypto";
import path from "node:path";

import Database from "libsql";
import { Client } from "pg";

import { toJson } from "../../src/protocol/json";
import { openStore, type Store } from "../../src/store";
import { afterTest } from "./afterTest";
import { execute, query, serverAddress } from "./postgres";
import { temporaryFolder } from "./temporaryFolder";

/** What changes by itself, and so is no part of a {@link TestDatabase.digest}. */
const TABLES = ["leases", "webhook_deliveries"];
/** What follows from other tables of SQLite's, and comes when it is needed. */
const PLACES = ["state_places", "note_places", "entered_places"];
const PROGRESS = ["position", "failures", "failing_since", "next_attempt"];

/** A database that the store runs on. */
export interface TestDatabase {
  readonly name: "SQLite" | "PostgreSQL";
  /** The address of an empty database that goes with the test. */
  fresh(context: Mocha.Context): Promise<string>;
  /** Runs SQL beside the store. */
  execute(url: string, sql: string): Promise<void>;
  /** Acts while nobody is in the middle of a write that keeps others from theirs. */
  whileQuiet(url: string, act: () => void): void;
  /** SQL that makes the database refuse commits, and accept them again. */
  readonly refuse: string;
  readonly accept: string;
  /** A hash of all that the store holds, but for its leases, and for what comes of telling webhooks by itself. */
  digest(url: string): Promise<string>;
  /** What tells, while the test runs, by another value that something was written, of which {@link digest} may say nothing. */
  writes(context: Mocha.Context, url: string): Promise<() => Promise<unknown>>;
}

export const SQLITE: TestDatabase = {
  name: "SQLite",
  fresh: (context) => Promise.resolve(`sqlite:${path.join(temporaryFolder(context), "service.db")}`),
  execute: (url, sql) => {
    const db = new Database(url.slice("sqlite:".length));
    db.exec(sql);
    db.close();
    return Promise.resolve();
  },
  whileQuiet: (url, act) => {
    const db = new Database(url.slice("sqlite:".length));
    db.exec("PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE");
    act();
    db.close();
  },
  refuse: "CREATE TRIGGER refuse BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'refused'); END",
  accept: "DROP TRIGGER refuse",
  digest: (url) => {
    const db = new Database(url.slice("sqlite:".length)).defaultSafeIntegers(true);
    const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1");
    const names = (tables.all() as { name: string }[])
      .map(({ name }) => name)
      .filter((name) => ![...TABLES, ...PLACES].includes(name));
    const lasting = (name: string) =>
      (db.prepare(`SELECT name FROM pragma_table_info('${name}')`).all() as { name: string }[])
        .filter((column) => !PROGRESS.includes(column.name))
        .map((column) => `"${column.name}"`);
    const rows = names.map((name) => [
      name,
      db
        .prepare(`SELECT ${lasting(name).join()} FROM "${name}"`)
        .raw()
        .all(),
    ]);
    db.close();
    return Promise.resolve(hashOf(rows));
  },
  writes: (context, url) => {
    const db = new Database(url.slice("sqlite:".length));
    afterTest(context, () => db.close());
    const version = db.prepare("PRAGMA data_version");
    return Promise.resolve(() => Promise.resolve((version.get() as { data_version: number }).data_version));
  },
};

let schemas = 0;

/** Each test has a schema of its own on one server. */
export const POSTGRES: TestDatabase = {
  name: "PostgreSQL",
  fresh: async (context) => {
    const server = await serverAddress();
    const schema = `test_${(schemas += 1)}`;
    await execute(server, `CREATE SCHEMA ${schema}`);
    afterTest(context, () => execute(server, `DROP SCHEMA ${schema} CASCADE`));
    return `${server}?options=${encodeURIComponent(`-c search_path=${schema}`)}`;
  },
  execute,
  // Without a request no process holds a lock between two statements.
  whileQuiet: (_, act) => act(),
  refuse: "ALTER TABLE events ADD CONSTRAINT refuse CHECK (false) NOT VALID",
  accept: "ALTER TABLE events DROP CONSTRAINT refuse",
  digest: async (url) => {
    const tables = await query(
      url,
      `SELECT quote_ident(table_name) AS name FROM information_schema.tables
        WHERE table_schema = current_schema() AND table_name NOT IN ('${TABLES.join("', '")}')`,
    );
    const progress = `'{${PROGRESS.join()}}'::text[]`;
    const rows = tables.map(
      ({ name }) => `SELECT '${name}' AS name, (to_jsonb(t) - ${progress})::text AS row FROM ${name} t`,
    );
    return hashOf(await query(url, `${rows.join(" UNION ALL ")} ORDER BY 1, 2`));
  },
  writes: async (context, url) => {
    const client = new Client({ connectionString: url });
    await client.connect();
    afterTest(context, () => client.end());
    return async () => (await client.query<{ at: string }>("SELECT pg_current_wal_insert_lsn() AS at")).rows[0]!.at;
  },
};

const suites = new WeakMap<Mocha.Suite, TestDatabase>();

/** The same suite on each of them; what its tests start without naming a database is on that one. */
export function onEachDatabase(title: string, suite: (database: TestDatabase) => void): void {
  for (const database of [SQLITE, POSTGRES]) {
    suites.set(
      describe(`${title} on ${database.name}`, () => suite(database)),
      database,
    );
  }
}

/** The database that the test is run on: SQLite unless its suite is run on each. */
export function databaseOf(context: Mocha.Context): TestDatabase {
  let suite = context.runnable().parent;
  while (suite !== undefined && !suites.has(suite)) suite = suite.parent;
  return (suite && suites.get(suite)) ?? SQLITE;
}

/** A store that is closed with the test. */
export async function openTestStore(context: Mocha.Context, url: string): Promise<Store> {
  const store = await openStore(url);
  afterTest(context, () => store.close());
  return store;
}

/** {@link TestDatabase.digest}, taken anew only when something was written since. */
export async function digestOfWrites(context: Mocha.Context, url: string): Promise<() => Promise<string>> {
  const database = databaseOf(context);
  const writes = await database.writes(context, url);
  let [seen, digest]: [unknown, string] = [undefined, ""];
  return async () => {
    const now = await writes();
    if (now !== seen) [seen, digest] = [now, await database.digest(url)];
    return digest;
  };
}

function hashOf(rows: unknown): string {
  return createHash("sha256").update(toJson(rows)).digest("hex");
}
