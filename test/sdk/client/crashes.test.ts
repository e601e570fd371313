import { expect } from "chai";

import { keccakText, ZERO_HASH, type FeeSchedule, type Hash } from "../../../src/protocol";
import { httpApi, type Client, type ConnectOptions, type HttpApi, type Store } from "../../../src/sdk";
import { connectTo } from "../../../src/sdk/client/connect";
import { afterTest } from "../../helpers/afterTest";
import { clientOptions, startTown, type Town } from "../../helpers/clients";

/** The process dies at the step of this number: before it, or after it is done but before anybody hears of it. */
class CrashPoint {
  happened = false;
  private steps = 0;

  constructor(
    private readonly at: number,
    private readonly when: "before" | "after",
  ) {}

  async step<T>(act: () => Promise<T>): Promise<T> {
    this.steps += 1;
    if (this.steps < this.at) return act();
    if (this.steps === this.at && this.when === "after") await act();
    this.happened = true;
    throw new Error("crash");
  }

  storeOf(store: Store): Store {
    return {
      append: (record) => this.step(() => store.append(record)),
      records: (id) => store.records(id),
      all: () => store.all(),
      lock: () => store.lock(),
      close: () => store.close(),
    };
  }

  apiOf(api: HttpApi): HttpApi {
    return {
      ...api,
      submitState: (request) => this.step(() => api.submitState(request)),
      withdraw: (request) => this.step(() => api.withdraw(request)),
    };
  }
}

describe("Client, case 23: a crash", () => {
  let town: Town;

  before(async () => (town = await startTown()));
  after(() => town.stop());

  const connected = ({ account, apiKey, url, ...options }: ConnectOptions, crash?: CrashPoint): Promise<Client> => {
    const sign = (_: Hash, text: string) => account.signText(text);
    const user = { account: account.address, sign, apiKey: apiKey! };
    const apiOn = (chainId: bigint): HttpApi => {
      const api = httpApi(url, { ...user, chainId });
      return crash?.apiOf(api) ?? api;
    };
    return connectTo(apiOn, { ...options, account, store: crash?.storeOf(options.store) ?? options.store });
  };

  it("at any record or call, before or after it, of a payment: it is made once when it is asked for again", async function () {
    const { service } = town.world;
    const { account: to } = await service.submit({ type: "openHostedAccount", tokens: [town.points] });
    const token = town.points;
    const options = await clientOptions(this, town, 2);
    const { address: account } = options.account;
    const first = await connected(options);
    await first.open(token);
    await first.stop();
    let [points, paid] = [0, 0n];
    for (const when of ["before", "after"] as const) {
      for (let at = 1; ; at++) {
        await service.submit({ type: "issue", account, token, amount: 30n, reference: ZERO_HASH });
        const order = { to: to!, token, amount: 30n, reference: keccakText(`${when} ${at}`) };
        const crash = new CrashPoint(at, when);
        const mortal = await connected(options, crash);
        await mortal
          .sync(token)
          .then(() => mortal.pay(order))
          .catch(onlyIf(crash));
        await mortal.stop();
        paid += 30n;
        const again = await connected(options);
        await again.sync(token);
        await again.pay(order);
        const { balance } = await again.balance(token);
        expect([balance, service.channelOf(to!, token)!.note.credited], `${when} ${at}`).to.deep.equal([0n, paid]);
        await again.stop();
        if (!crash.happened) break;
        points += 1;
      }
    }
    expect(points).to.be.greaterThan(5);
  });

  for (const when of ["before", "after"] as const) {
    it(`${when} any record or call of a withdrawal: the same one is signed by both when it is asked for again`, async function () {
      const { service } = town.world;
      const token = town.points;
      const charge = (fees: FeeSchedule) => service.submit({ type: "setFees", system: town.world.system, token, fees });
      await charge({ withdrawal: { flat: 5n, basisPoints: 0n, min: 0n, max: null } });
      afterTest(this, () => charge({}));
      // What is signed is stored, sent, and of the answer first the state that pays, then the withdrawal stored.
      for (const at of [1, 2, 3, 4]) {
        const options = await clientOptions(this, town, at + (when === "before" ? 10 : 15));
        const { address: account } = options.account;
        const first = await connected(options);
        await first.open(token);
        await service.submit({ type: "issue", account, token, amount: 50n, reference: ZERO_HASH });
        await first.sync(token);
        await first.stop();
        const crash = new CrashPoint(at, when);
        const mortal = await connected(options, crash);
        await mortal.withdraw({ token, amount: 20n, maxFee: 5n }).catch(onlyIf(crash));
        await mortal.stop();
        const again = await connected(options);
        const { withdrawal } = await again.withdraw({ token, amount: 20n, maxFee: 5n });
        const { pending } = service.channelOf(account, token)!;
        expect([crash.happened, withdrawal.withdrawn, pending]).to.deep.equal([true, 20n, withdrawal]);
        expect(await again.balance(token)).to.include({ balance: 45n, available: 25n, withdrawing: 20n });
        await again.stop();
      }
    });
  }
});

function onlyIf(crash: CrashPoint): (error: unknown) => void {
  return (error) => {
    if (!crash.happened) throw error;
  };
}
