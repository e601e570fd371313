import { expect } from "chai";
import Database from "libsql";

import { ZERO_HASH, type ChannelId } from "../../src/protocol";
import { loadLedger } from "../../src/service/loadLedger";
import { openStore } from "../../src/store";
import type { EventQuery } from "../../src/store";
import { AccountEvents } from "../../src/store/accountEvents";
import { Closings } from "../../src/store/closings";
import { EventLog } from "../../src/store/eventLog";
import { LedgerRows } from "../../src/store/ledgerRows";
import { NEWEST } from "../../src/store/migrations";
import { ENTER_PLACES } from "../../src/store/places";
import type { Query, Row, Value } from "../../src/store/query";
import { SignedMessages } from "../../src/store/signedMessages";
import { SQLITE_DIALECT } from "../../src/store/sqlite";
import { openTestStore, SQLITE } from "../helpers/databases";
import { expectError } from "../helpers/errors";
import { freshService, issue, openHosted, POINTS, pointsOf, SYSTEM } from "../helpers/service";
import { storeSuite } from "./suite";

describe("SqliteStore", () => {
  storeSuite(SQLITE);

  it("finds an account's events, and those of a type or reference, without reading the log", async function () {
    const { url, service } = await freshService(this);
    const account = await openHosted(service, "alice", 100n);
    const to = await openHosted(service, "bob");
    await service.submit({ type: "pay", from: account, to, token: POINTS, amount: 1n, reference: ZERO_HASH });
    const db = new Database(url.slice("sqlite:".length));
    const asked: [string, Value[]][] = [];
    const query: Query = (sql, ...values) => {
      const inSqlite = sql.replace(/\$(\d)/g, "?$1");
      asked.push([inSqlite, values]);
      return Promise.resolve(db.prepare(inSqlite).all(values) as Row[]);
    };
    const log = new EventLog(
      query,
      new AccountEvents(query, query, SQLITE_DIALECT),
      SQLITE_DIALECT,
      new Closings(query, SQLITE_DIALECT),
    );
    const queries: Partial<EventQuery>[] = [
      { account },
      { account, token: POINTS, from: 5, until: Date.now() + 1_000, order: "descending" },
      { account, types: ["money.issued"], after: 3n, before: 7n },
      { types: ["asset.added", "asset.limitChanged"], token: POINTS, until: 9, order: "descending" },
      { types: ["payment.locked"], references: [ZERO_HASH] },
    ];
    for (const one of queries) await log.events(SYSTEM, { limit: 9, ...one });
    await log.totals(SYSTEM, POINTS, { accounts: [account] });
    for (const [sql, values] of asked) {
      const plan = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(values) as { detail: string }[];
      const steps = plan.map(({ detail }) => detail);
      const scanned = steps.filter((step) => /^SCAN (?!(s\d|entries|search|CONSTANT|\(subquery))/.test(step));
      expect(scanned, sql).to.deep.equal([]);
      expect(
        steps.some((step) => /^SEARCH events USING PRIMARY KEY \(system=\?\)$/.test(step)) &&
          !sql.includes("max(number)"),
        sql,
      ).to.equal(false);
    }
    db.close();
  });

  it("adds up an account's entries as of one moment, whatever is committed meanwhile", async function () {
    const { url, service } = await freshService(this);
    const account = await openHosted(service, "alice", 100n);
    const to = await openHosted(service, "bob");
    const db = new Database(url.slice("sqlite:".length));
    let paid = 0;
    const query: Query = async (sql, ...values) => {
      const rows = db.prepare(sql.replace(/\$(\d)/g, "?$1")).all(values) as Row[];
      const request = { type: "pay", from: account, to, token: POINTS, amount: 1n, reference: ZERO_HASH } as const;
      await service.submit(request);
      paid += 1;
      return rows;
    };
    const finding: Query = (sql, ...values) => {
      db.exec(`BEGIN; ${ENTER_PLACES} COMMIT`);
      return query(sql, ...values);
    };
    const moved = await new AccountEvents(query, finding, SQLITE_DIALECT).moved(SYSTEM, account, { token: POINTS });
    expect([moved, pointsOf(service, account)]).to.deep.equal([100n, 100n - BigInt(paid)]);
    db.close();
  });

  it("reads all accounts and channels of a start in their order, none of them sorted again for each page", async function () {
    const url = await SQLITE.fresh(this);
    await openTestStore(this, url);
    const asked: string[] = [];
    const query = (sql: string) => {
      asked.push(sql);
      return Promise.resolve([{ rows: null }]);
    };
    const rows = new LedgerRows(query, query, SQLITE_DIALECT);
    for await (const page of rows.accounts(SYSTEM)) expect(page).to.deep.equal([]);
    for await (const page of rows.channels(SYSTEM)) expect(page).to.deep.equal([]);
    expect(asked).to.have.length(2);
    const db = new Database(url.slice("sqlite:".length));
    for (const sql of asked) {
      const plan = db
        .prepare(`EXPLAIN QUERY PLAN ${sql.replace(/\$(\d)/g, "?$1")}`)
        .all([Buffer.alloc(20), Buffer.alloc(20)]);
      expect(JSON.stringify(plan)).not.to.contain("ORDER BY");
    }
    db.close();
  });

  it("finds a channel's states and notes, and the latest of them, by the places that are entered", async function () {
    const url = await SQLITE.fresh(this);
    await openTestStore(this, url);
    const db = new Database(url.slice("sqlite:".length));
    const asked: [string, Value[]][] = [];
    const query: Query = (sql, ...values) => {
      asked.push([sql.replace(/\$(\d)/g, "?$1"), values]);
      return Promise.resolve([{ rows: null }]);
    };
    const [signed, rows] = [new SignedMessages(query, SQLITE_DIALECT), new LedgerRows(query, query, SQLITE_DIALECT)];
    const none = () => undefined;
    await signed.state(ZERO_HASH as string as ChannelId, 1n).catch(none);
    await signed.note(ZERO_HASH as string as ChannelId, 1n).catch(none);
    await rows.channels(SYSTEM).next();
    await rows.unfoldedNotes(SYSTEM, 9).catch(none);
    const found = asked.map(([sql, values]) => {
      const plan = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(values) as { detail: string }[];
      const steps = plan.map(({ detail }) => detail.replace(/ LEFT-JOIN$/, ""));
      return steps.filter((step) => /^(SEARCH|SCAN) (state_places|note_places|p|m|s|n)\b/.test(step));
    });
    const row = (named: string) => `SEARCH ${named} USING INTEGER PRIMARY KEY (rowid=?)`;
    const place = (named: string, numbered = "") => `SEARCH ${named} USING PRIMARY KEY (channel=?${numbered})`;
    const one = (numbered: string) => [place("p", numbered), row("m")];
    const latest = [row("s"), place("state_places"), row("n"), place("note_places")];
    const unfolded = [...latest, ...one(" AND seq>? AND seq<?")];
    expect(found).to.deep.equal([one(" AND version=?"), one(" AND seq=?"), latest, unfolded]);
    db.close();
  });

  it("enters where states and notes are, of a part of the channels after so many, and all before any is looked for", async function () {
    const { url, store, service } = await freshService(this);
    const alice = await openHosted(service, "alice");
    const { id } = service.channelOf(alice, POINTS)!;
    const db = new Database(url.slice("sqlite:".length));
    const read = (sql: string) => db.prepare(sql).raw().all([]).flat();
    const entered = () => read("SELECT notes FROM entered_places ORDER BY part");
    const found = () => read("SELECT count(*) FROM note_places");
    const all = (notes: number) => Array.from({ length: 8 }, () => notes);
    await issue(service, alice, 1n);
    expect([entered(), found()]).to.deep.equal([all(0), [0]]);
    expect((await store.signed.note(id, 1n))?.message.credited).to.equal(1n);
    expect([entered(), found()]).to.deep.equal([all(1), [1]]);
    const part = Number(BigInt(id) >> 253n);
    const after = all(1);
    for (let round = 0; round < 9; round++) {
      await Promise.all(Array.from({ length: 2_048 }, () => issue(service, alice, 1n)));
      after[round % 8] = 2_049 + 2_048 * round;
      expect([entered(), found()]).to.deep.equal([after, [after[part]]]);
    }
    const numbers = [1n, 2n, 14_567n, 18_432n, 18_433n, 18_434n];
    const notes = await Promise.all(numbers.map((seq) => store.signed.note(id, seq)));
    expect(notes.map((note) => note?.message.credited)).to.deep.equal([...numbers.slice(0, 5), undefined]);
    expect([entered(), found()]).to.deep.equal([all(18_433), [18_433]]);
    db.close();
  });

  it("has each channel in one of the parts, by the first byte of its id", async function () {
    const url = await SQLITE.fresh(this);
    await openTestStore(this, url);
    const db = new Database(url.slice("sqlite:".length));
    const partsOf = db.prepare("SELECT part FROM entered_places WHERE ? BETWEEN first AND last").raw();
    const found = Array.from({ length: 256 }, (_, byte) => partsOf.all([Buffer.from([byte])]).flat());
    expect(found).to.deep.equal(Array.from({ length: 256 }, (_, byte) => [byte >> 5]));
    db.close();
  });

  it("finds no second state or note of one number (store_failed)", async function () {
    const { url, store, service } = await freshService(this);
    const alice = await openHosted(service, "alice", 5n);
    const { id } = service.channelOf(alice, POINTS)!;
    const columns = "channel, seq, credited, locked, locks_expiry, locks_root, memo, commit_id, leaf";
    await SQLITE.execute(url, `INSERT INTO notes (${columns}) SELECT ${columns} FROM notes`);
    const reason = "UNIQUE constraint failed: note_places.channel, note_places.seq";
    await expectError(() => store.signed.note(id, 1n), "store_failed", { reason });
    await SQLITE.execute(url, "DELETE FROM notes WHERE place = 2");
    expect((await store.signed.note(id, 1n))?.message.credited).to.equal(5n);
  });

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

  it("keeps text as it is, whatever it would mean to SQLite", async function () {
    const { store, service } = await freshService(this);
    const alice = await openHosted(service, "alice");
    const keys = ["it's", "');DROP TABLE replies;--", "$1 ?1 :a @b", "雪\ud83d\ude00\n\\"];
    const request = { type: "issue", account: alice, token: POINTS, amount: 1n, reference: ZERO_HASH } as const;
    for (const key of keys) await service.submit(request, key);
    expect((await store.replies(keys)).map(({ key }) => key)).to.have.members(keys);
    const again = await service.submit(request, keys[0]);
    await expectError(() => service.submit(request, "a\0b"), "store_failed", { reason: "text with a zero in it" });
    expect([again.replayed, pointsOf(service, alice)]).to.deep.equal([true, 4n]);
  });

  it("leaves nothing of a commit that the database refuses at its end, and takes the next (store_failed)", async function () {
    const { url, store, service } = await freshService(this);
    const alice = await openHosted(service, "alice");
    const last = await store.lastCommit(SYSTEM);
    // The foreign key is looked at when the transaction is to be committed.
    await SQLITE.execute(
      url,
      `CREATE TABLE parents (id INTEGER PRIMARY KEY);
       CREATE TABLE children (parent INTEGER REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED);
       CREATE TRIGGER orphan AFTER INSERT ON commits BEGIN INSERT INTO children VALUES (1); END`,
    );
    await expectError(() => issue(service, alice, 5n), "store_failed", { reason: "FOREIGN KEY constraint failed" });
    expect([await store.lastCommit(SYSTEM), await store.ledger.accountCount(SYSTEM)]).to.deep.equal([last, 1]);
    await SQLITE.execute(url, "DROP TRIGGER orphan");
    await issue(service, alice, 7n);
    expect([await store.lastCommit(SYSTEM), pointsOf(service, alice)]).to.deep.equal([last + 1n, 7n]);
  });

  it("reads a ledger aside, and commits, and answers, without either in the midst of the other", async function () {
    const { store, service } = await freshService(this);
    const alice = await openHosted(service, "alice");
    const credited = async () => {
      const ledger = await loadLedger(store, SYSTEM);
      return ledger.channelOf(SYSTEM, alice, POINTS)!.note.credited;
    };
    const [, before, , last, between, , after] = await Promise.all([
      ...([issue(service, alice, 1n), credited(), issue(service, alice, 2n), store.lastCommit(SYSTEM)] as const),
      ...([credited(), issue(service, alice, 4n), credited()] as const),
    ]);
    expect([before, between, after].every((amount) => [0n, 1n, 3n, 7n].includes(amount))).to.equal(true);
    expect(last <= (await store.lastCommit(SYSTEM))).to.equal(true);
    expect(await credited()).to.equal(7n);
  });

  it("says that a ledger cannot be read, and goes on (store_failed)", async function () {
    const { url, store } = await freshService(this);
    await loadLedger(store, SYSTEM);
    await SQLITE.execute(url, "ALTER TABLE channels RENAME TO hidden");
    await expectError(() => loadLedger(store, SYSTEM), "store_failed");
    await SQLITE.execute(url, "ALTER TABLE hidden RENAME TO channels");
    expect((await loadLedger(store, SYSTEM)).assets.size).to.equal(2);
  });
});
