import { expect } from "chai";

import { openCourt, SETTINGS, type Court } from "../../scripts/torture/watchtower/court";
import { encodeChallenge, HubClient } from "../../src/chain";
import type { Call, Item } from "../../src/chain/outbox";
import { BACKINGS, channelId, toAddress, ZERO_ADDRESS, type Address } from "../../src/protocol";
import { Collector } from "../../src/service/collector";
import type { Store } from "../../src/store";
import { HostileToken__factory, type HostileToken } from "../../typechain-types";
import { openTestStore, SQLITE } from "../helpers/databases";

const [NORMAL, REVERT] = [0, 2];
const EVERY = 600n;

describe("Collector, on a real node", () => {
  let court: Court;
  let store: Store;
  let coin: HostileToken;
  let token: Address;
  let now: bigint;

  before(async function () {
    court = await openCourt();
    store = await openTestStore(this, await SQLITE.fresh(this));
    const operator = court.node.account(0);
    coin = await new HostileToken__factory(operator).deploy();
    token = toAddress(await coin.getAddress());
    await (await coin.give(court.system, 1_000n)).wait();
    await (await coin.approve(court.domain.hub, 1_000n)).wait();
    await (await court.contract.addAsset(token, { ...SETTINGS, backing: BACKINGS.indexOf("collateral") })).wait();
    now = await court.time();
  });
  after(() => court.node.stop());

  const put = (key: string, call: Call): Promise<Item> => store.outbox.add(court.system, key, call);
  const open = (): Promise<Item[]> => store.outbox.open(court.system);
  const collector = (): Collector =>
    new Collector({
      hub: new HubClient(court.domain.hub, court.node.provider),
      outbox: { put, open },
      service: {
        identity: { system: court.system },
        assets: () => [{ token: ZERO_ADDRESS }, { token }],
      } as unknown as ConstructorParameters<typeof Collector>[0]["service"],
    });

  it("collects what a token refused to pay to the system as soon as it takes it, and asks for it once", async () => {
    const { privateKey, key } = court.party("collector");
    const channel = { ...key, token };
    const cheat = { privateKey, key: channel, id: channelId(channel) };
    await court.fund(cheat, 1_000n);
    await court.leave(cheat, court.state(cheat, { version: 1n, net: -1n }), false);
    await (await coin.setMode(REVERT, court.system)).wait();
    const { record } = await court.hub.pendingClose(cheat.id);
    const data = encodeChallenge(cheat.key, record, court.state(cheat, { version: 3n, net: -900n }));
    await court.hub.send({ to: court.domain.hub, data, value: 0n });
    expect(await court.contract.owed(token, court.system)).to.equal(1_000n);

    const collecting = collector();
    await collecting.look(now);
    expect(await open()).to.deep.equal([]);
    await (await coin.setMode(NORMAL, court.system)).wait();
    await collecting.look(now + EVERY - 1n);
    expect(await open()).to.deep.equal([]);
    await collecting.look(now + EVERY);
    await collector().look(now + EVERY);
    const [item, ...others] = await open();
    expect([item!.sender, others]).to.deep.equal([court.system, []]);
    await court.hub.send(item!.call);
    expect([await coin.balanceOf(court.system), await court.contract.owed(token, court.system)]).to.deep.equal([
      ...[1_000n, 0n],
    ]);
    await store.outbox.finish(item!, "done", null);
    await collecting.look(now + 2n * EVERY);
    expect(await open()).to.deep.equal([]);
  });
});
