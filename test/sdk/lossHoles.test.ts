import path from "node:path";

import { expect } from "chai";

import { NO_FUNDS, ZERO_HASH, type PaidLocks } from "../../src/protocol";
import {
  FileStore,
  Wallet,
  type Registrar,
  type ResynchronisationApi,
  type ServiceApi,
  type WalletRecord,
} from "../../src/sdk";
import { expectError } from "../helpers/errors";
import {
  apiOf,
  freshService,
  issue,
  NOW,
  openHosted,
  openWallet,
  SETTINGS,
  temporaryFolder,
  walletOptions,
} from "../helpers/service";
import { afterTest } from "../helpers/afterTest";

const PERIOD = SETTINGS.challengePeriod;
const UNTIL = NOW + PERIOD;

/** What the service answers of what is paid and when, in place of the truth. */
function lying(honest: ServiceApi, lie: Partial<PaidLocks & { time: bigint }>): ServiceApi {
  const truthful = honest.resynchronisation!;
  const resynchronisation: ResynchronisationApi = {
    outset: async (...asked) => ({ ...(await truthful.outset(...asked)), ...lie }),
    complete: (request) => truthful.complete(request),
  };
  return { ...honest, resynchronisation };
}

describe("S7: what a wallet that begins anew does not let happen", () => {
  /** Alice has 100 and has paid Bob 30; the service has seen that what she signed is past. */
  async function paidOnce(context: Mocha.Context) {
    const { service } = await freshService(context);
    const bob = await openHosted(service, "bob", 50n);
    const alice = await openWallet(context, service, "alice");
    await issue(service, alice.address, 100n);
    await alice.arrived();
    await alice.wallet.pay(bob, 30n, ZERO_HASH);
    return { service, bob, alice, honest: apiOf(service) };
  }

  type Options = Parameters<typeof Wallet.restore>[0];

  /** Alice's wallet out of a store with these records alone. */
  async function restored(context: Mocha.Context, options: Options, ...records: WalletRecord[]) {
    const store = await FileStore.open(path.join(temporaryFolder(context), "restored.jsonl"));
    afterTest(context, () => store.close());
    for (const record of records) await store.append(record);
    return { store, wallet: await Wallet.restore({ ...options, store }) };
  }

  it("S7: what the service shows meanwhile is not taken over, and not shown as the balance", async function () {
    const { alice, honest } = await paidOnce(this);
    const lost = { type: "lost", by: "user", channelId: alice.wallet.id, time: NOW } as const;
    const { wallet } = await restored(this, walletOptions(alice.key, alice.store, honest), lost);
    await wallet.catchUp();
    expect([wallet.state.version, wallet.note.seq, wallet.balance]).to.deep.equal([0n, 0n, 0n]);
    const api: ServiceApi = { ...honest, channel: async (id) => ({ ...(await honest.channel(id)), isLost: true }) };
    const told = (await restored(this, walletOptions(alice.key, alice.store, api))).wallet;
    await told.catchUp();
    expect([told.isLost, told.state.version, told.balance]).to.deep.equal([true, 0n, 0n]);
  });

  it("S7: a clock that is behind the chain does not shorten the wait, nor does a restart lengthen it", async function () {
    const { alice, honest } = await paidOnce(this);
    const behind = { ...walletOptions(alice.key, alice.store, honest), now: () => NOW - 10n * PERIOD };
    const backup = { type: "restored", channelId: alice.wallet.id, time: NOW - 10n * PERIOD } as const;
    const { wallet, store } = await restored(this, behind, backup);
    for (const finalTime of [NOW, UNTIL]) {
      wallet.updateFunds(NO_FUNDS, finalTime);
      await expectError(() => wallet.resynchronise(), "resynchronising", { until: UNTIL });
    }
    const again = await Wallet.restore({ ...behind, store });
    again.updateFunds(NO_FUNDS, UNTIL);
    await expectError(() => again.resynchronise(), "resynchronising", { until: UNTIL });
    const once = (await store.records(alice.wallet.id)).filter(({ type }) => type === "lossDated");
    expect(once).to.have.length(1);
    again.updateFunds(NO_FUNDS, UNTIL + 1n);
    await again.declareLoss();
    await expectError(() => again.resynchronise(), "resynchronising", { until: UNTIL });
  });

  it("S7: both begin anew at a time that is past what was lost, and not so late that another jump would land below it", async function () {
    const { service, alice, honest } = await paidOnce(this);
    const lost = { type: "lost", by: "user", channelId: alice.wallet.id, time: NOW } as const;
    const begin = async (time: bigint, ...records: WalletRecord[]) => {
      const api = lying(honest, { time });
      const { wallet, store } = await restored(this, walletOptions(alice.key, alice.store, api), lost, ...records);
      wallet.updateFunds(NO_FUNDS, NOW);
      await wallet.resynchronise().catch(() => undefined);
      wallet.updateFunds(NO_FUNDS, UNTIL + 2n);
      return { wallet, store };
    };
    await service.noteFinal(UNTIL + 2n);
    for (const time of [0n, NOW, UNTIL]) {
      const { wallet } = await begin(time);
      await expectError(() => wallet.resynchronise(), "resynchronising", { until: UNTIL });
    }
    const max = UNTIL + 2n + PERIOD;
    const { wallet } = await begin(max + 1n);
    await expectError(() => wallet.resynchronise(), "out_of_range", { got: max + 1n, max });
    // It signed for a later time once, and the answer never came.
    const later = await begin(max);
    await expectError(() => later.wallet.resynchronise(), "out_of_range");
    const signed = (await later.store.records(alice.wallet.id)).filter(({ type }) => type === "proposed");
    expect(signed).to.have.length(1);
    const { wallet: earlier } = await begin(UNTIL + 1n, ...signed);
    await expectError(() => earlier.resynchronise(), "stale_version");
  });

  it("S7: what was registered in time is not signed away, though its lock is shown only now", async function () {
    const { service, alice, bob, honest } = await paidOnce(this);
    const { id: channelId } = alice.wallet;
    const signed = await alice.wallet.invoice({ amount: 20n, expiry: NOW + 900n });
    const invoices = (await alice.store.records(channelId)).filter(({ type }) => type === "invoiced");
    alice.unsubscribe();
    await service.submit({ type: "payInvoice", from: bob, signed, fee: 0n });
    const promised = (await service.latestNote(channelId))!;
    const [{ hash, expiry }] = promised.locks as [(typeof promised.locks)[number]];
    await service.submit({ type: "observeChain", finalTime: UNTIL + 2n, registered: [] });
    await service.noteFinal(UNTIL + 2n);

    const registrar: Registrar = {
      register: () => Promise.resolve(),
      registeredAt: (of) => Promise.resolve(of === hash ? expiry - 1n : undefined),
    };
    const shown: ServiceApi = {
      ...lying(honest, { incoming: [] }),
      channel: async (id) => ({ ...(await honest.channel(id)), note: promised }),
    };
    const lost = { type: "lost", by: "user", channelId, time: NOW } as const;
    const options = { ...walletOptions(alice.key, alice.store, shown), registrar };
    const { wallet, store } = await restored(this, options, ...invoices, lost);
    wallet.updateFunds(NO_FUNDS, NOW);
    await expectError(() => wallet.resynchronise(), "resynchronising");
    wallet.updateFunds(NO_FUNDS, UNTIL + 1n);
    await expectError(() => wallet.resynchronise(), "stale_note", { unpaid: hash });
    expect((await store.records(channelId)).some(({ type }) => type === "proposed")).to.equal(false);
  });
});
