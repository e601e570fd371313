import { mock } from "node:test";

import type Database from "libsql";

import { Checkpoints } from "../../src/store/checkpoints";

/** Commits from one checkpoint to the next. */
const COMMITS = 3;

const commits = new WeakMap<object, number>();

/**
 * Until all mocks are restored a checkpoint is part of the commit that it follows. By a thread of its own it would be done when
 * the machine likes, and a disk that is looked at meanwhile would be one that never was.
 */
export function checkpointAtOnce(): void {
  mock.method(Checkpoints.prototype, "committed", function (this: object) {
    const { db } = this as { readonly db: Database.Database };
    const made = (commits.get(db) ?? 0) + 1;
    commits.set(db, made);
    if (made % COMMITS === 0) db.exec("PRAGMA wal_checkpoint(PASSIVE)");
  });
}
