import path from "node:path";

import { expect } from "chai";

import { merchantOf } from "../../../scripts/demo/disputes";
import { COIN } from "../../../scripts/demo/world";
import type { Address } from "../../../src/protocol";
import { FileStore, restore, type Client, type ExitEvent } from "../../../src/sdk";
import { clientOf, clientOptions, startTown, type Town } from "../../helpers/clients";
import { expectError } from "../../helpers/errors";
import { temporaryFolder } from "../../helpers/temporaryFolder";

/** A service that is gone. */
const SILENT = "http://127.0.0.1:1";

describe("Client.exit, on a real node (case 22)", () => {
  let town: Town;
  let merchant: Address;
  let index = 3;

  before(async () => {
    town = await startTown();
    merchant = await merchantOf(town.world, 19);
  });
  after(() => town.stop());

  const held = (): Promise<bigint> => town.world.coin.balanceOf(town.world.node.account(index).address);

  /** A client with 1,000 in its channel, and what it is connected with. */
  const depositor = async (context: Mocha.Context) => {
    const { coin, world } = town;
    const options = await clientOptions(context, town, (index += 1));
    const client = await clientOf(context, town, index, options);
    await client.open(coin);
    await (await world.coin.mint(client.account, 1_000n)).wait();
    await client.deposit({ token: coin, amount: 1_000n });
    const { funds } = await world.hub.channel({ system: world.system, user: client.account, token: coin });
    const { id } = world.service.channelOf(client.account, coin)!;
    const finalTime = BigInt((await world.node.provider.getBlock("latest"))!.timestamp);
    await world.service.submit({ type: "updateFunds", channelId: id, funds, finalTime });
    return { client, options };
  };
  const pay = (client: Client, amount: bigint) => client.pay({ to: merchant, token: town.coin, amount });

  /** What was done, until it waits or is done. */
  const follow = async (events: AsyncGenerator<ExitEvent>): Promise<string[]> => {
    const told: string[] = [];
    for await (const event of events) {
      told.push(event.type === "sent" ? `sent ${event.sent.step}` : event.step.do);
      if (event.type === "next" && event.step.do === "wait") break;
    }
    return told;
  };

  it("closes, waits and settles with the service gone, taken up again by another process", async function () {
    const { client, options } = await depositor(this);
    await pay(client, 250n);
    await client.stop();
    const alone = await clientOf(this, town, index, { ...options, url: SILENT });
    expect(await follow(alone.exit(town.coin))).to.deep.equal(["close", "sent close", "wait"]);
    expect((await alone.balance(town.coin)).status).to.equal("closing");
    await alone.stop();
    await town.world.node.pass(2n * COIN.challengePeriod + COIN.claimWindow);
    const later = await clientOf(this, town, index, { ...options, url: SILENT });
    expect(await follow(later.exit(town.coin))).to.deep.equal(["settle", "sent settle", "done"]);
    expect(await held()).to.equal(750n);
    expect(await follow(later.exit(town.coin))).to.deep.equal(["done"]);
  });

  it("closes with what was paid after the first look, and lets nothing be paid after the close", async function () {
    const { client } = await depositor(this);
    const events = client.exit(town.coin);
    const first = (await events.next()).value as Extract<ExitEvent, { type: "next" }>;
    expect(first.step).to.deep.include({ do: "close", due: 1_000n });
    await pay(client, 100n);
    const second = (await events.next()).value as Extract<ExitEvent, { type: "next" }>;
    expect(second.step).to.deep.include({ do: "close", due: 900n });
    await expectError(() => pay(client, 1n), "channel_frozen");
    expect(await follow(events)).to.deep.equal(["sent close", "wait"]);
  });

  it("ends when it is told to, while it waits", async function () {
    const { client } = await depositor(this);
    const stop = new AbortController();
    const told: string[] = [];
    for await (const event of client.exit(town.coin, { poll: 60_000, signal: stop.signal })) {
      told.push(event.type);
      if (event.type === "next" && event.step.do === "wait") setImmediate(() => stop.abort());
    }
    expect(told).to.deep.equal(["next", "sent", "next"]);
  });

  it("case 26: of a restored backup asks the service first, and closes humbly whatever is said of the key", async function () {
    const { client, options } = await depositor(this);
    await pay(client, 100n);
    const backup = await client.backup("correct horse battery staple");
    await pay(client, 100n);
    await pay(client, 100n);
    await client.stop();
    const store = await FileStore.open(path.join(temporaryFolder(this), "restored.jsonl"));
    await restore(store, backup, "correct horse battery staple");
    const again = await clientOf(this, town, index, { ...options, store, isOriginal: true });
    const [event] = [(await again.exit(town.coin).next()).value as Extract<ExitEvent, { type: "next" }>];
    expect(event.step).to.deep.equal({
      ...{ do: "close", humble: true, fee: COIN.staleFee, due: 700n, mayBeBehind: true },
    });
    await again.stop();
    await store.close();
  });

  it("closes ordinarily, in half the time, with an original key", async function () {
    const { client, options } = await depositor(this);
    await client.stop();
    const original = await clientOf(this, town, index, { ...options, isOriginal: true, url: SILENT });
    expect(await follow(original.exit(town.coin))).to.deep.equal(["close", "sent close", "wait"]);
    await town.world.node.pass(COIN.challengePeriod + COIN.claimWindow);
    expect(await follow(original.exit(town.coin))).to.deep.equal(["settle", "sent settle", "done"]);
    expect([await held(), (await original.history(town.coin)).map(({ type }) => type)]).to.deep.equal([1_000n, []]);
  });
});
