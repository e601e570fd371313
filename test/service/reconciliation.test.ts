import { expect } from "chai";

import type { ChainView, Difference } from "../../src/engine";
import { DIFFERENCES } from "../../src/engine";
import { hashWithdrawal, NO_FUNDS, toHash, type Address, type ChannelId } from "../../src/protocol";
import { Services, type AccountService } from "../../src/service";
import { Reconciler } from "../../src/service/reconciler";
import { Metrics } from "../../src/service/telemetry/metrics";
import { reconcileStore } from "../../src/service/reconciliation";
import { afterTest } from "../helpers/afterTest";
import { answer, listen } from "../helpers/http";
import { onEachDatabase, type TestDatabase } from "../helpers/databases";
import { COIN, freshService, NOW, openHosted, person, POINTS, SETTINGS, SYSTEM } from "../helpers/service";
import { defaultAllotment, keccakText } from "../../src/protocol";

const ALLOTMENT = defaultAllotment(18);
const seen = new Set<string>();

/** A service with money, a deposit, a lock and a pending withdrawal. */
async function world(context: Mocha.Context) {
  const { url, store, service } = await freshService(context);
  const [alice, bob] = [await openHosted(service, "alice", 100n), await openHosted(service, "bob")];
  await service.submit({
    type: "pay",
    from: alice,
    to: bob,
    token: POINTS,
    amount: 30n,
    reference: toHash(keccakText("order")),
  });
  const id = (account: Address, token = POINTS) => service.channelOf(account, token)!.id;
  const funds = { deposited: 50n, withdrawn: 0n, reclaimed: 0n, collateral: 50n };
  await service.submit({ type: "updateFunds", channelId: id(alice, COIN), funds, finalTime: NOW });
  const order = { type: "withdrawHosted", token: POINTS, recipient: bob, deadline: NOW + 500n } as const;
  await service.submit({ ...order, from: bob, amount: 10n });
  return { url, store, service, alice, bob, id, funds };
}

/** The chain as the service knows it, but for what is changed. */
function chainOf(service: AccountService, change: (view: Mutable) => void = () => undefined): () => Promise<ChainView> {
  const settings = (token: Address) => service.asset(token).settings;
  const view: Mutable = {
    finalTime: NOW,
    channels: new Map(
      [...service.channels()].map(({ id, key, funds }) => [id, { epoch: key.epoch, closing: false, funds }]),
    ),
    assets: new Map([
      [POINTS, { settings: settings(POINTS), limit: ALLOTMENT, reserve: 0n, hubBalance: 0n }],
      [COIN, { settings: settings(COIN), limit: 0n, reserve: 0n, hubBalance: 50n }],
    ]),
  };
  change(view);
  return () => Promise.resolve(view);
}

interface Mutable {
  finalTime: bigint;
  readonly assets: Map<Address, ChainView["assets"] extends ReadonlyMap<Address, infer A> ? A : never>;
  readonly channels: Map<ChannelId, ChainView["channels"] extends ReadonlyMap<ChannelId, infer C> ? C : never>;
}

async function found(service: AccountService, chain?: () => Promise<ChainView>): Promise<Difference[]> {
  const { differences } = await service.audit.reconcile(chain);
  for (const { kind } of differences) seen.add(kind);
  return [...differences];
}

function difference(kind: Difference["kind"], more: Partial<Difference>): Difference {
  return { kind, token: POINTS, account: null, channel: null, field: null, got: "", want: "", ...more };
}

onEachDatabase("Reconciliation", (database: TestDatabase) => {
  const bytes = (hex: string) => (database.name === "SQLite" ? `X'${hex.slice(2)}'` : `'\\x${hex.slice(2)}'`);

  it("finds nothing in records that agree, online and over the store alone", async function () {
    const { store, service } = await world(this);
    const { lastCommit: commit } = service.status;
    const clean = { system: SYSTEM, commit, differences: [] };
    expect(await service.audit.reconcile()).to.deep.equal({ ...clean, chain: false });
    expect(await service.audit.reconcile(chainOf(service))).to.deep.equal({ ...clean, chain: true });
    await service.stop();
    expect(await reconcileStore(SYSTEM, store)).to.deep.equal({ ...clean, chain: false });
  });

  it("names an account whose entries in the log do not add up, and what is locked", async function () {
    const { url, service, alice } = await world(this);
    await database.execute(url, `UPDATE events SET amount = '31' WHERE type = 'money.transferred'`);
    expect(await found(service)).to.have.deep.members([
      difference("account_total", { account: alice, got: "69", want: "70" }),
      difference("account_total", { account: person("bob").address, got: "31", want: "30" }),
    ]);
    await database.execute(url, `UPDATE events SET amount = '30' WHERE type = 'money.transferred'`);
    const locked = database.name === "SQLite" ? "CAST('locked' AS BLOB)" : "'locked'::bytea";
    await database.execute(url, `UPDATE events SET counterparty = ${locked} WHERE type = 'money.transferred'`);
    expect(await found(service)).to.have.deep.members([
      difference("account_total", { account: person("bob").address, got: "0", want: "30" }),
      difference("locked_total", { account: "locked", got: "30", want: "0" }),
    ]);
  });

  it("names what the store has otherwise than memory: accounts, assets, channels", async function () {
    const { url, service, alice, bob, id } = await world(this);
    await database.execute(url, `UPDATE accounts SET sealed_key = 'x' WHERE address = ${bytes(alice)}`);
    await database.execute(url, `UPDATE assets SET liabilities = '99' WHERE token = ${bytes(POINTS)}`);
    await database.execute(url, `UPDATE channels SET status = 'frozen' WHERE id = ${bytes(id(alice))}`);
    await database.execute(url, `DELETE FROM channels WHERE id = ${bytes(id(bob, COIN))}`);
    const differences = await found(service);
    expect(differences.filter(({ channel }) => channel !== id(bob, COIN))).to.deep.equal([
      difference("stored_account", {
        token: null,
        account: alice,
        field: "sealedKey",
        got: "another",
        want: "as it was",
      }),
      difference("stored_asset", { field: "liabilities", got: "99", want: "100" }),
      difference("stored_channel", { channel: id(alice), field: "status", got: "frozen", want: "open" }),
    ]);
    expect(differences.find(({ channel }) => channel === id(bob, COIN))).to.include({
      kind: "stored_channel",
      token: COIN,
      got: "nothing",
    });
  });

  it("names what is owed otherwise than the assets say, and what nothing covers", async function () {
    const { url, store, service, alice, id } = await world(this);
    await service.stop();
    await database.execute(
      url,
      `UPDATE assets SET liabilities = '101', credit_limit = '90' WHERE token = ${bytes(POINTS)}`,
    );
    const uncovered = '{"deposited":"50n","withdrawn":"0n","reclaimed":"0n","collateral":"49n"}';
    await database.execute(url, `UPDATE channels SET funds = '${uncovered}' WHERE id = ${bytes(id(alice, COIN))}`);
    const { differences } = await reconcileStore(SYSTEM, store);
    for (const { kind } of differences) seen.add(kind);
    expect(differences).to.deep.equal([
      difference("liabilities", { got: "101", want: "100" }),
      difference("limit_exceeded", { got: "101", want: "90" }),
      difference("not_covered", { token: COIN, channel: id(alice, COIN), got: "49", want: "50" }),
    ]);
  });

  it("names a pending withdrawal whose signatures are gone", async function () {
    const { url, service, bob, id } = await world(this);
    const { pending } = service.channel(id(bob))!;
    await database.execute(url, `DELETE FROM consents WHERE hash = ${bytes(hashWithdrawal(pending!))}`);
    const [only, ...others] = await found(service);
    expect(others).to.deep.equal([]);
    expect(only).to.include({ kind: "pending_unsigned", channel: id(bob), got: "nothing" });
  });

  it("names what the chain says otherwise: funds, epochs, closes, pending withdrawals, settings, cover, holdings", async function () {
    const { service, alice, bob, id, funds } = await world(this);
    const on = (change: (view: Mutable) => void) => found(service, chainOf(service, change));
    const put = (channel: ChannelId, more: object) => (view: Mutable) => {
      view.channels.set(channel, { epoch: 0n, closing: false, funds: NO_FUNDS, ...more });
    };
    const coin = { token: COIN, channel: id(alice, COIN) };
    expect(await on(put(id(alice, COIN), { funds: { ...funds, deposited: 60n } }))).to.deep.equal([
      difference("chain_funds", { ...coin, field: "deposited", got: "50", want: "60" }),
    ]);
    expect(await on(put(id(alice), { epoch: 1n }))).to.deep.equal([
      difference("chain_epoch", { channel: id(alice), got: "0", want: "1" }),
    ]);
    expect(await on(put(id(alice), { closing: true }))).to.deep.equal([
      difference("chain_closing", { channel: id(alice), got: "open", want: "frozen" }),
    ]);
    const [over] = await on((view) => (view.finalTime = NOW + 501n));
    expect(over).to.include({ kind: "pending_over", channel: id(bob), want: "null" });
    expect(
      await on(({ assets }) => {
        assets.set(POINTS, { settings: { ...SETTINGS, award: 1n }, limit: 99n, reserve: 0n, hubBalance: 0n });
        assets.set(COIN, { ...assets.get(COIN)!, hubBalance: 49n });
      }),
    ).to.deep.equal([
      difference("chain_settings", { field: "award", got: "0", want: "1" }),
      difference("chain_limit", { got: `${ALLOTMENT}`, want: "99" }),
      difference("hub_balance", { token: COIN, got: "49", want: "50" }),
    ]);
  });

  it("shows what it found over HTTP, to Prometheus, and in the log every now and then", async function () {
    const { url, service, bob } = await world(this);
    await database.execute(url, `UPDATE assets SET liabilities = '99' WHERE token = ${bytes(POINTS)}`);
    const metrics = new Metrics();
    const reconciler = new Reconciler(new Services([service]), metrics);
    const { get } = await listen(this, service, { metrics, reconciler });
    const wanted = difference("stored_asset", { field: "liabilities", got: "99", want: "100" });
    const { lastCommit } = service.status;
    const system = { system: SYSTEM, commit: `${lastCommit}`, chain: false, total: 1, differences: [wanted] };
    expect(await get("/v1/reconciliation")).to.deep.equal(answer(200, { systems: [system] }));
    expect(await metrics.registry.metrics()).to.include(
      `starledger_reconciliation_differences{system="${SYSTEM}"} 1\n`,
    );

    const lines: unknown[] = [];
    const log = { info: (...line: unknown[]) => lines.push(line), error: (...line: unknown[]) => lines.push(line) };
    afterTest(this, () => reconciler.stop());
    reconciler.start(0.01, log as never);
    while (lines.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(lines.slice(0, 2)).to.deep.equal([
      [{ system: SYSTEM, commit: `${lastCommit}`, chain: false, differences: 1 }, "reconciled"],
      [{ system: SYSTEM, difference: wanted }, "records differ"],
    ]);
    await service.submit({
      type: "issue",
      account: bob,
      token: POINTS,
      amount: 1n,
      reference: toHash(keccakText("more")),
    });
  });

  it("every kind of difference was planted above", () => {
    expect([...seen].sort()).to.deep.equal(Object.keys(DIFFERENCES).sort());
  });
});
