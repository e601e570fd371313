import { expect } from "chai";

import { channelId } from "../../../src/protocol";
import { ChainNode, httpProvider, Hub } from "../../../src/sdk";
import { fundsAt } from "../../../src/sdk/chain/fundsAt";
import { clientOf, startTown, type Town } from "../../helpers/clients";
import { expectError } from "../../helpers/errors";

describe("fundsAt, on a real node", () => {
  let town: Town;

  before(async () => (town = await startTown()));
  after(() => town.stop());

  it("is what had come in and gone out up to a block, whatever did since; of an epoch that is over there is none", async function () {
    const { world, coin } = town;
    const { node, system, deployment, service } = world;
    const client = await clientOf(this, town, 4);
    await client.open(coin);
    await world.coin.connect(node.account(0)).mint(client.account, 1_000n);
    const parties = { system, user: client.account, token: coin };
    const id = channelId({ ...parties, epoch: 0n });
    const hub = new Hub(deployment.hub, new ChainNode(httpProvider(node.url)));
    const now = async () => BigInt(await node.provider.getBlockNumber());
    const blocks = [await now()];
    for (const amount of [600n, 400n]) {
      await client.deposit({ token: coin, amount });
      blocks.push(await now());
    }
    const { funds } = await world.hub.channel(parties);
    const finalTime = BigInt((await node.provider.getBlock("latest"))!.timestamp);
    await service.submit({ type: "updateFunds", channelId: id, funds, finalTime });
    await client.submit(coin, await client.withdraw({ token: coin, amount: 300n }));
    blocks.push(await now());
    const found = await Promise.all(blocks.map((block) => fundsAt(hub, parties, id, block)));
    expect(found.map(({ deposited, withdrawn }) => [deposited, withdrawn])).to.deep.equal([
      [0n, 0n],
      [600n, 0n],
      [1_000n, 0n],
      [1_000n, 300n],
    ]);
    const later = channelId({ ...parties, epoch: 1n });
    await expectError(() => fundsAt(hub, parties, later, 1n), "epoch_over", { got: later, want: id });
  });
});
