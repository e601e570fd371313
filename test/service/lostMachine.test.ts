import path from "node:path";

import { expect } from "chai";

import { addressOf, hashState, NO_FUNDS, recoverSystem, ZERO_HASH, type Address } from "../../src/protocol";
import { Wallet } from "../../src/sdk";
import type { AccountService } from "../../src/service";
import { openStore } from "../../src/store";
import { starledger } from "../cli/helpers/cli";
import { SQLITE } from "../helpers/databases";
import { expectError } from "../helpers/errors";
import {
  apiOf,
  issue,
  listAssets,
  NOW,
  openHosted,
  openWallet,
  POINTS,
  pointsOf,
  SEPARATOR,
  SETTINGS,
  SIGNER_KEY,
  startService,
  temporaryFolder,
  walletOptions,
} from "../helpers/service";

/** What a service remembers, in a file, from the start to the stop. */
async function serving<T>(file: string, act: (service: AccountService) => Promise<T>): Promise<T> {
  const store = await openStore(`sqlite:${file}`);
  const service = await startService(store);
  try {
    return await act(service);
  } finally {
    await service.stop();
    await store.close();
  }
}

/** A backup of before alice had 100 points and paid of them: all of that is known to her alone. */
async function overtaken(context: Mocha.Context, pay: (wallet: Wallet, bob: Address) => Promise<void>) {
  const folder = temporaryFolder(context);
  const [lost, backup] = [path.join(folder, "lost.db"), path.join(folder, "old.db")];
  const { alice, bob } = await serving(lost, async (service) => {
    await listAssets(service);
    const bob = await openHosted(service, "bob");
    return { alice: await openWallet(context, service, "alice"), bob };
  });
  await SQLITE.execute(`sqlite:${lost}`, `VACUUM INTO '${backup}'`);
  await serving(lost, async (service) => {
    const wallet = await Wallet.restore(walletOptions(alice.key, alice.store, apiOf(service)));
    await issue(service, alice.address, 100n);
    await wallet.sync();
    await pay(wallet, bob);
  });
  return { alice, bob, backup };
}

describe("case 27: when the service's machine is lost", () => {
  it("a backup of all that it remembered serves on elsewhere, and customers notice nothing", async function () {
    const folder = temporaryFolder(this);
    const [lost, backup] = [path.join(folder, "lost.db"), path.join(folder, "backup.db")];
    const alice = await serving(lost, async (service) => {
      await listAssets(service);
      const opened = await openWallet(this, service, "alice");
      await issue(service, opened.address, 100n);
      await opened.arrived();
      await opened.wallet.pay(await openHosted(service, "bob"), 10n, ZERO_HASH);
      return opened;
    });
    await SQLITE.execute(`sqlite:${lost}`, `VACUUM INTO '${backup}'`);
    await serving(backup, async (service) => {
      const wallet = await Wallet.restore(walletOptions(alice.key, alice.store, apiOf(service)));
      const carol = await openHosted(service, "carol");
      await wallet.pay(carol, 20n, ZERO_HASH);
      expect([wallet.state.version, wallet.balance]).to.deep.equal([2n, 70n]);
      expect([pointsOf(service, alice.address), pointsOf(service, carol)]).to.deep.equal([70n, 20n]);
    });
  });

  it("an older backup takes nothing from a customer, who signs nothing below what it holds and can leave with that", async function () {
    const { alice, bob, backup } = await overtaken(this, async (wallet, bob) => {
      await wallet.pay(bob, 10n, ZERO_HASH);
      await wallet.pay(bob, 20n, ZERO_HASH);
    });
    await serving(backup, async (service) => {
      const wallet = await Wallet.restore(walletOptions(alice.key, alice.store, apiOf(service)));
      await wallet.sync();
      await expectError(() => wallet.pay(bob, 1n, ZERO_HASH), "stale_version");
      expect([wallet.state.version, wallet.note.credited, wallet.balance]).to.deep.equal([2n, 100n, 70n]);
      expect([pointsOf(service, alice.address), pointsOf(service, bob)]).to.deep.equal([0n, 0n]);

      const { completed, held, humble } = await wallet.close(NOW);
      const { state, systemSignature } = completed!;
      expect([state.version, state.net, held!.note.credited, humble]).to.deep.equal([2n, 70n, 100n, true]);
      expect(recoverSystem(SEPARATOR, hashState(state), systemSignature)).to.equal(addressOf(SIGNER_KEY));
    });
  });

  it("S7: an older backup that is declared takes nothing from a customer either, who stays", async function () {
    const { alice, bob, backup } = await overtaken(this, async (wallet, bob) => {
      await wallet.pay(bob, 30n, ZERO_HASH);
    });
    expect((await starledger(["declare-loss", "--store", `sqlite:${backup}`])).code).to.equal(0);
    const over = BigInt(Math.ceil(Date.now() / 1_000)) + SETTINGS.challengePeriod + 1n;
    await serving(backup, async (service) => {
      const wallet = await Wallet.restore(walletOptions(alice.key, alice.store, apiOf(service)));
      await service.noteFinal(NOW);
      await expectError(() => wallet.pay(bob, 1n, ZERO_HASH), "resynchronising");
      await expectError(() => wallet.sync(), "resynchronising");
      await expectError(() => issue(service, bob, 1n), "resynchronising");
      expect([service.resynchronising, wallet.balance]).to.deep.equal([3, 70n]);
    });
    await serving(backup, async (service) => {
      const wallet = await Wallet.restore(walletOptions(alice.key, alice.store, apiOf(service)));
      await service.noteFinal(over);
      await service.resynchroniseHosted();
      wallet.updateFunds(NO_FUNDS, over);
      await wallet.sync();
      await wallet.pay(bob, 5n, ZERO_HASH);
      expect([service.resynchronising, wallet.isLost, wallet.balance]).to.deep.equal([0, false, 65n]);
      // What the service kept for its hosted customers after the backup is lost; nobody else has a copy.
      expect([pointsOf(service, alice.address), pointsOf(service, bob)]).to.deep.equal([65n, 5n]);
      expect(await service.audit.isConserved(POINTS)).to.equal(true);
      expect((await service.audit.reconcile()).differences).to.deep.equal([]);
    });
  });
});
