import path from "node:path";

import { expect } from "chai";

import { StarledgerError } from "../../src/errors";
import { hashState, keccakText, NO_FUNDS, sign, digest, ZERO_HASH, type Address, type Hex } from "../../src/protocol";
import type { AccountService } from "../../src/service";
import { FileStore, Wallet, type ResynchronisationApi, type ServiceApi } from "../../src/sdk";
import { afterTest } from "../helpers/afterTest";
import { onEachDatabase, openTestStore } from "../helpers/databases";
import { expectError } from "../helpers/errors";
import {
  apiOf,
  freshService,
  issue,
  listAssets,
  NOW,
  openHosted,
  openWallet,
  POINTS,
  pointsOf,
  SEPARATOR,
  SETTINGS,
  startService,
  SYSTEM,
  temporaryFolder,
  walletOptions,
} from "../helpers/service";

const UNTIL = NOW + SETTINGS.challengePeriod;
/** The version with which both begin anew as soon as they can. */
const ANEW = (UNTIL + 1n) * 2n ** 30n;

onEachDatabase("S7: resynchronisation", (database) => {
  /** Alice has 100 and has paid Bob 30. */
  async function paidOnce(context: Mocha.Context) {
    const { service, store } = await freshService(context, undefined, database);
    const bob = await openHosted(service, "bob");
    const alice = await openWallet(context, service, "alice");
    await issue(service, alice.address, 100n);
    await alice.arrived();
    await alice.wallet.pay(bob, 30n, ZERO_HASH);
    return { service, store, bob, alice };
  }

  /** A service that knows nothing any more, and was told so before it was started. */
  async function rebuilt(context: Mocha.Context) {
    const store = await openTestStore(context, await database.fresh(context));
    await store.losses.declare(SYSTEM, NOW);
    const service = await startService(store);
    await listAssets(service);
    return { service, store };
  }

  /** The chain follower looks for the first time, at all accounts that are open. */
  async function readChain(service: AccountService, ...accounts: Address[]) {
    for (const account of accounts) {
      const { id: channelId } = service.channelOf(account, POINTS)!;
      await service.submit({ type: "updateFunds", channelId, funds: NO_FUNDS, finalTime: NOW });
    }
    await service.noteFinal(NOW);
  }

  it("case 27: a service that has lost everything believes nothing until the period is over, then what its customers show", async function () {
    const { service: lost, alice } = await paidOnce(this);
    await lost.stop();
    const { service, store } = await rebuilt(this);
    const { account: bob } = await service.submit({ type: "openHostedAccount", tokens: [POINTS] });
    await service.submit({ type: "openAccount", address: alice.address, tokens: [POINTS] });
    const wallet = await Wallet.restore(walletOptions(alice.key, alice.store, apiOf(service)));

    const { id: channel } = wallet;
    await expectError(() => wallet.pay(bob!, 1n, ZERO_HASH), "resynchronising", { channel });
    await expectError(() => issue(service, alice.address, 1n), "resynchronising", { channel, until: UNTIL });
    await expectError(() => wallet.sync(), "resynchronising", { channel, until: UNTIL });
    const again = await Wallet.restore({ ...walletOptions(alice.key, alice.store, apiOf(service)), isOriginal: true });
    expect([again.isLost, again.state]).to.deep.equal([true, wallet.state]);

    await readChain(service, alice.address);
    await service.noteFinal(UNTIL);
    wallet.updateFunds(NO_FUNDS, UNTIL);
    await expectError(() => wallet.resynchronise(), "resynchronising", { until: UNTIL });
    await service.noteFinal(UNTIL + 1n);
    // Whatever else waited for it does not begin anew once more: what is paid meanwhile would not be in that.
    const complete = service.status.lastCommit + 1n;
    await Promise.all([wallet.sync(), wallet.sync()]);
    expect([wallet.isLost, wallet.state.version, wallet.balance]).to.deep.equal([false, ANEW, 70n]);
    expect(service.status.lastCommit).to.equal(complete);
    expect([pointsOf(service, alice.address), await service.audit.isConserved(POINTS)]).to.deep.equal([70n, true]);
    await wallet.pay(bob!, 10n, ZERO_HASH);
    expect([wallet.balance, pointsOf(service, bob!)]).to.deep.equal([60n, 10n]);

    const [jumped] = await service.events({ types: ["channel.resynchronised"], after: 0n, limit: 2 });
    expect([jumped?.account, jumped?.counterparty, jumped?.amount]).to.deep.equal(["restored", alice.address, 70n]);
    await service.stop();
    const restarted = await startService(store);
    expect((await restarted.audit.reconcile()).differences).to.deep.equal([]);
    expect([pointsOf(restarted, alice.address), restarted.channelOf(alice.address, POINTS)?.freeze]).to.deep.equal([
      60n,
      null,
    ]);
    expect((await Wallet.restore(walletOptions(alice.key, alice.store, apiOf(restarted)))).isLost).to.equal(false);
  });

  it("hosted accounts, of which nobody else has anything, go on with what the service has", async function () {
    const { service, store, bob } = await paidOnce(this);
    await service.stop();
    await store.losses.declare(SYSTEM, NOW);
    const again = await startService(store);
    await again.resynchroniseHosted();
    await expectError(() => issue(again, bob, 1n), "resynchronising", { until: UNTIL });
    await again.noteFinal(NOW);
    await again.noteFinal(UNTIL + 1n);
    await again.resynchroniseHosted();
    await issue(again, bob, 1n);
    expect([pointsOf(again, bob), again.channelOf(bob, POINTS)?.state.version]).to.deep.equal([31n, ANEW]);
    expect(await again.audit.isConserved(POINTS)).to.equal(true);
    await again.stop();
    const restarted = await startService(store);
    expect([pointsOf(restarted, bob), restarted.channelOf(bob, POINTS)?.freeze]).to.deep.equal([31n, null]);
  });

  it("what is shown counts only with both signatures", async function () {
    const { alice } = await paidOnce(this);
    const { service } = await rebuilt(this);
    await service.submit({ type: "openAccount", address: alice.address, tokens: [POINTS] });
    await readChain(service, alice.address);
    await service.noteFinal(UNTIL + 1n);
    const { state, locks: outgoing, signature: userSignature, systemSignature } = alice.wallet.complete!;
    const richer = { ...state, net: 1_000n };
    const mallory = keccakText("mallory") as Hex;
    const by = (key: Hex) => sign(digest(SEPARATOR, hashState(richer)), key);
    const show = (shown: Partial<{ state: typeof state; userSignature: Hex; systemSignature: object }>) =>
      service.outset(alice.wallet.id, {
        state: { ...{ state, outgoing, userSignature, systemSignature }, ...(shown as object) },
        note: null,
      });
    expect(await show({})).to.deep.equal({ outgoing: [], incoming: [], time: UNTIL + 1n });
    await expectError(() => show({ state: richer, userSignature: by(mallory) }), "wrong_signer");
    const self = { signature: by(alice.key), proof: [] };
    await expectError(
      () => show({ state: richer, userSignature: by(alice.key), systemSignature: self }),
      "wrong_signer",
    );
  });

  /** Alice's wallet with an empty store, which knows that it is not the first. */
  async function forgetful(context: Mocha.Context, api: ServiceApi, key: Hex) {
    const store = await storeOf(context);
    const wallet = await Wallet.restore({ ...walletOptions(key, store, api), isOriginal: true });
    await wallet.declareLoss();
    return wallet;
  }

  it("a user that has lost everything signs and believes nothing until the period is over on the final chain", async function () {
    const { service, alice, bob } = await paidOnce(this);
    await issue(service, alice.address, 5n);
    const wallet = await forgetful(this, apiOf(service), alice.key);
    const { id: channel } = wallet;
    wallet.updateFunds(NO_FUNDS, NOW);
    await expectError(() => wallet.resynchronise(), "resynchronising", { until: UNTIL });
    wallet.updateFunds(NO_FUNDS, UNTIL);
    for (const act of [
      () => wallet.pay(bob, 1n, ZERO_HASH),
      async () => wallet.receive((await service.latestNote(channel))!),
      () => wallet.withdraw({ amount: 1n, recipient: alice.address, deadline: NOW + 1n, now: NOW }),
      () => wallet.closeCooperatively(NOW + 1n),
      () => wallet.resynchronise(),
    ]) {
      await expectError(act, "resynchronising", { channel, until: UNTIL });
    }
    expect([wallet.state.version, wallet.note.seq]).to.deep.equal([0n, 0n]);
    wallet.updateFunds(NO_FUNDS, UNTIL + 1n);
    await expectError(() => wallet.resynchronise(), "resynchronising", { channel, until: UNTIL });
    await service.noteFinal(UNTIL + 1n);
    await wallet.resynchronise();
    expect([wallet.state.version, wallet.balance, wallet.isLost]).to.deep.equal([ANEW, 75n, false]);
    await wallet.pay(bob, 5n, ZERO_HASH);
    expect([wallet.balance, pointsOf(service, alice.address), pointsOf(service, bob)]).to.deep.equal([70n, 70n, 35n]);
    // What the lost store still has is of no use to anybody: its owner takes over what was signed since.
    await alice.wallet.pay(bob, 1n, ZERO_HASH);
    expect(alice.wallet.state.version).to.equal(ANEW + 2n);
  });

  it("a store out of a backup says itself that it is older, and closes humbly", async function () {
    const { service, alice } = await paidOnce(this);
    const store = await storeOf(this);
    await store.append({ type: "restored", channelId: alice.wallet.id, time: NOW });
    const wallet = await Wallet.restore({ ...walletOptions(alice.key, store, apiOf(service)), isOriginal: true });
    await expectError(() => wallet.resynchronise(), "resynchronising", { until: UNTIL });
    expect((await wallet.close(NOW)).humble).to.equal(true);
  });

  it("an answer that is lost is asked for again: both begin anew once", async function () {
    const { service, alice } = await paidOnce(this);
    const honest = apiOf(service);
    let losses = 1;
    const resynchronisation: ResynchronisationApi = {
      ...honest.resynchronisation!,
      complete: async (request) => {
        const answer = await honest.resynchronisation!.complete(request);
        if (losses-- > 0) throw new StarledgerError("unreachable");
        return answer;
      },
    };
    const wallet = await forgetful(this, { ...honest, resynchronisation }, alice.key);
    wallet.updateFunds(NO_FUNDS, NOW);
    await expectError(() => wallet.resynchronise(), "resynchronising");
    wallet.updateFunds(NO_FUNDS, UNTIL + 1n);
    await service.noteFinal(UNTIL + 1n);
    await expectError(() => wallet.resynchronise(), "unreachable");
    expect(wallet.isLost).to.equal(true);
    await wallet.resynchronise();
    expect([wallet.isLost, wallet.state.version, wallet.balance]).to.deep.equal([false, ANEW, 70n]);
  });
});

async function storeOf(context: Mocha.Context): Promise<FileStore> {
  const store = await FileStore.open(path.join(temporaryFolder(context), "wallet.jsonl"));
  afterTest(context, () => store.close());
  return store;
}
