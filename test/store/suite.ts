import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { expect } from "chai";

import type { EventType } from "../../src/engine";
import {
  addressOf,
  channelId,
  hashState,
  keccakText,
  lockSummary,
  NO_FUNDS,
  recoverSystem,
  ZERO_HASH,
  type Hex,
  type Lock,
} from "../../src/protocol";
import { toJson } from "../../src/protocol/json";
import { loadLedger } from "../../src/service/loadLedger";
import { openStore } from "../../src/store";
import { NEWEST, VERSIONS } from "../../src/store/migrations";
import { emptyCommit } from "../helpers/commits";
import { openTestStore, type TestDatabase } from "../helpers/databases";
import { expectError } from "../helpers/errors";
import { storedChannels } from "../helpers/storedChannels";
import {
  COIN,
  freshService,
  issue,
  listAssets,
  openHosted,
  person,
  POINTS,
  pointsOf,
  SEPARATOR,
  SIGNER_KEY,
  startService,
  SYSTEM,
} from "../helpers/service";
import { channelSuite } from "./channelSuite";
import { eventSuite } from "./eventSuite";
import { leaseSuite } from "./leaseSuite";

const SCHEMAS = path.join(__dirname, "schemas");
const REFERENCE = keccakText("reference");

/** What the log tells of a database of each schema: what had happened by then. */
const FIRST_LOG: readonly EventType[] = [
  ...(["asset.added", "asset.added", "account.opened", "account.opened", "account.opened"] as const),
  ...(["money.issued", "money.transferred", "money.issued", "money.transferred", "deposit.credited"] as const),
];
const SECOND_LOG: readonly EventType[] = [...FIRST_LOG, "payment.locked", "payment.locked", "payment.settled"];
const LOGS: Readonly<Record<string, readonly EventType[]>> = {
  1: FIRST_LOG,
  2: SECOND_LOG,
  3: [...SECOND_LOG, "payment.locked", "payment.returned", "money.redeemed"],
};

/** What every store does. */
export function storeSuite(database: TestDatabase): void {
  it("gives back what was committed", async function () {
    const { store, service } = await freshService(this, undefined, database);
    const alice = await openHosted(service, "alice", 7n);
    const bob = await openHosted(service, "bob");
    const request = { type: "pay", from: alice, to: bob, token: POINTS, amount: 3n, reference: REFERENCE } as const;
    const { commit } = await service.submit(request, "key");
    const { id, state, note } = service.channelOf(alice, POINTS)!;
    expect(await store.signed.state(id, 1n)).to.deep.include({
      message: state,
      leaf: { commit, index: 0 },
      operations: [
        { type: "fold", seq: 1n, credited: 7n },
        { type: "pay", to: bob, amount: 3n, reference: REFERENCE },
      ],
    });
    expect(await store.signed.note(id, 1n)).to.deep.equal({
      message: note,
      leaf: { commit: commit - 2n, index: 0 },
      operations: [{ type: "issue", amount: 7n, reference: ZERO_HASH }],
    });
    expect(await store.signed.state(id, 2n)).to.equal(undefined);
    expect(await store.signed.note(id, 2n)).to.equal(undefined);
    expect(await store.lastCommit(SYSTEM)).to.equal(commit);
    expect((await store.signed.commitProof(SYSTEM, commit))?.leaves).to.have.length(2);
    expect(await store.signed.commitProof(SYSTEM, 1n)).to.equal(undefined);
    expect(await store.signed.commitProof(SYSTEM, 999n)).to.equal(undefined);
    expect(await store.signed.consent(REFERENCE)).to.equal(undefined);
    expect((await store.replies(["key", "other"])).map(({ key }) => key)).to.deep.equal(["key"]);
    const totals = await store.log.totals(SYSTEM, POINTS);
    expect(Object.fromEntries(totals)).to.deep.equal({ issued: -7n, [alice]: 4n, [bob]: 3n });
    const deposited = { deposited: 9n, withdrawn: 0n, reclaimed: 0n, collateral: 9n };
    const coins = service.channelOf(alice, COIN)!.id;
    await service.submit({ type: "updateFunds", channelId: coins, funds: deposited, finalTime: 1n });
    const withdrawal = { type: "withdrawHosted", from: alice, token: COIN, recipient: bob } as const;
    await service.submit({ ...withdrawal, amount: 5n, deadline: 1_000_500n });
    const channels = await storedChannels(store, SYSTEM);
    expect(channels).to.have.deep.members([...service.channels()]);
    expect(channels.find((channel) => channel.id === coins)?.pending?.withdrawn).to.equal(5n);
  });

  it("keeps amounts of 128 bits without loss", async function () {
    const most = 10n ** 28n;
    const { url, service, store } = await freshService(this, undefined, database);
    const alice = await openHosted(service, "alice", most - 1n);
    await issue(service, alice, 1n);
    await store.close();
    const reopened = await openTestStore(this, url);
    const channels = await storedChannels(reopened, SYSTEM);
    expect(channels.find(({ key }) => key.user === alice && key.token === POINTS)?.note.credited).to.equal(most);
    expect((await reopened.ledger.unfoldedNotes(SYSTEM, 1)).map(({ seq }) => seq)).to.deep.equal([]);
    expect((await reopened.ledger.unfoldedNotes(SYSTEM, 2)).map(({ seq }) => seq)).to.deep.equal([1n]);
    expect((await reopened.log.totals(SYSTEM, POINTS)).get(alice)).to.equal(most);
  });

  it("takes commits in their order only", async function () {
    const store = await openTestStore(this, await database.fresh(this));
    const lease = await store.leases.lead(SYSTEM);
    await store.prepare(emptyCommit(SYSTEM, 1n))(lease);
    for (const id of [1n, 3n]) {
      await expectError(() => store.prepare(emptyCommit(SYSTEM, id))(lease), "store_corrupt", { got: id, want: 2 });
    }
    expect(await store.lastCommit(SYSTEM)).to.equal(1n);
  });

  it("keeps nothing of a commit that the database refuses, and takes the next", async function () {
    const { url, store, service } = await freshService(this, undefined, database);
    const alice = await openHosted(service, "alice");
    const last = await store.lastCommit(SYSTEM);
    const before = await storedChannels(store, SYSTEM);
    await database.execute(url, database.refuse);
    const error = await expectError(() => issue(service, alice, 5n), "store_failed");
    expect([error.retryable, error.details["reason"]]).to.deep.equal([true, error.details["reason"]]);
    expect(error.details["reason"]).to.include("refuse");
    expect(await store.lastCommit(SYSTEM)).to.equal(last);
    expect(await storedChannels(store, SYSTEM)).to.have.deep.members(before);
    expect(await store.signed.note(service.channelOf(alice, POINTS)!.id, 1n)).to.equal(undefined);
    await database.execute(url, database.accept);
    await issue(service, alice, 5n);
    expect(await store.lastCommit(SYSTEM)).to.equal(last + 1n);
  });

  it("keeps systems apart: the same customer and commit numbers", async function () {
    const store = await openTestStore(this, await database.fresh(this));
    const other = person("another system").address;
    const services = [await startService(store), await startService(store, { system: other })];
    for (const [i, service] of services.entries()) {
      const system = [SYSTEM, other][i]!;
      await listAssets(service, undefined, system);
      const alice = await openHosted(service, "alice");
      const request = {
        type: "issue",
        account: alice,
        token: POINTS,
        amount: 1n + BigInt(i),
        reference: REFERENCE,
      } as const;
      expect(await service.submit(request, `key ${i}`)).to.deep.equal({ commit: 4n, event: 4n });
    }
    for (const [i, system] of [SYSTEM, other].entries()) {
      const alice = person("alice").address;
      expect(Object.fromEntries(await store.log.totals(system, POINTS))).to.deep.equal({
        issued: -1n - BigInt(i),
        [alice]: 1n + BigInt(i),
      });
      const { accounts } = await loadLedger(store, system);
      expect([...accounts.keys()]).to.deep.equal([alice]);
      expect(await storedChannels(store, system)).to.have.length(2);
      expect(await store.ledger.assets(system)).to.have.length(2);
      expect(await services[i]!.audit.isConserved(POINTS)).to.equal(true);
    }
  });

  describe("schemas", () => {
    it("are refused when a newer program has made them", async function () {
      const url = await database.fresh(this);
      await (await openStore(url)).close();
      await (await openStore(url)).close();
      await database.execute(url, `INSERT INTO schema_versions VALUES (${NEWEST + 1}, 0)`);
      await expectError(() => openStore(url), "newer_schema", { got: NEWEST + 1, newest: NEWEST });
    });

    it("are brought to the newest by programs that start at the same time", async function () {
      const url = await database.fresh(this);
      const stores = await Promise.all([1, 2, 3].map(() => openTestStore(this, url)));
      for (const store of stores) expect(await store.lastCommit(SYSTEM)).to.equal(0n);
    });

    it("of an older program end its lead when they are migrated", async function () {
      const url = await database.fresh(this);
      const store = await openTestStore(this, url);
      const lease = await store.leases.lead(SYSTEM);
      await database.execute(url, VERSIONS.depose);
      await expectError(() => store.prepare(emptyCommit(SYSTEM, 1n))(lease), "not_leader", { term: 1, now: 2 });
    });

    for (const version of released()) {
      it(`of version ${version} are migrated with all they hold`, async function () {
        const url = await database.fresh(this);
        const dialect = database.name === "SQLite" ? "sqlite" : "postgres";
        await database.execute(url, readFileSync(path.join(SCHEMAS, `${version}.${dialect}.sql`), "utf8"));
        const store = await openTestStore(this, url);
        const [alice, bob, carol] = ["alice", "bob", "carol"].map((name) => person(name).address);
        const service = await startService(store);
        // Schema 2 also has a lock of 11 that is pending, and one of 5 that a preimage has settled; schema 3 one of 4 that
        // came back, and 2 that were redeemed.
        const [locked, settled] = version === "1" ? [0n, 0n] : [11n, 5n];
        const redeemed = version === "3" ? 2n : 0n;
        // What has nothing on the chain is read as the one value that says so.
        let resting = 0;
        for await (const page of store.ledger.channels(SYSTEM)) {
          for (const { funds } of page.filter((one) => one.funds.deposited === 0n)) {
            expect(funds).to.equal(NO_FUNDS);
            resting += 1;
          }
        }
        expect(resting).to.be.greaterThan(0);
        for (const account of [alice!, bob!, carol!]) {
          const [first] = await store.log.events(SYSTEM, { account, limit: 1 });
          expect([first?.type, first?.account]).to.deep.equal(["account.opened", account]);
        }
        expect(Object.fromEntries(await store.log.totals(SYSTEM, POINTS))).to.deep.equal({
          issued: -100n - 10n ** 27n,
          [alice!]: 70n - locked - settled,
          [bob!]: 37n + settled - redeemed,
          [carol!]: 10n ** 27n - 7n,
          ...(locked > 0n && { locked }),
          ...(redeemed > 0n && { redeemed }),
        });
        expect([await service.audit.isConserved(POINTS), await service.audit.isConserved(COIN)]).to.deep.equal([
          true,
          true,
        ]);
        expect(service.channelOf(alice!, COIN)?.pending?.withdrawn).to.equal(20n);
        expect(service.channelOf(bob!, COIN)?.key.epoch).to.equal(1n);
        const { id, state } = service.channelOf(carol!, POINTS)!;
        const { systemSignature } = (await service.signatures.completeState(id, state.version))!;
        expect(recoverSystem(SEPARATOR, hashState(state), systemSignature)).to.equal(addressOf(SIGNER_KEY));
        // The key that alice paid with is still known, and her sealed key still opens.
        expect((await service.events({ limit: 99 })).map(({ type, number }) => [number, type])).to.deep.equal(
          [...LOGS[version]!].map((type, i) => [BigInt(i + 1), type]),
        );
        const again = {
          type: "pay",
          from: alice!,
          to: bob!,
          token: POINTS,
          amount: 31n,
          reference: REFERENCE,
        } as const;
        await expectError(() => service.submit(again, "key"), "idempotency_conflict");
        const last = await store.lastCommit(SYSTEM);
        expect((await service.submit(again)).commit).to.equal(last + 1n);
        expect(await store.ledger.preimages(SYSTEM)).to.have.length(locked > 0n ? 1 : 0);
        if (locked > 0n) await service.submit({ type: "reveal", preimage: keccakText("first") });
        expect(pointsOf(service, bob!)).to.equal(68n + settled + locked - redeemed);
      });
    }
  });

  it("keeps the many locks of a channel whose row had all of them as JSON", async function () {
    const url = await database.fresh(this);
    const dialect = database.name === "SQLite" ? "sqlite" : "postgres";
    await database.execute(url, readFileSync(path.join(SCHEMAS, `3.${dialect}.sql`), "utf8"));
    const lockAt = (_: unknown, i: number): Lock => {
      return {
        index: BigInt(3 * i),
        hash: keccakText(`lock ${i}`),
        amount: 10n ** 30n + BigInt(i),
        expiry: BigInt(9 + i),
      };
    };
    const locks = Array.from({ length: 50 }, lockAt);
    const { locked, locksExpiry, locksRoot } = lockSummary(locks);
    const bytes = (hex: Hex) => (database.name === "SQLite" ? `X'${hex.slice(2)}'` : `'\\x${hex.slice(2)}'`);
    const id = channelId({ system: SYSTEM, user: person("alice").address, token: POINTS, epoch: 0n });
    await database.execute(
      url,
      `UPDATE channels SET outgoing = '${toJson(locks)}' WHERE id = ${bytes(id)};
      UPDATE states SET locked = '${locked}', locks_expiry = ${locksExpiry}, locks_root = ${bytes(locksRoot)} WHERE channel = ${bytes(id)}`,
    );
    const ledger = await loadLedger(await openTestStore(this, url), SYSTEM);
    expect(ledger.channel(id)?.outgoing).to.deep.equal(locks);
  });

  describe("channels", () => channelSuite(database));

  describe("events", () => eventSuite(database));

  describe("leases", () => leaseSuite(database));
}

/** The schemas that a program was released with. */
function released(): string[] {
  return readdirSync(SCHEMAS).flatMap((file) => /^(\d+)\.sqlite\.sql$/.exec(file)?.[1] ?? []);
}
