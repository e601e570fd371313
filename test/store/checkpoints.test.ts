import { copyFileSync } from "node:fs";
import path from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";

import { expect } from "chai";
import Database from "libsql";

import { Checkpoints } from "../../src/store/checkpoints";
import { temporaryFolder } from "../helpers/temporaryFolder";

/** Characters of four commits that are worth a checkpoint. */
const ENOUGH = 250_000;

describe("Checkpoints", () => {
  const open = (file: string) => {
    const writer = new Database(file);
    writer.exec("PRAGMA journal_mode = WAL; CREATE TABLE rows (id INTEGER PRIMARY KEY); PRAGMA wal_checkpoint");
    return writer;
  };

  /** The rows of the file without its log. */
  const rowsInFile = (file: string): number => {
    const alone = `${file}.alone`;
    copyFileSync(file, alone);
    const db = new Database(alone);
    const { rows } = db.prepare("SELECT count(*) AS rows FROM rows").get([]) as { rows: number };
    db.close();
    return rows;
  };

  it("bring what commits wrote from the log into the file, now and then and beside them", async function () {
    const file = path.join(temporaryFolder(this), "rows.db");
    const writer = open(file);
    const checkpoints = new Checkpoints(file, writer);
    for (let i = 1; i <= 3; i++) {
      writer.exec(`INSERT INTO rows VALUES (${i})`);
      checkpoints.committed(ENOUGH);
      await nextTurn();
    }
    expect(rowsInFile(file)).to.equal(0);
    writer.exec("INSERT INTO rows VALUES (4)");
    checkpoints.committed(ENOUGH);
    await checkpoints.close();
    expect(rowsInFile(file)).to.equal(4);
    writer.close();
  });

  it("let many small commits gather", async function () {
    const file = path.join(temporaryFolder(this), "rows.db");
    const writer = open(file);
    const checkpoints = new Checkpoints(file, writer);
    const commit = (row: number) => {
      writer.exec(`INSERT INTO rows VALUES (${row})`);
      checkpoints.committed(ENOUGH / 2 - 1);
      return nextTurn();
    };
    for (let row = 1; row <= 8; row++) await commit(row);
    expect(rowsInFile(file)).to.equal(0);
    await commit(9);
    await checkpoints.close();
    expect(rowsInFile(file)).to.equal(9);
    writer.close();
  });

  it("leave in the log what is newer than somebody still reads, and no commit fails of it", async function () {
    const file = path.join(temporaryFolder(this), "rows.db");
    const writer = open(file);
    const checkpoints = new Checkpoints(file, writer);
    const reader = new Database(file);
    reader.exec("BEGIN; SELECT count(*) FROM rows");
    for (let i = 1; i <= 4; i++) {
      writer.exec(`INSERT INTO rows VALUES (${i})`);
      checkpoints.committed(ENOUGH);
    }
    await checkpoints.close();
    expect(rowsInFile(file)).to.equal(0);
    expect(writer.prepare("SELECT count(*) AS rows FROM rows").get([])).to.include({ rows: 4 });
    reader.close();
    writer.close();
  });
});
