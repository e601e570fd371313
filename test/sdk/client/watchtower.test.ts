import { createServer, type AddressInfo } from "node:net";

import { expect } from "chai";

import { StarledgerError } from "../../../src/errors";
import { ZERO_HASH } from "../../../src/protocol";
import { connect, httpApi, type Client, type ConnectOptions, type HttpApi, type TowerStatus } from "../../../src/sdk";
import { connectTo } from "../../../src/sdk/client/connect";
import { startTower, type RunningTower, type TowerConfig } from "../../../src/watchtower";
import { afterTest } from "../../helpers/afterTest";
import { clientOf, clientOptions, startTown, type Town } from "../../helpers/clients";
import { SQLITE } from "../../helpers/databases";
import { expectError } from "../../helpers/errors";

const GAS_ACCOUNT = 19;

describe("A client with watchtowers", () => {
  let town: Town;
  let index = 3;

  let merchant: Client;

  before(async function () {
    town = await startTown();
    merchant = await clientOf(this, town, index);
    await merchant.open(town.points);
  });
  after(() => town.stop());

  const towerAt = async (context: Mocha.Context, changes: Partial<TowerConfig> = {}): Promise<RunningTower> => {
    const { node, hub } = town.world;
    const chain = {
      rpc: [node.url],
      quorum: undefined,
      hubs: [hub.address],
      systems: undefined,
      finality: { confirmations: 2 },
    };
    const tower = await startTower({
      chains: [{ ...chain, gasKeys: [node.privateKey(GAS_ACCOUNT)] }],
      keys: { passphrase: null, patience: 1_000 },
      ...{ host: "127.0.0.1", port: 0, publicUrl: undefined, store: await SQLITE.fresh(context), logLevel: "silent" },
      ...{
        interval: 50,
        gasCap: 10n ** 13n,
        window: 64,
        leastShare: 0,
        quota: 10,
        perMinute: 0,
        trustedProxies: [],
        keep: 86_400_000,
      },
      ...changes,
    });
    afterTest(context, () => tower.stop());
    return tower;
  };
  const points = (amount: bigint, account: Client["account"]) =>
    town.world.service.submit({ type: "issue", account, token: town.points, amount, reference: ZERO_HASH });
  const opened = async (client: Client): Promise<Client> => {
    await client.open(town.points);
    await points(100n, client.account);
    await client.sync(town.points);
    return client;
  };
  const customer = async (context: Mocha.Context, options: Partial<ConnectOptions> = {}): Promise<Client> =>
    opened(await clientOf(context, town, (index += 1), options));
  const pay = (client: Client) => client.pay({ to: merchant.account, token: town.points, amount: 1n });
  const shown = ({ isCurrent, confirmed, error }: TowerStatus) => ({
    isCurrent,
    has: confirmed && [confirmed.version, confirmed.seq, confirmed.preimages],
    error: error?.code,
  });
  const status = async (client: Client) => (await client.watchtowers(town.points)).map(shown);
  const untilCurrent = async (client: Client): Promise<ReturnType<typeof shown>[]> => {
    for (;;) {
      const all = await status(client);
      if (all.every(({ isCurrent }) => isCurrent)) return all;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const freePort = (): Promise<number> =>
    new Promise((resolve) => {
      const server = createServer().listen(0, "127.0.0.1", () => {
        const { port } = server.address() as AddressInfo;
        server.close(() => resolve(port));
      });
    });

  it("hands over what it receives and pays, the newest in place of what is older", async function () {
    const { url } = await towerAt(this);
    const alice = await customer(this, { watchtowers: [{ url }] });
    expect(await untilCurrent(alice)).to.deep.equal([{ isCurrent: true, has: [0n, 1n, 0], error: undefined }]);
    for (let i = 0; i < 5; i++) await pay(alice);
    expect(await untilCurrent(alice)).to.deep.equal([{ isCurrent: true, has: [5n, 1n, 0], error: undefined }]);
  });

  it("case 21: pays while a watchtower is down or silent, and hands over to each as soon as it answers", async function () {
    const silent = createServer(() => undefined).listen(0, "127.0.0.1");
    afterTest(this, () => silent.close());
    const [port, { url }] = [await freePort(), await towerAt(this)];
    const down = `http://127.0.0.1:${port}`;
    const mute = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const told: string[] = [];
    const alice = await customer(this, {
      watchtowers: [{ url }, { url: down }, { url: mute }],
      onError: ({ code }) => told.push(code),
    });
    await pay(alice);
    await alice.watchtowers(town.points);
    while ((await status(alice)).slice(0, 2).some(({ isCurrent, error }) => !isCurrent && error === undefined)) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(await status(alice)).to.deep.equal([
      { isCurrent: true, has: [1n, 1n, 0], error: undefined },
      { isCurrent: false, has: undefined, error: "unreachable" },
      { isCurrent: false, has: undefined, error: undefined },
    ]);
    expect(new Set(told)).to.deep.equal(new Set(["unreachable"]));
    await towerAt(this, { port });
    while (!(await status(alice))[1]!.isCurrent) await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await status(alice))[1]).to.deep.equal({ isCurrent: true, has: [1n, 1n, 0], error: undefined });
  });

  it("case 21: hands over after a restart what no watchtower had, before the token is used again", async function () {
    const port = await freePort();
    const options = await clientOptions(this, town, (index += 1));
    const watchtowers = [{ url: `http://127.0.0.1:${port}` }];
    const first = await opened(await connect({ ...options, watchtowers }));
    await pay(first);
    await first.stop();
    await towerAt(this, { port });
    const second = await connect({ ...options, watchtowers });
    afterTest(this, () => second.stop());
    while ((await status(second))[0]!.has === undefined) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await status(second)).to.deep.equal([{ isCurrent: true, has: [1n, 1n, 0], error: undefined }]);
  });

  it("appoints a watchtower for a share that it may ask for, once, and not for a greater one", async function () {
    const { url, tower } = await towerAt(this, { leastShare: 500 });
    const options = await clientOptions(this, town, (index += 1));
    const asked: string[] = [];
    const account: ConnectOptions["account"] = {
      ...options.account,
      sign: (message, domain) => {
        asked.push(message.type);
        return options.account.sign(message, domain);
      },
    };
    const errors: string[] = [];
    const mean = await opened(
      await connect({
        ...{ ...options, account, watchtowers: [{ url, maxShareBps: 499 }] },
        onError: ({ code, details }) => errors.push(`${code} ${details["leastShare"]} ${details["maxShare"]}`),
      }),
    );
    await mean.stop();
    expect([...new Set(errors)]).to.deep.equal(["bad_appointment 500 499"]);
    expect(asked).to.not.include("Appointment");
    for (const version of [1n, 2n]) {
      const client = await connect({ ...options, account, watchtowers: [{ url, maxShareBps: 500 }] });
      await pay(client);
      await untilCurrent(client);
      const [{ confirmed }] = (await client.watchtowers(town.points)) as [TowerStatus];
      await client.stop();
      expect(confirmed?.version).to.equal(version);
      expect(confirmed!.until! > BigInt(Math.floor(Date.now() / 1_000)) + 360n * 86_400n).to.equal(true);
    }
    expect(asked.filter((type) => type === "Appointment")).to.deep.equal(["Appointment"]);
    expect(tower.leastShare).to.equal(500);
  });

  it("case 21: hands over the preimages of what it claims, and none of what a hold invoice keeps back", async function () {
    const { url } = await towerAt(this);
    const payer = await customer(this);
    const options = await clientOptions(this, town, (index += 1));
    const { account, apiKey } = options;
    const deaf = (chainId: bigint): HttpApi => ({
      ...httpApi(town.url, {
        account: account.address,
        chainId,
        apiKey: apiKey!,
        sign: (_, text) => account.signText(text),
      }),
      reveal: () => Promise.reject(new StarledgerError("unreachable")),
    });
    const shop = await opened(await connectTo(deaf, { ...options, watchtowers: [{ url }] }));
    afterTest(this, () => shop.stop());
    const held = await shop.invoice({ token: town.points, amount: 10n, hold: true });
    await payer.payInvoice(held.text);
    await shop.sync(town.points);
    expect((await untilCurrent(shop))[0]!.has).to.deep.equal([0n, 2n, 0]);
    await expectError(() => shop.reveal(held), "unreachable");
    expect((await untilCurrent(shop))[0]!.has).to.deep.equal([0n, 2n, 1]);
  });
});
