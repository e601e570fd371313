import { expect } from "chai";
import path from "node:path";

import {
  addressOf,
  digest,
  hashNote,
  nextState,
  sign,
  ZERO_HASH,
  type Hash,
  type Signature,
  type StateOperation,
} from "../../src/protocol";
import { fail, StarledgerError } from "../../src/errors";
import { FileStore, Wallet, type ServiceApi, type WalletRecord, type WalletStore } from "../../src/sdk";
import { expectError } from "../helpers/errors";
import {
  apiOf,
  COIN,
  freshService,
  issue,
  NOW,
  openHosted,
  openWallet,
  person,
  POINTS,
  pointsOf,
  SEPARATOR,
  SIGNER_KEY,
  temporaryFolder,
  walletOptions,
} from "../helpers/service";

describe("Wallet", () => {
  it("pays, folding what it has received, and agrees with the service", async function () {
    const { service } = await freshService(this);
    const bob = await openHosted(service, "bob");
    const { wallet, address, arrived } = await openWallet(this, service, "alice");
    await issue(service, address, 100n);
    await issue(service, address, 20n);
    await arrived();
    expect([wallet.balance, wallet.available]).to.deep.equal([120n, 120n]);
    await wallet.pay(bob, 50n, ZERO_HASH);
    expect([wallet.balance, pointsOf(service, address), pointsOf(service, bob)]).to.deep.equal([70n, 70n, 50n]);
    expect([wallet.state.version, wallet.state.noteSeq]).to.deep.equal([1n, 2n]);
    await expectError(() => wallet.pay(bob, 71n, ZERO_HASH), "insufficient_balance", { short: 1 });
  });

  it("is paid while offline: what it missed it fetches", async function () {
    const { service } = await freshService(this);
    const bob = await openHosted(service, "bob", 30n);
    const { address, key, store, unsubscribe } = await openWallet(this, service, "alice");
    unsubscribe();
    await service.submit({ type: "pay", from: bob, to: address, token: POINTS, amount: 30n, reference: ZERO_HASH });
    const wallet = Wallet.create(walletOptions(key, store, apiOf(service)));
    expect(wallet.balance).to.equal(0n);
    await wallet.sync();
    await wallet.sync();
    expect(wallet.balance).to.equal(30n);
  });

  it("sends what is asked for meanwhile in one state, and lets nobody fail for another", async function () {
    const { service } = await freshService(this);
    const bob = await openHosted(service, "bob");
    const { wallet, address, arrived } = await openWallet(this, service, "alice");
    await issue(service, address, 100n);
    await arrived();
    await Promise.all(Array.from({ length: 20 }, () => wallet.pay(bob, 1n, ZERO_HASH)));
    expect([pointsOf(service, bob), wallet.state.version]).to.deep.equal([20n, 1n]);
    const nobody = person("nobody").address;
    const results = await Promise.allSettled([
      wallet.pay(bob, 1n, ZERO_HASH),
      wallet.pay(bob, 1n, ZERO_HASH),
      wallet.pay(nobody, 1n, ZERO_HASH),
      wallet.pay(bob, 1n, ZERO_HASH),
    ]);
    expect(results.map(({ status }) => status)).to.deep.equal(["fulfilled", "fulfilled", "rejected", "fulfilled"]);
    expect([pointsOf(service, bob), wallet.balance]).to.deep.equal([23n, 77n]);
  });

  it("U2: believes no payment without the system's signature", async function () {
    const { service } = await freshService(this);
    const bob = await openHosted(service, "bob");
    const honest = apiOf(service);
    const liar: ServiceApi = {
      ...honest,
      submitState: async (request) => {
        await honest.submitState(request);
        return { signature: sign(digest(SEPARATOR, ZERO_HASH), person("mallory").key), proof: [] };
      },
    };
    const { wallet, address, arrived } = await openWallet(this, service, "alice", { api: liar });
    await issue(service, address, 100n);
    await arrived();
    await expectError(() => wallet.pay(bob, 10n, ZERO_HASH), "wrong_signer");
    expect([wallet.state.version, wallet.balance]).to.deep.equal([0n, 100n]);
  });

  it("case 23, U1: a lost answer is harmless: the same bytes are sent again, also after a restart", async function () {
    const { service } = await freshService(this);
    const bob = await openHosted(service, "bob");
    const honest = apiOf(service);
    let losses = 2;
    const sent: Signature[] = [];
    const lossy: ServiceApi = {
      ...honest,
      submitState: async (request) => {
        sent.push(request.signature);
        const answer = await honest.submitState(request);
        if (losses-- > 0) fail("overloaded");
        return answer;
      },
    };
    const { wallet, address, key, store, arrived } = await openWallet(this, service, "alice", { api: lossy });
    await issue(service, address, 100n);
    await arrived();
    await expectError(() => wallet.pay(bob, 10n, ZERO_HASH), "overloaded");
    await expectError(() => wallet.resume(), "overloaded");
    const restored = await Wallet.restore(walletOptions(key, store, lossy));
    await restored.pay(bob, 5n, ZERO_HASH);
    expect(sent.slice(1, 3)).to.deep.equal([sent[0], sent[0]]);
    expect([restored.balance, pointsOf(service, bob)]).to.deep.equal([85n, 15n]);
  });

  it("case 23: remembers, before it sends, what it signed: a crash while storing sends nothing", async function () {
    const { service } = await freshService(this);
    const bob = await openHosted(service, "bob");
    const folder = temporaryFolder(this);
    const file = await FileStore.open(path.join(folder, "wallet.jsonl"));
    const broken: WalletStore = {
      append: (record: WalletRecord) =>
        record.type === "proposed" ? Promise.reject(new Error("disk full")) : file.append(record),
      records: (id) => file.records(id),
    };
    const { wallet, address, arrived } = await openWallet(this, service, "alice", { store: broken });
    await issue(service, address, 100n);
    await arrived();
    let failure: unknown;
    await wallet.pay(bob, 10n, ZERO_HASH).catch((error: unknown) => (failure = error));
    expect(failure).to.be.an("error").with.property("message", "disk full");
    expect([pointsOf(service, bob), service.channelOf(address, POINTS)?.state.version]).to.deep.equal([0n, 0n]);
    await file.close();
  });

  it("restores what it held", async function () {
    const { service } = await freshService(this);
    const bob = await openHosted(service, "bob");
    const { wallet, address, key, store, arrived } = await openWallet(this, service, "alice");
    await issue(service, address, 100n);
    await arrived();
    await wallet.pay(bob, 10n, ZERO_HASH);
    const restored = await Wallet.restore(walletOptions(key, store, apiOf(service)));
    expect([restored.state, restored.note, restored.balance]).to.deep.equal([wallet.state, wallet.note, 90n]);
    expect(restored.complete).to.deep.equal(wallet.complete);
  });

  it("U5: believes no note that takes back, is forged, or comes while a close is pending", async function () {
    const { service } = await freshService(this);
    const { wallet, address, arrived } = await openWallet(this, service, "alice");
    await issue(service, address, 100n);
    await arrived();
    const note = { ...wallet.note, seq: 2n, credited: 99n };
    const by = (key: typeof SIGNER_KEY, changed = note) => ({
      note: changed,
      locks: [],
      signed: { signature: sign(digest(SEPARATOR, hashNote(changed)), key), proof: [] as Hash[] },
    });
    await expectError(() => wallet.receive(by(SIGNER_KEY)), "stale_note", { credited: 99 });
    const more = { ...note, credited: 1_000n };
    await expectError(() => wallet.receive(by(person("mallory").key, more)), "wrong_signer");
    await wallet.freeze();
    await expectError(() => wallet.receive(by(SIGNER_KEY, more)), "channel_frozen");
    await expectError(() => wallet.pay(address, 1n, ZERO_HASH), "channel_frozen");
    expect(wallet.balance).to.equal(100n);
  });

  it("U5: in a collateral asset believes only what the chain covers, and signs withdrawals on the same condition", async function () {
    const { service } = await freshService(this);
    const { wallet, address } = await openWallet(this, service, "alice", { token: COIN });
    const funds = { deposited: 100n, withdrawn: 0n, reclaimed: 0n, collateral: 120n };
    await service.submit({ type: "updateFunds", channelId: wallet.id, funds, finalTime: NOW });
    const note = { ...wallet.note, seq: 1n, credited: 20n };
    const held = {
      note,
      locks: [],
      signed: { signature: sign(digest(SEPARATOR, hashNote(note)), SIGNER_KEY), proof: [] },
    };
    await expectError(() => wallet.receive(held), "not_covered", { due: 20, collateral: 0 });
    wallet.updateFunds(funds, NOW);
    await wallet.receive(held);
    const request = { amount: 30n, recipient: address, deadline: NOW + 100n, now: NOW };
    const { systemSignature } = await wallet.withdraw(request);
    expect(systemSignature).to.match(/^0x[0-9a-f]{130}$/);
    expect(wallet.available).to.equal(90n);
    await expectError(() => wallet.withdraw(request), "withdrawal_pending");
    wallet.updateFunds(funds, NOW + 101n);
    expect(wallet.available).to.equal(120n);
    await expectError(() => wallet.withdraw({ ...request, amount: 121n }), "insufficient_balance", { short: 1 });
    await expectError(() => wallet.withdraw({ ...request, deadline: NOW + 2_000n }), "bad_deadline");
  });

  it("keeps the newer of two notes that come in at once, in whatever order", async function () {
    const { service } = await freshService(this);
    const { address, key, store, unsubscribe } = await openWallet(this, service, "alice");
    unsubscribe();
    const deliveries: Parameters<Wallet["receive"]>[0][] = [];
    service.announcements.notes.add(address, (delivery) => deliveries.push(delivery));
    await issue(service, address, 1n);
    await issue(service, address, 1n);
    const wallet = Wallet.create(walletOptions(key, store, apiOf(service)));
    await Promise.all(deliveries.reverse().map((delivery) => wallet.receive(delivery)));
    expect(wallet.balance).to.equal(2n);
    expect((await Wallet.restore(walletOptions(key, store, apiOf(service)))).balance).to.equal(2n);
  });

  it("U1: a refused payment is not sent again by itself, not after a restart either", async function () {
    const { service } = await freshService(this);
    const { wallet, address, key, store, arrived } = await openWallet(this, service, "alice");
    await issue(service, address, 100n);
    await arrived();
    const late = person("late").address;
    await expectError(() => wallet.pay(late, 10n, ZERO_HASH), "unknown_account");
    await openHosted(service, "late");
    const restored = await Wallet.restore(walletOptions(key, store, apiOf(service)));
    await restored.resume();
    expect([restored.balance, pointsOf(service, late)]).to.deep.equal([100n, 0n]);
  });

  it("U1: after a refusal may sign another state of the same version", async function () {
    const { service } = await freshService(this);
    const bob = await openHosted(service, "bob");
    const { wallet, address, arrived } = await openWallet(this, service, "alice");
    await issue(service, address, 100n);
    await arrived();
    await expectError(() => wallet.pay(person("nobody").address, 1n, ZERO_HASH), "unknown_account");
    await wallet.pay(bob, 1n, ZERO_HASH);
    expect(wallet.state.version).to.equal(1n);
  });

  it("U3, S6: closes humbly unless its key is original, and then signs and believes nothing, after a restart either", async function () {
    const { service } = await freshService(this);
    const { wallet, address, key, store, arrived } = await openWallet(this, service, "alice");
    await issue(service, address, 100n);
    await arrived();
    await wallet.transact([{ type: "redeem", amount: 1n, reference: ZERO_HASH }]);
    const original = Wallet.create({ ...walletOptions(key, store, apiOf(service)), isOriginal: true });
    expect(await original.close(NOW)).to.include({ humble: false, fee: 0n, completed: undefined, held: undefined });
    const options = walletOptions(key, store, apiOf(service));
    const restored = await Wallet.restore({ ...options, asset: { ...options.asset, staleFee: 7n } });
    const intent = await restored.close(NOW);
    expect(intent).to.deep.equal({
      channel: options.channel,
      completed: wallet.complete,
      held: { note: wallet.note, locks: [], signed: (await service.latestNote(wallet.id))!.signed },
      humble: true,
      fee: 7n,
      deadline: NOW + 1_000n,
    });
    const again = await Wallet.restore(options);
    await expectError(() => again.pay(person("bob").address, 1n, ZERO_HASH), "channel_frozen");
  });

  it("asks another program for signatures, if it is told to", async function () {
    const { service } = await freshService(this);
    const { key, address } = person("alice");
    await service.submit({ type: "openAccount", address, tokens: [POINTS] });
    const store = await FileStore.open(path.join(temporaryFolder(this), "wallet.jsonl"));
    const asked: Hash[] = [];
    const options = walletOptions(key, store, apiOf(service));
    const wallet = Wallet.create({
      ...options,
      sign: (message) => {
        asked.push(message);
        return Promise.resolve(sign(message, key));
      },
    });
    await issue(service, address, 5n);
    await wallet.sync();
    const operations: StateOperation[] = [{ type: "redeem", amount: 5n, reference: ZERO_HASH }];
    await wallet.transact(operations);
    expect(asked).to.have.length(1);
    expect(addressOf(key)).to.equal(address);
    expect(nextState(wallet.state, []).version).to.equal(2n);
    expect(pointsOf(service, address)).to.equal(0n);
    expect(StarledgerError.prototype).to.be.instanceOf(Error);
  });
});

describe("FileStore", () => {
  it("case 23: drops a line that a crash tore, and keeps the rest and what comes after it", async function () {
    const { writeFile, readFile } = await import("node:fs/promises");
    const file = path.join(temporaryFolder(this), "wallet.jsonl");
    const store = await FileStore.open(file);
    const { address } = person("alice");
    const id = `0x${"11".repeat(32)}` as never;
    const withdrawal = { channelId: id, withdrawn: 5n, reclaimed: 0n, recipient: address, deadline: 9n };
    const signature = `0x${"33".repeat(65)}` as Signature;
    const record = { type: "withdrawal", channelId: id, withdrawal, signature } as const;
    await Promise.all([store.append(record), store.append(record)]);
    await store.close();
    const text = await readFile(file, "utf8");
    await writeFile(file, text + text.slice(0, 40));
    const again = await FileStore.open(file);
    expect(await again.records(id)).to.deep.equal([record, record]);
    expect(await again.records(`0x${"22".repeat(32)}` as never)).to.deep.equal([]);
    // What is appended then is not part of it.
    await again.append(record);
    expect(await again.records(id)).to.deep.equal([record, record, record]);
    await again.close();
  });
});
