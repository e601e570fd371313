import path from "node:path";

import { expect } from "chai";
import Database from "libsql";

import { Batch, Ledger } from "../../src/engine";
import { newChannel } from "../../src/engine/steps/openAccount";
import { channelId, fromHex, NO_FUNDS, toJson } from "../../src/protocol";
import { SqliteStore } from "../../src/store";
import { MIGRATIONS } from "../../src/store/schema";
import { expectError } from "../helpers/errors";
import { freshService, issue, openHosted, person, POINTS, SYSTEM, temporaryFolder } from "../helpers/service";

describe("SqliteStore", () => {
  it("syncs every commit: write-ahead log, synchronous FULL", function () {
    const file = path.join(temporaryFolder(this), "a.db");
    const store = new SqliteStore(file);
    const db = new Database(file);
    expect(db.prepare("PRAGMA journal_mode").get()).to.include({ journal_mode: "wal" });
    db.close();
    store.close();
  });

  it("opens an existing file at its newest schema, and refuses one of a newer program", async function () {
    const file = path.join(temporaryFolder(this), "a.db");
    new SqliteStore(file).close();
    const again = new SqliteStore(file);
    expect(again.lastCommit).to.equal(0n);
    again.close();
    const db = new Database(file);
    db.exec("PRAGMA user_version = 99");
    db.close();
    await expectError(() => new SqliteStore(file), "store_corrupt", { schema: 99 });
  });

  it("brings a file of the first schema, which knew no locks, to the newest", function () {
    const file = path.join(temporaryFolder(this), "a.db");
    const [first = ""] = MIGRATIONS;
    const db = new Database(file);
    db.exec(`${first} PRAGMA user_version = 1;`);
    const key = { system: SYSTEM, user: person("alice").address, token: POINTS, epoch: 0n };
    const id = channelId(key);
    db.prepare("INSERT INTO channels VALUES (?, ?, ?, ?, 0, 'open', ?, NULL, NULL, 0, 0)").run([
      ...[id, key.system, key.user, key.token].map((value) => fromHex(value)),
      toJson(NO_FUNDS),
    ]);
    db.close();
    const store = new SqliteStore(file);
    expect([...store.channels()]).to.deep.equal([newChannel(key, NO_FUNDS)]);
    expect([[...store.openHtlcs()], [...store.preimages()]]).to.deep.equal([[], []]);
    store.close();
  });

  it("takes commits in their order only", async function () {
    const { store } = await freshService(this);
    const changes = new Batch(new Ledger()).changes();
    const commit = { id: store.lastCommit + 2n, time: 0, changes, signature: null, consents: [], replies: [] };
    await expectError(() => store.commit(commit), "store_corrupt", { got: store.lastCommit + 2n });
  });

  it("gives back what was committed", async function () {
    const { store, service } = await freshService(this);
    const alice = await openHosted(service, "alice", 7n);
    const bob = await openHosted(service, "bob");
    const request = { type: "pay", from: alice, to: bob, token: POINTS, amount: 3n, reference: POINTS } as const;
    await service.submit({ ...request, reference: `0x${"ab".repeat(32)}` as never }, "key");
    const { id, state, note } = service.channelOf(alice, POINTS)!;
    expect(store.state(id, 1n)?.message).to.deep.equal(state);
    expect(store.note(id, 1n)?.message).to.deep.equal(note);
    expect(store.state(id, 2n)).to.equal(undefined);
    expect(store.note(id, 2n)).to.equal(undefined);
    expect(store.commitProof(store.lastCommit)?.leaves).to.have.length(2);
    expect(store.commitProof(1n)).to.equal(undefined);
    expect(store.commitProof(999n)).to.equal(undefined);
    expect(store.consent(`0x${"ab".repeat(32)}` as never)).to.equal(undefined);
    expect(store.reply("key")?.key).to.equal("key");
    expect(store.reply("other")).to.equal(undefined);
    expect(Object.fromEntries(store.journalTotals(SYSTEM, POINTS))).to.deep.equal({
      issued: -7n,
      [alice]: 4n,
      [bob]: 3n,
    });
  });

  it("keeps amounts of 128 bits without loss", async function () {
    const most = 10n ** 28n;
    const { file, service, store } = await freshService(this);
    const alice = await openHosted(service, "alice", most - 1n);
    await issue(service, alice, 1n);
    store.close();
    const reopened = new SqliteStore(file);
    const channel = [...reopened.channels()].find(
      ({ key }) => key.user === person("alice").address && key.token === POINTS,
    );
    expect(channel?.note.credited).to.equal(most);
    expect([...reopened.unfoldedNotes(1)].map(({ seq }) => seq)).to.deep.equal([2n]);
    reopened.close();
  });
});
