import path from "node:path";

import { expect } from "chai";

import { StarledgerError } from "../../src/errors";
import { sign, ZERO_HASH, type Signature } from "../../src/protocol";
import { FileStore, Wallet, type ServiceApi } from "../../src/sdk";
import { expectError } from "../helpers/errors";
import {
  apiOf,
  freshService,
  issue,
  openHosted,
  person,
  POINTS,
  temporaryFolder,
  walletOptions,
} from "../helpers/service";

const { key, address } = person("alice");

describe("a close that is begun while a payment is under way (S6)", () => {
  /** Alice's wallet with 100 points, and a hosted account to pay. */
  const opened = async (context: Mocha.Context, changes: (api: ServiceApi) => Parameters<typeof withChanges>[1]) => {
    const { service } = await freshService(context);
    const bob = await openHosted(service, "bob");
    await service.submit({ type: "openAccount", address, tokens: [POINTS] });
    await issue(service, address, 100n);
    const store = await FileStore.open(path.join(temporaryFolder(context), "wallet.jsonl"));
    const api = apiOf(service);
    const wallet = Wallet.create(withChanges(walletOptions(key, store, api), changes(api)));
    await wallet.sync();
    return { wallet, bob, store };
  };
  const withChanges = (
    options: Parameters<typeof Wallet.create>[0],
    changes: Partial<Parameters<typeof Wallet.create>[0]>,
  ) => ({ ...options, ...changes });

  it("signs nothing on top of the state that was on its way: closed with the one before, it is no cheat", async function () {
    let freeze = (): Promise<void> => Promise.resolve();
    let calls = 0;
    const { wallet, bob, store } = await opened(this, (api) => ({
      api: {
        ...api,
        submitState: async (request) => {
          calls += 1;
          if (calls === 1) throw new StarledgerError("unreachable");
          await freeze();
          return api.submitState(request);
        },
      },
    }));
    await expectError(() => wallet.pay(bob, 1n, ZERO_HASH), "unreachable");
    freeze = () => wallet.freeze();
    await expectError(() => wallet.pay(bob, 1n, ZERO_HASH), "channel_frozen");
    expect([wallet.state.version, calls]).to.deep.equal([1n, 2]);
    expect((await store.all()).filter(({ type }) => type === "proposed")).to.have.length(1);
  });

  it("does not send what a slow signer signed meanwhile", async function () {
    let freeze = (): Promise<void> => Promise.resolve();
    const { wallet, bob, store } = await opened(this, () => ({
      sign: async (digest): Promise<Signature> => {
        await freeze();
        return sign(digest, key);
      },
    }));
    freeze = () => wallet.freeze();
    await expectError(() => wallet.pay(bob, 1n, ZERO_HASH), "channel_frozen");
    expect([wallet.state.version, (await store.all()).map(({ type }) => type)]).to.deep.equal([
      0n,
      ["received", "closing"],
    ]);
  });
});
