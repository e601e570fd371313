import Database from "libsql";
import AsyncDatabase from "libsql/promise";

/** Commits from one checkpoint to the next at least: a few, for what one syncs at once holds up the syncs of commits. */
const COMMITS = 4;
/** Characters of their scripts at least: small commits change the same pages again and again, which need to be brought once. */
const CHARACTERS = 1_000_000;
/** Pages of the log at which a commit brings into the file what the checkpoints beside it have left. */
const LONGEST_LOG = 40_000;

/**
 * Brings what is in a SQLite file's log into the file, by a connection and a thread of its own beside the commits. SQLite
 * itself does it within a commit, every thousand pages, and whoever waits for that commit waits for two more syncs. What
 * fails here, or is always overtaken by the next commits, a commit does once the log is long.
 */
export class Checkpoints {
  private commits = 0;
  private characters = 0;
  private underWay: Promise<void> | null = null;
  private readonly db: Database.Database;

  /** @param writer the connection that commits */
  constructor(path: string, writer: Database.Database) {
    writer.exec(`PRAGMA wal_autocheckpoint = ${LONGEST_LOG}`);
    this.db = new Database(path);
  }

  /**
   * To be called after every commit.
   * @param characters of its script
   */
  committed(characters: number): void {
    this.commits += 1;
    this.characters += characters;
    if (this.commits < COMMITS || this.characters < CHARACTERS || this.underWay !== null) return;
    this.commits = this.characters = 0;
    this.underWay = AsyncDatabase.prototype.exec
      .call(this.db, "PRAGMA wal_checkpoint(PASSIVE)")
      .catch(() => undefined)
      .finally(() => (this.underWay = null));
  }

  async close(): Promise<void> {
    await this.underWay;
    this.db.close();
  }
}
