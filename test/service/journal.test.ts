import { expect } from "chai";

import {
  eventHash,
  journalHead,
  journalStart,
  keccakText,
  verifyJournal,
  ZERO_HASH,
  type JournalAnchor,
  type JournalFinding,
} from "../../src/protocol";
import { journalOf } from "../../src/service/journalOf";
import { onEachDatabase } from "../helpers/databases";
import { freshService, openHosted, POINTS, startService, SYSTEM } from "../helpers/service";

onEachDatabase("The journal's hash chain", (database) => {
  /** Assets are events 1 and 2, accounts 3 and 5, issues 4 and 6, payments 7 to 16 in one commit. */
  async function journal(context: Mocha.Context) {
    const { url, store, service } = await freshService(context, undefined, database);
    const alice = await openHosted(service, "alice", 70n);
    const bob = await openHosted(service, "bob", 30n);
    const pay = (amount: bigint) =>
      service.submit({ type: "pay", from: alice, to: bob, token: POINTS, amount, reference: ZERO_HASH });
    await Promise.all(Array.from({ length: 10 }, (_, i) => pay(BigInt(i + 1))));
    const last = await store.lastCommit(SYSTEM);
    const { head } = (await store.journal.commits(SYSTEM, last - 1n, 1))[0]!;
    const anchor = (more: Partial<JournalAnchor> = {}): JournalAnchor => {
      return { token: POINTS, period: 0n, commit: last, head, total: 100n, ...more };
    };
    const verify = (anchors: readonly JournalAnchor[] = [anchor()], until = last) =>
      verifyJournal(journalOf(store, SYSTEM), until, anchors);
    const found = async (...sql: readonly string[]): Promise<readonly JournalFinding[]> => {
      for (const one of sql) await database.execute(url, one);
      return (await verify()).findings;
    };
    return { url, store, service, alice, bob, last, head, anchor, verify, found };
  }

  it("runs over every commit and event, and holds as it was written", async function () {
    const { store, service, verify, last, head } = await journal(this);
    expect(await verify()).to.deep.equal({ commits: last, events: 16n, head, findings: [] });
    let expected = journalStart(SYSTEM);
    const events = await service.events({ limit: 99 });
    for (let id = 1n; id <= last; id++) {
      const hashes = events.filter(({ commit }) => commit === id).map(eventHash);
      expected = journalHead(expected, { id, events: hashes });
    }
    expect(head).to.equal(expected);
    await service.stop();
    const restarted = await startService(store);
    const carol = await openHosted(restarted, "carol", 1n);
    expect(carol).to.match(/^0x/);
    expect((await verify([], last + 2n)).findings).to.deep.equal([]);
    expect((await verify()).events).to.equal(16n);
  });

  it("names a row that was rewritten", async function () {
    const { found, last } = await journal(this);
    const findings = await found("UPDATE events SET amount = 4 WHERE number = 9");
    expect(findings).to.deep.equal([{ kind: "event_rewritten", number: 9n, commit: last }]);
  });

  it("names a row that was rewritten so that nothing in it can be read", async function () {
    const { found } = await journal(this);
    const findings = await found("UPDATE events SET data = 'nothing' WHERE number = 4");
    expect(findings[0]).to.deep.equal({ kind: "event_rewritten", number: 4n, commit: 4n });
  });

  it("names a row that was removed, whether those after it were numbered anew or not", async function () {
    const { found, last } = await journal(this);
    const removed = [{ kind: "event_removed", number: 9n, commit: last }];
    expect(await found("DELETE FROM events WHERE number = 9")).to.deep.equal(removed);
    const renumbered = Array.from(
      { length: 7 },
      (_, i) => `UPDATE events SET number = ${i + 9} WHERE number = ${i + 10}`,
    );
    expect(await found(...renumbered)).to.deep.equal(removed);
  });

  it("names rows that were removed from the end", async function () {
    const { found, last } = await journal(this);
    expect(await found("DELETE FROM events WHERE number > 14")).to.deep.equal([
      { kind: "event_removed", number: 15n, commit: last },
      { kind: "event_removed", number: 16n, commit: last },
    ]);
  });

  it("names a row that was inserted, and whom it leaves with less than nothing", async function () {
    const { found, last, alice } = await journal(this);
    const columns = "system, commit_id, time, type, account, counterparty, party, token, reference, data";
    const findings = await found(
      ...Array.from({ length: 8 }, (_, i) => `UPDATE events SET number = ${17 - i} WHERE number = ${16 - i}`),
      `INSERT INTO events (number, amount, ${columns}) SELECT 9, 16, ${columns} FROM events WHERE number = 10`,
    );
    expect(findings).to.have.deep.members([
      { kind: "event_inserted", number: 9n },
      { kind: "overdrawn", commit: last, token: POINTS, account: alice, balance: -1n },
    ]);
  });

  it("names rows that were put into another order", async function () {
    const { found, last } = await journal(this);
    const swap = [
      "UPDATE events SET number = 1000 WHERE number = 8",
      "UPDATE events SET number = 8 WHERE number = 11",
      "UPDATE events SET number = 11 WHERE number = 1000",
    ];
    expect(await found(...swap)).to.have.deep.members([
      { kind: "event_reordered", number: 11n, want: 8n, commit: last },
      { kind: "event_reordered", number: 8n, want: 11n, commit: last },
    ]);
  });

  it("names a commit whose head was changed, and one that is gone", async function () {
    const { url, verify, last } = await journal(this);
    const wrong = keccakText("wrong");
    const bytes = database.name === "SQLite" ? `x'${wrong.slice(2)}'` : `'\\x${wrong.slice(2)}'`;
    await database.execute(url, `UPDATE commits SET head = ${bytes} WHERE id = ${last}`);
    const changed = await verify([]);
    expect(changed.findings.map((finding) => ({ ...finding, want: "" }))).to.deep.equal([
      { kind: "head_mismatch", commit: last, got: wrong, want: "" },
    ]);
    await database.execute(url, "DELETE FROM commits WHERE id = 2");
    expect((await verify([])).findings.map(({ kind }) => kind)).to.have.members([
      "commit_missing",
      "head_mismatch",
      "event_inserted",
      "head_mismatch",
    ]);
  });

  it("shows by what was published that a whole journal was written anew, and that too little was said to be owed", async function () {
    const { url, store, service, anchor, verify, last, head } = await journal(this);
    expect((await verify([anchor(), anchor({ total: 99n })])).findings).to.deep.equal([
      { kind: "liabilities_understated", anchor: anchor({ total: 99n }), owed: 100n },
    ]);
    // Whoever owns the database can make every hash fit again.
    await database.execute(url, "UPDATE events SET amount = 4 WHERE number = 9");
    await database.execute(url, "UPDATE commits SET head = NULL, event_hashes = NULL");
    await service.stop();
    await startService(store);
    const findings = (await verify()).findings;
    const got = (await store.journal.head(SYSTEM, last))!;
    expect(got).not.to.equal(head);
    expect(findings).to.deep.equal([{ kind: "anchor_mismatch", anchor: anchor(), got }]);
  });

  it("takes in what an older program has committed", async function () {
    const { url, store, service, verify, last, head } = await journal(this);
    await service.stop();
    await database.execute(url, "UPDATE commits SET head = NULL, event_hashes = NULL");
    await startService(store);
    expect(await verify()).to.deep.equal({ commits: last, events: 16n, head, findings: [] });
  });
});
