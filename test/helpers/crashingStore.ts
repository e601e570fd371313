import { SqliteStore } from "../../src/store";
import type { Commit } from "../../src/store/store";

/** The process died at this point of a commit. */
export class Crash extends Error {}

/** A real SQLite store whose process dies before or after a commit is durable, or in the middle of its writes. */
export class CrashingStore extends SqliteStore {
  crashAt: "never" | "before" | "within" | "after" = "never";

  override commit(commit: Commit): void {
    if (this.crashAt === "before") throw new Crash("before");
    if (this.crashAt === "within") {
      // The last journal line breaks: what was written before it must vanish with it.
      const { journal } = commit.changes;
      const broken = [...journal, { ...journal[0]!, amount: null as unknown as bigint }];
      try {
        super.commit({ ...commit, changes: { ...commit.changes, journal: broken } });
      } catch {
        throw new Crash("within");
      }
      return;
    }
    super.commit(commit);
    if (this.crashAt === "after") throw new Crash("after");
  }
}
