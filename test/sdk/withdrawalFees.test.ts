import path from "node:path";

import { expect } from "chai";

import {
  hashWithdrawal,
  keccakText,
  sign,
  ZERO_HASH,
  type Address,
  type FeeRate,
  type FeeSchedule,
} from "../../src/protocol";
import { fail, StarledgerError } from "../../src/errors";
import { FileStore, Wallet, type ServiceApi } from "../../src/sdk";
import { expectError } from "../helpers/errors";
import {
  apiOf,
  freshService,
  issue,
  NOW,
  openHosted,
  openWallet,
  POINTS,
  pointsOf,
  SYSTEM,
  temporaryFolder,
  walletOptions,
} from "../helpers/service";

const FEE: FeeRate = { flat: 5n, basisPoints: 0n, min: 0n, max: null };

describe("a wallet's withdrawal that costs something", () => {
  /** A wallet with 100 points, whose service answers as `lie` has it. */
  async function world(context: Mocha.Context, lie: (honest: ServiceApi) => Partial<ServiceApi> = () => ({})) {
    const { service } = await freshService(context);
    const honest = apiOf(service);
    const api = { ...honest, ...lie(honest) };
    const { wallet, address, key, store, arrived } = await openWallet(context, service, "alice", { api });
    await issue(service, address, 100n);
    await arrived();
    const charge = (fees: FeeSchedule) => service.submit({ type: "setFees", system: SYSTEM, token: POINTS, fees });
    await charge({ withdrawal: FEE });
    const terms = { amount: 30n, recipient: address, deadline: NOW + 100n, now: NOW };
    const booked = () => [pointsOf(service, address), service.channelOf(address, POINTS)!.pending?.withdrawn];
    const restored = (by: ServiceApi = honest) => Wallet.restore(walletOptions(key, store, by));
    return { service, honest, wallet, address, key, store, charge, terms, booked, restored };
  }

  it("pays it up to what its owner allows, in a state that names the withdrawal; else it signs nothing", async function () {
    const { wallet, terms, booked, store } = await world(this);
    const before = await store.records(wallet.id);
    await expectError(() => wallet.withdraw(terms), "fee_too_high", { fee: 5n, maxFee: 0n });
    await expectError(() => wallet.withdraw({ ...terms, maxFee: 4n }), "fee_too_high", { fee: 5n, maxFee: 4n });
    const all = { ...terms, amount: 96n, maxFee: 5n };
    await expectError(() => wallet.withdraw(all), "insufficient_balance", { short: 1n });
    expect(await store.records(wallet.id)).to.deep.equal(before);
    const { withdrawal } = await wallet.withdraw({ ...terms, maxFee: 5n });
    const paid = { type: "fee", amount: 5n, reference: hashWithdrawal(withdrawal) };
    expect(wallet.complete!.operations.at(-1)).to.deep.equal(paid);
    expect([wallet.balance, wallet.available, booked()]).to.deep.equal([95n, 65n, [95n, 30n]]);
  });

  it("case 23: sends both again after a crash or a lost answer, and is charged once", async function () {
    let losses = 1;
    const lost = (honest: ServiceApi): Partial<ServiceApi> => ({
      withdraw: async (request) => {
        const answer = await honest.withdraw(request);
        if (losses-- > 0) throw new StarledgerError("unreachable");
        return answer;
      },
    });
    const { wallet, terms, booked, restored } = await world(this, lost);
    await expectError(() => wallet.withdraw({ ...terms, maxFee: 5n }), "unreachable");
    const after = await restored();
    await after.resume();
    expect([after.state.version, after.balance, after.available, booked()]).to.deep.equal([1n, 95n, 65n, [95n, 30n]]);
    // In the same process the next payment sends them first.
    const bob = terms.recipient;
    expect(await wallet.sameWithdrawal(30n, bob, 5n)).to.deep.equal(await after.sameWithdrawal(30n, bob, 5n));
    expect([wallet.state, booked()]).to.deep.equal([after.state, [95n, 30n]]);
  });

  it("case 23: a service that did not get it gets the same, from whatever is done next", async function () {
    let isDown = true;
    const down = (honest: ServiceApi): Partial<ServiceApi> => ({
      withdraw: (request) => (isDown ? Promise.reject(new StarledgerError("unreachable")) : honest.withdraw(request)),
    });
    const { service, wallet, terms, booked } = await world(this, down);
    const bob = await openHosted(service, "bob");
    await expectError(() => wallet.withdraw({ ...terms, maxFee: 5n }), "unreachable");
    await expectError(() => wallet.pay(bob, 1n, ZERO_HASH), "unreachable");
    expect(booked()).to.deep.equal([100n, undefined]);
    isDown = false;
    await wallet.pay(bob, 1n, ZERO_HASH);
    expect([wallet.state.version, wallet.available, booked()]).to.deep.equal([2n, 64n, [94n, 30n]]);
  });

  it("follows a schedule that changes while it is signed, and a state of another device, without a second withdrawal", async function () {
    let meanwhile: (() => Promise<unknown>) | undefined;
    const racing = (honest: ServiceApi): Partial<ServiceApi> => ({
      withdraw: async (request) => {
        const act = meanwhile;
        meanwhile = undefined;
        await act?.();
        return honest.withdraw(request);
      },
    });
    const { service, honest, key, wallet, terms, charge, booked } = await world(this, racing);
    const bob = await openHosted(service, "bob");
    const store = await FileStore.open(path.join(temporaryFolder(this), "other.jsonl"));
    meanwhile = async () => {
      await charge({ withdrawal: { ...FEE, flat: 7n } });
      const other = Wallet.create(walletOptions(key, store, honest));
      await other.sync();
      await other.pay(bob, 10n, ZERO_HASH);
    };
    const { withdrawal } = await wallet.withdraw({ ...terms, maxFee: 7n });
    expect(withdrawal.withdrawn).to.equal(30n);
    expect([wallet.state.version, wallet.available, booked()]).to.deep.equal([2n, 53n, [83n, 30n]]);
  });

  it("that was refused for its fee can be asked for again, and hinders nothing meanwhile", async function () {
    const shown = { isOld: true };
    const outdated = (honest: ServiceApi): Partial<ServiceApi> => ({
      channel: async (id) => ({ ...(await honest.channel(id)), ...(shown.isOld && { fees: {} }) }),
    });
    const { service, wallet, terms, address, booked } = await world(this, outdated);
    const bob = await openHosted(service, "bob");
    await expectError(() => wallet.withdraw({ ...terms, maxFee: 5n }), "wrong_fee", { got: 0n, want: 5n });
    await wallet.pay(bob, 1n, ZERO_HASH);
    shown.isOld = false;
    await expectError(() => wallet.sameWithdrawal(30n, address)!, "fee_too_high", { fee: 5n, maxFee: 0n });
    await wallet.sameWithdrawal(30n, address, 5n);
    expect([wallet.available, booked()]).to.deep.equal([64n, [94n, 30n]]);
  });

  for (const [which, meanwhile] of [
    ["whatever is done next", (wallet: Wallet, bob: Address) => wallet.pay(bob, 1n, ZERO_HASH)],
    ["what pays for it anew", () => Promise.resolve()],
  ] as const) {
    it(`that was refused, and made when the same bytes came once more, is charged once: ${which} finds out`, async function () {
      const refused: Parameters<ServiceApi["withdraw"]>[0][] = [];
      const late = (honest: ServiceApi): Partial<ServiceApi> => ({
        withdraw: async (request) => {
          if (refused.length > 0) return await honest.withdraw(request);
          refused.push(request);
          return fail("account_frozen");
        },
      });
      const { service, honest, wallet, terms, booked, address, restored } = await world(this, late);
      const bob = await openHosted(service, "bob");
      await expectError(() => wallet.withdraw({ ...terms, maxFee: 5n }), "account_frozen");
      await honest.withdraw(refused[0]!);
      await issue(service, address, 10n);
      await meanwhile(wallet, bob);
      const left = 105n - pointsOf(service, bob);
      const signed = await wallet.sameWithdrawal(30n, address, 5n);
      expect([wallet.balance, booked()]).to.deep.equal([left, [left, 30n]]);
      expect(await (await restored()).sameWithdrawal(30n, address, 5n)).to.deep.equal(signed);
      expect(booked()).to.deep.equal([left, 30n]);
    });
  }

  it("believes neither signature without the other", async function () {
    const mallory = keccakText("mallory");
    for (const spoil of [
      (answer: Awaited<ReturnType<ServiceApi["withdraw"]>>) => ({ systemSignature: answer.systemSignature }),
      (answer: Awaited<ReturnType<ServiceApi["withdraw"]>>) => ({
        ...answer,
        systemSignature: sign(mallory, mallory),
      }),
      (answer: Awaited<ReturnType<ServiceApi["withdraw"]>>) => ({
        ...answer,
        payment: { signature: sign(mallory, mallory), proof: [] },
      }),
    ]) {
      const { wallet, terms, restored } = await world(this, (honest) => ({
        withdraw: async (request) => spoil(await honest.withdraw(request)),
      }));
      const outcome = await wallet.withdraw({ ...terms, maxFee: 5n }).catch((error: unknown) => error);
      expect(outcome).to.be.instanceOf(StarledgerError);
      expect((outcome as StarledgerError).code).to.be.oneOf(["invalid_signature", "wrong_signer"]);
      expect(wallet.state.version).to.equal(0n);
      // It holds the service to what it signed: the same bytes, as often as it takes.
      const after = await restored();
      await after.resume();
      expect([after.state.version, after.available]).to.deep.equal([1n, 65n]);
    }
  });
});
