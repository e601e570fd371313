import { expect } from "chai";
import Database from "libsql";

import { openStore } from "../../src/store";
import { NEWEST } from "../../src/store/migrations";
import { openTestStore, SQLITE } from "../helpers/databases";
import { expectError } from "../helpers/errors";
import { storeSuite } from "./suite";

describe("SqliteStore", () => {
  storeSuite(SQLITE);

  it("syncs every commit: write-ahead log, synchronous FULL", async function () {
    const url = await SQLITE.fresh(this);
    await openTestStore(this, url);
    const db = new Database(url.slice("sqlite:".length));
    expect(db.prepare("PRAGMA journal_mode").get([])).to.include({ journal_mode: "wal" });
    db.close();
  });

  it("shows a program of schema 1 or 2 that it is too old", async function () {
    const url = await SQLITE.fresh(this);
    await openTestStore(this, url);
    const db = new Database(url.slice("sqlite:".length));
    expect(db.prepare("PRAGMA user_version").get([])).to.include({ user_version: NEWEST });
    db.close();
  });

  it("names a file that cannot be opened (store_failed)", async () => {
    await expectError(() => openStore("sqlite:/nowhere/service.db"), "store_failed");
  });
});
