import path from "node:path";

import Database from "libsql";

import { openStore, type Store } from "../../src/store";
import { afterTest } from "./afterTest";
import { execute, serverAddress } from "./postgres";
import { temporaryFolder } from "./temporaryFolder";

/** A database that the store runs on. */
export interface TestDatabase {
  readonly name: "SQLite" | "PostgreSQL";
  /** The address of an empty database that goes with the test. */
  fresh(context: Mocha.Context): Promise<string>;
  /** Runs SQL beside the store. */
  execute(url: string, sql: string): Promise<void>;
  /** SQL that makes the database refuse commits, and accept them again. */
  readonly refuse: string;
  readonly accept: string;
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
  refuse: "CREATE TRIGGER refuse BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'refused'); END",
  accept: "DROP TRIGGER refuse",
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
  refuse: "ALTER TABLE events ADD CONSTRAINT refuse CHECK (false) NOT VALID",
  accept: "ALTER TABLE events DROP CONSTRAINT refuse",
};

/** The same suite on each of them. */
export function onEachDatabase(title: string, suite: (database: TestDatabase) => void): void {
  for (const database of [SQLITE, POSTGRES]) describe(`${title} on ${database.name}`, () => suite(database));
}

/** A store that is closed with the test. */
export async function openTestStore(context: Mocha.Context, url: string): Promise<Store> {
  const store = await openStore(url);
  afterTest(context, () => store.close());
  return store;
}
