import path from "node:path";

import { expect } from "chai";

import { digest, emptyState, hashState, keccakText, nextState, sign, ZERO_HASH } from "../../src/protocol";
import { fail, StarledgerError, type ErrorCode } from "../../src/errors";
import { FileStore, Wallet, type ServiceApi, type WalletRecord } from "../../src/sdk";
import { Payments } from "../../src/sdk/client/payments";
import { expectError } from "../helpers/errors";
import {
  apiOf,
  freshService,
  issue,
  NOW,
  openHosted,
  person,
  POINTS,
  pointsOf,
  SEPARATOR,
  SETTINGS,
  SIGNER_KEY,
  temporaryFolder,
  walletOptions,
} from "../helpers/service";

const { key, address } = person("alice");

/** Alice's account with 100 points, bob's hosted one, and devices of hers. */
async function devices(context: Mocha.Context) {
  const { service } = await freshService(context);
  const bob = await openHosted(service, "bob");
  await service.submit({ type: "openAccount", address, tokens: [POINTS] });
  await issue(service, address, 100n);
  const api = apiOf(service);
  const device = async (changes: Partial<Parameters<typeof Wallet.create>[0]> = {}) => {
    const store = await FileStore.open(path.join(temporaryFolder(context), "wallet.jsonl"));
    return { store, wallet: Wallet.create({ ...walletOptions(key, store, api), ...changes }) };
  };
  const booked = () => [pointsOf(service, address), pointsOf(service, bob)];
  return { service, api, bob, device, booked };
}

describe("case 26: one account on several devices", () => {
  it("a device that signs on an outdated version takes over what the other signed, and signs on top of that", async function () {
    const { service, bob, device, booked } = await devices(this);
    const [{ wallet: phone }, { wallet: desk }] = [await device(), await device()];
    await phone.sync();
    await desk.sync();
    await phone.pay(bob, 10n, ZERO_HASH);
    await issue(service, address, 5n);
    await phone.pay(bob, 10n, ZERO_HASH);
    await desk.pay(bob, 1n, ZERO_HASH);
    expect([desk.state.version, desk.balance, booked()]).to.deep.equal([3n, 84n, [84n, 21n]]);
    await phone.pay(bob, 1n, ZERO_HASH);
    expect([phone.state.version, booked(), await service.audit.isConserved(POINTS)]).to.deep.equal([
      4n,
      [83n, 22n],
      true,
    ]);
  });

  it("of two devices that sign at once both payments are made, each once", async function () {
    const { bob, device, booked } = await devices(this);
    const [{ wallet: phone }, { wallet: desk }] = [await device(), await device()];
    await phone.sync();
    await desk.sync();
    await Promise.all([phone.pay(bob, 10n, ZERO_HASH), desk.pay(bob, 1n, ZERO_HASH)]);
    expect(booked()).to.deep.equal([89n, 11n]);
  });

  it("a payment whose answer was a refusal though it was made is not made again", async function () {
    const { api, bob, device, booked } = await devices(this);
    let lies = 1;
    const liar: ServiceApi = {
      ...api,
      submitState: async (request) => {
        const answer = await api.submitState(request);
        return lies-- > 0 ? denial() : answer;
      },
    };
    const { wallet } = await device({ api: liar });
    await wallet.sync();
    await wallet.pay(bob, 10n, ZERO_HASH);
    expect([wallet.state.version, wallet.complete?.operations.length, booked()]).to.deep.equal([1n, 2, [90n, 10n]]);
  });

  it("a payment that was refused, and made when the same bytes came once more, is known, and not made again", async function () {
    const { api, bob, device, booked } = await devices(this);
    const refused: Parameters<ServiceApi["submitState"]>[0][] = [];
    const late: ServiceApi = {
      ...api,
      submitState: async (request) => {
        if (refused.length > 0) return await api.submitState(request);
        refused.push(request);
        return fail("account_frozen");
      },
    };
    const { wallet, store } = await device({ api: late });
    const client = new Payments();
    await wallet.sync();
    const order = { to: bob, token: POINTS, amount: 10n, reference: keccakText("order 1") };
    await expectError(() => client.pay(wallet, order), "account_frozen");
    await api.submitState(refused[0]!);
    await expectError(() => wallet.pay(bob, 95n, ZERO_HASH), "insufficient_balance");
    await wallet.pay(bob, 1n, ZERO_HASH);
    const { version } = await client.pay(wallet, order);
    expect([version, wallet.state.version, booked()]).to.deep.equal([1n, 2n, [89n, 11n]]);
    const restored = await Wallet.restore(walletOptions(key, store, api));
    expect((await client.pay(restored, order)).version).to.equal(1n);
  });

  it("what got no answer before a restart and is refused is no reason not to pay something else", async function () {
    const { api, bob, device, booked } = await devices(this);
    const answers: ErrorCode[] = ["unreachable", "limit_exceeded"];
    const moody: ServiceApi = {
      ...api,
      submitState: async (request) => await (answers.length > 0 ? fail(answers.shift()!) : api.submitState(request)),
    };
    const { wallet } = await device({ api: moody });
    const client = new Payments();
    await wallet.sync();
    const order = { to: bob, token: POINTS, amount: 10n, reference: keccakText("order 1") };
    await expectError(() => client.pay(wallet, order), "unreachable");
    await client.pay(wallet, { ...order, amount: 1n, reference: keccakText("order 2") });
    expect(booked()).to.deep.equal([99n, 1n]);
    await client.pay(wallet, order);
    expect(booked()).to.deep.equal([89n, 11n]);
  });

  it("a restored stale backup catches up before it signs, and closes humbly for good, after a restart too", async function () {
    const { bob, api, device, booked } = await devices(this);
    const { wallet: lost, store } = await device();
    await lost.sync();
    await lost.pay(bob, 10n, ZERO_HASH);
    const backup = await store.all();
    await lost.pay(bob, 10n, ZERO_HASH);
    await lost.withdraw({ amount: 5n, recipient: address, deadline: NOW + 100n, now: NOW });
    const { store: fresh } = await device();
    for (const record of backup) await fresh.append(record);
    await fresh.append({ type: "restored", channelId: lost.id });
    const options = { ...walletOptions(key, fresh, api), isOriginal: true };
    const restored = await Wallet.restore(options);
    await restored.catchUp();
    expect([restored.state, restored.available]).to.deep.equal([lost.state, 75n]);
    await restored.pay(bob, 1n, ZERO_HASH);
    expect(booked()).to.deep.equal([79n, 21n]);
    const { humble, completed } = await (await Wallet.restore(options)).close(NOW);
    expect([humble, completed?.state.version]).to.deep.equal([true, 3n]);
  });

  it("a second device holds the locks of a note that the first one folded", async function () {
    const { service, bob, device } = await devices(this);
    const { wallet: phone, store } = await device({ api: { ...apiOf(service), reveal: () => Promise.resolve() } });
    await phone.sync();
    const { invoice, signature } = await phone.invoice({ amount: 30n, expiry: NOW + 300n });
    await issue(service, bob, 50n);
    await service.submit({ type: "payInvoice", from: bob, signed: { invoice, signature }, fee: 0n });
    await phone.sync();
    await phone.pay(bob, 1n, ZERO_HASH);
    const { wallet: desk } = await device();
    await desk.catchUp();
    expect([desk.state, desk.incoming]).to.deep.equal([phone.state, phone.incoming]);
    expect((await store.all()).filter(({ type }) => type === "received")).to.have.length(2);
  });

  it("nothing is taken over that the user or the system did not sign, or whose locks do not fit", async function () {
    const { api, bob, device } = await devices(this);
    const { wallet: phone } = await device();
    await phone.sync();
    await phone.pay(bob, 10n, ZERO_HASH);
    const shown = await api.channel(phone.id);
    const state = nextState(emptyState(phone.id), [{ type: "pay", to: bob, amount: 1n, reference: ZERO_HASH }]);
    const by = (signer: typeof key) => sign(digest(SEPARATOR, hashState(state)), signer);
    const mallory = person("mallory").key;
    const lock = { index: 0n, hash: ZERO_HASH, amount: 1n, expiry: NOW + 1n };
    const complete = { state, userSignature: by(key), systemSignature: { signature: by(SIGNER_KEY), proof: [] } };
    for (const [forged, error] of [
      [{ ...shown, state: { ...complete, userSignature: by(mallory) } }, "wrong_signer"],
      [{ ...shown, state: { ...complete, systemSignature: { signature: by(mallory), proof: [] } } }, "wrong_signer"],
      [{ ...shown, outgoing: [lock] }, "locks_mismatch"],
    ] as const) {
      const { wallet, store } = await device({ api: { ...api, channel: () => Promise.resolve(forged) } });
      await expectError(() => wallet.catchUp(), error);
      expect([wallet.state.version, await store.all()]).to.deep.equal([0n, []]);
    }
    // Two complete states of one version: the system broke its word, and nothing is built on either.
    const { wallet } = await device({ api: { ...api, channel: () => Promise.resolve(shown) } });
    await wallet.catchUp();
    const other = { ...api, channel: () => Promise.resolve({ ...shown, state: complete }) };
    const records: readonly WalletRecord[] = [{ type: "adopted", channelId: wallet.id, completed: wallet.complete! }];
    const store = { append: () => Promise.resolve(), records: () => Promise.resolve(records) };
    const deceived = await Wallet.restore({ ...walletOptions(key, store, other), asset: SETTINGS });
    await expectError(() => deceived.catchUp(), "equivocation", { version: 1n });
  });
});

/** What a service says that takes the state and denies it. */
function denial(): never {
  throw new StarledgerError("stale_version");
}
