import Database from "libsql";
import AsyncDatabase from "libsql/promise";

import { fail } from "../errors";
import { fromHex } from "../protocol";
import { Checkpoints } from "./checkpoints";
import type { Dialect } from "./dialect";
import { reasonOf, storeFailed } from "./failure";
import { requireNext } from "./fence";
import type { Lease } from "./lease";
import { ARE_ENTERED, ENTER_PLACES, Places } from "./places";
import { migrationsFrom, NEWEST, VERSIONS } from "./migrations";
import type { Row, Value } from "./query";
import { replyOf } from "./rows";
import { SqlStore } from "./sqlStore";
import type { Commit, StoredReply } from "./commit";
import type { Write } from "./store";
import { scriptOf } from "./script";

type Statement = ReturnType<Database.Database["prepare"]>;
type AsyncStatement = Awaited<ReturnType<AsyncDatabase["prepare"]>>;

export const SQLITE_DIALECT: Dialect = {
  now: "CAST(unixepoch('subsec') * 1000 AS INTEGER)",
  bytes: "BLOB",
  array: "json_array",
  hex: (column) => `lower(hex(${column}))`,
  ofChannel: { states: "channel_states", notes: "channel_notes" },
  isLatest: (messages, row, channel) => {
    const [places, number] = messages === "states" ? ["state_places", "version"] : ["note_places", "seq"];
    return `${row}.place = (SELECT place FROM ${places} WHERE channel = ${channel} ORDER BY ${number} DESC LIMIT 1)`;
  },
  // Amounts are text of any length here, sums 64 bits: ten digits at a time.
  sum: [40, 30, 20, 10]
    .map((place) => `sum(CAST(substr('${"0".repeat(40)}' || amount, -${place}, 10) AS INTEGER))`)
    .join(" || ',' || "),
};

/** Kibibytes of pages that are kept in memory. */
const CACHE = 32_768;

/** What a commit must follow. */
const SEEN = `SELECT (SELECT term FROM leases WHERE system = $1) AS term,
  (SELECT max(id) FROM commits WHERE system = $1) AS id,
  (SELECT max(number) FROM events WHERE system = $1) AS event`;

/**
 * The embedded store: one SQLite file, write-ahead log, every commit synced to disk before it resolves. A commit is written
 * and synced by a thread of the driver's, so that the service goes on meanwhile; whatever else is asked waits for it, since
 * a connection sees what it has not committed. Such a thread also reads what is read aside. All other work is done by whoever asks.
 */
export class SqliteStore extends SqlStore {
  private readonly checkpoints: Checkpoints;
  private readonly places = new Places();
  private readonly statements = new Map<string, Statement>();
  private readonly statementsAside = new Map<string, AsyncStatement>();
  /** When the last who asked for it may look for states and notes: in the order in which they did. */
  private upToDate: Promise<void> = Promise.resolve();
  /** What a thread of the driver's does: writes and syncs a commit, or reads. */
  private aside: Promise<unknown> | null = null;

  /**
   * Opens or creates the file, and brings it to the newest schema.
   * @param path a file, or `:memory:` for one that nothing outlives
   * @throws newer_schema, store_failed
   */
  static open(path: string): Promise<SqliteStore> {
    try {
      return Promise.resolve(new SqliteStore(path, new Database(path)));
    } catch (error) {
      return Promise.reject(storeFailed(error));
    }
  }

  private constructor(
    path: string,
    private readonly db: Database.Database,
  ) {
    super(SQLITE_DIALECT);
    try {
      // Another process may be writing.
      db.exec("PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
      db.exec(`PRAGMA cache_size = -${CACHE}`);
      db.defaultSafeIntegers(true);
      this.migrate();
      this.checkpoints = new Checkpoints(path, db);
    } catch (error) {
      db.close();
      throw error;
    }
  }

  prepare(commit: Commit): Write {
    const script = `${scriptOf(commit)}${this.places.after(commit)}COMMIT`;
    return (lease) => this.write(commit, script, lease);
  }

  private async write(commit: Commit, script: string, lease: Lease): Promise<void> {
    await this.between(() => {
      this.begin(commit, lease);
      this.aside = AsyncDatabase.prototype.exec.call(this.db, script);
    });
    try {
      await this.aside;
      this.checkpoints.committed(script.length);
    } catch (error) {
      if (this.rollBack()) throw storeFailed(error);
      // What of it is in the log is known when the log is read again.
      fail("outcome_unknown", { reason: reasonOf(error) });
    } finally {
      this.aside = null;
    }
  }

  replies(keys: readonly string[]): Promise<StoredReply[]> {
    const sql = `SELECT * FROM replies
      WHERE system IN (SELECT system FROM leases) AND key IN (SELECT value FROM json_each($1))`;
    return this.between(() => this.all(sql, JSON.stringify(keys)).map(replyOf));
  }

  protected query(sql: string, ...values: Value[]): Promise<Row[]> {
    return this.between(() => this.all(sql, ...values));
  }

  protected override bringUpToDate(): Promise<void> {
    return (this.upToDate = this.upToDate.catch(() => undefined).then(() => this.enterPlaces()));
  }

  protected override queryAside(sql: string, ...values: Value[]): Promise<Row[]> {
    return this.inThread(() => this.allAside(sql, values));
  }

  protected disconnect(): Promise<void> {
    return this.between(() => void this.db.close()).then(() => this.checkpoints.close());
  }

  /** Acts while no other thread does. */
  private async between<T>(act: () => T): Promise<T> {
    while (this.aside !== null) await this.aside.catch(() => undefined);
    try {
      return act();
    } catch (error) {
      throw storeFailed(error);
    }
  }

  private async enterPlaces(): Promise<void> {
    if ((await this.query(ARE_ENTERED)).length > 0) return;
    await this.inThread(() => AsyncDatabase.prototype.exec.call(this.db, `BEGIN IMMEDIATE; ${ENTER_PLACES} COMMIT`));
  }

  /** Has another thread do what is begun, while nobody else acts. */
  private async inThread<T>(begin: () => Promise<T>): Promise<T> {
    try {
      return await this.between(() => (this.aside = begin()));
    } catch (error) {
      this.rollBack();
      throw storeFailed(error);
    } finally {
      this.aside = null;
    }
  }

  /** Ends a transaction that is still open; returns whether there was one, of which nothing has happened then. */
  private rollBack(): boolean {
    if (!this.db.inTransaction) return false;
    this.db.exec("ROLLBACK");
    return true;
  }

  /** Begins the transaction of a commit that is the next one. */
  private begin(commit: Commit, lease: Lease): void {
    this.db.exec("BEGIN IMMEDIATE");
    try {
      const [seen] = this.all(SEEN, fromHex(commit.system));
      requireNext(commit, lease, seen);
    } catch (error) {
      this.rollBack();
      throw error;
    }
  }

  private migrate(): void {
    this.db.exec("BEGIN IMMEDIATE");
    try {
      this.db.exec(VERSIONS.create);
      // Schemas 1 and 2 kept their version in the file's header alone.
      const [header] = this.all("PRAGMA user_version");
      const [latest] = this.all(VERSIONS.latest);
      for (const { version, migration } of migrationsFrom(Number(latest?.["version"] ?? header?.["user_version"]))) {
        this.db.exec(migration.sqlite);
        this.statement(VERSIONS.add).run([BigInt(version), BigInt(Date.now())]);
        if (version === NEWEST) this.db.exec(VERSIONS.depose);
      }
      // There a program of schema 1 or 2 sees that it is too old.
      this.db.exec(`PRAGMA user_version = ${NEWEST}; COMMIT;`);
    } catch (error) {
      this.rollBack();
      throw error;
    }
  }

  private all(sql: string, ...values: Value[]): Row[] {
    return this.statement(sql).all(values) as Row[];
  }

  /** With a statement that is known, the other thread has begun when this returns: this one may be busy from then on. */
  private async allAside(sql: string, values: Value[]): Promise<Row[]> {
    let statement = this.statementsAside.get(sql);
    if (statement === undefined) {
      statement = await AsyncDatabase.prototype.prepare.call(this.db, numbered(sql));
      this.statementsAside.set(sql, statement);
    }
    return (await statement.all(values)) as Row[];
  }

  private statement(sql: string): Statement {
    let statement = this.statements.get(sql);
    if (statement === undefined) this.statements.set(sql, (statement = this.db.prepare(numbered(sql))));
    return statement;
  }
}

/** `$1` would be a name here; a parameter by number is `?1`. */
function numbered(sql: string): string {
  return sql.replace(/\$(\d)/g, "?$1");
}
