import { expect } from "chai";

import type { World } from "../../../scripts/demo/world";
import { keccakText } from "../../../src/protocol";
import { closeBySystem } from "../../../src/service/disputes";
import { expectError } from "../../helpers/errors";
import { listen, refusal } from "../../helpers/http";
import { CONFIRMATIONS, Scene } from "./scene";

describe("Closes by the service, and closes that are undone", () => {
  let scene: Scene;
  let world: World;

  before(async function () {
    scene = await Scene.open(this);
    ({ world } = scene);
  });

  beforeEach(() => scene.troubles.splice(0));

  it("case 22: closes one channel where the operator says so, whatever its user does, and only where a key pays for gas", async function () {
    const [alice, bob] = [await scene.customer(), await scene.customer()];
    await scene.pay(alice.address, 10n);
    const { put } = await listen(this, world.service, { sides: new Map([[world.service, scene.chain]]) });
    const without = await listen(this, world.service);
    const path = `/v1/channels/${alice.id}/close`;
    expect(await without.put(path)).to.deep.equal(refusal("no_gas_key", { system: world.system }));
    const unknown = keccakText("no channel");
    expect(await put(`/v1/channels/${unknown}/close`)).to.deep.equal(refusal("unknown_channel", { channel: unknown }));
    for (const { status, body } of [await put(path), await put(path)]) {
      expect([status, (body as { status: string }).status]).to.deep.equal([200, "frozen"]);
    }
    await expectError(() => scene.pay(alice.address, 1n), "channel_frozen");
    await scene.look();
    await scene.finalise();
    const [dispute] = scene.chain.pendingDisputes();
    expect([dispute?.close.id, dispute?.close.judged.bySystem]).to.deep.equal([alice.id, true]);
    expect(await world.coin.balanceOf(alice.address), "paid at once").to.equal(90n);
    await scene.untilSettled(alice);
    expect(await scene.told(alice.address)).to.deep.equal(["channel.frozen", "channel.closing", "channel.settled"]);
    expect([scene.channelOf(bob.address).status, await world.coin.balanceOf(alice.address)]).to.deep.equal([
      "open",
      90n,
    ]);
  });

  it("case 27: settles by the state that it showed before its machine was lost, and has no more", async function () {
    const alice = await scene.payer(1);
    const copy = await scene.copyOfDatabase();
    await scene.pay(alice.address, 10n);
    await scene.close(alice, 1n);
    await scene.look();
    await scene.mine(CONFIRMATIONS);
    expect((await world.hub.channel(alice.key)).standingVersion).to.equal(2n);
    const { service, chain } = await scene.restored(this, copy);
    await scene.look(chain);
    const [dispute] = chain.pendingDisputes();
    expect([dispute?.close.id, dispute?.channel.state.version, dispute?.standing.version]).to.deep.equal([
      alice.id,
      1n,
      2n,
    ]);
    await world.node.pass(dispute!.settleableFrom - scene.time);
    await scene.look(chain);
    await scene.finalise(chain);
    await scene.look(chain);
    const { epoch } = service.channelOf(alice.address, scene.coin)!.key;
    expect([epoch, chain.pendingDisputes(), scene.troubles]).to.deep.equal([1n, [], []]);
    expect(await world.coin.balanceOf(alice.address), "by the newer state").to.equal(80n);
  });

  it("takes up signing again when its own close was not mined in time", async () => {
    const alice = await scene.customer();
    await scene.ask("evm_setAutomine", false);
    await closeBySystem(world.service, alice.id, scene.coin);
    await scene.look();
    await scene.emptyPool();
    await world.node.pass(3_601n);
    await scene.ask("evm_setAutomine", true);
    await scene.look();
    await scene.finalise();
    await scene.finalise();
    expect(scene.channelOf(alice.address).status).to.equal("open");
    await scene.pay(alice.address, 10n);
    expect(await scene.told(alice.address)).to.deep.equal(["channel.frozen", "channel.unfrozen"]);
  });

  it("case 16: signs for a channel again when its close was undone, and could not be mined any more", async () => {
    const alice = await scene.payer(1);
    const snapshot: unknown = await scene.ask("evm_snapshot");
    await scene.close(alice, 1n);
    await scene.look();
    const period = world.service.asset(scene.coin).settings.challengePeriod;
    await scene.ask("evm_revert", snapshot);
    await scene.mine(2);
    await scene.finalise();
    expect([scene.channelOf(alice.address).status, scene.chain.pendingDisputes()]).to.deep.equal(["frozen", []]);
    await world.node.pass(period + 60n);
    await scene.finalise();
    expect(scene.channelOf(alice.address).status).to.equal("open");
    await scene.pay(alice.address, 10n);
    expect(await scene.told(alice.address)).to.deep.equal(["channel.frozen", "channel.closing", "channel.unfrozen"]);
  });

  it("case 16: freezes what was credited by a block that counted as final and is gone, nothing else, and takes up the chain anew", async () => {
    const bob = await scene.customer();
    const snapshot: unknown = await scene.ask("evm_snapshot");
    const alice = await scene.customer();
    await scene.ask("evm_revert", snapshot);
    await scene.mine(2 * CONFIRMATIONS);
    for (let i = 0; i < 2; i++) await expectError(() => scene.look(), "chain_rewritten");
    expect([scene.channelOf(alice.address).status, scene.channelOf(bob.address).status]).to.deep.equal([
      "frozen",
      "open",
    ]);
    expect(await scene.told(alice.address)).to.deep.equal(["channel.frozen"]);
    await expectError(() => scene.pay(alice.address, 1n), "channel_frozen");
    const credited = async () => (await world.service.events({ types: ["deposit.credited"], limit: 1_000 })).length;
    const before = await credited();
    await world.store.cursors.forget(world.system);
    scene.chain = await scene.side();
    await scene.look();
    const carol = await scene.customer();
    await scene.pay(carol.address, 1n);
    await scene.pay(bob.address, 1n);
    expect(await credited(), "nothing is counted twice").to.equal(before + 1);
    expect([alice, bob, carol].map(({ address }) => scene.channelOf(address).status)).to.deep.equal([
      "frozen",
      "open",
      "open",
    ]);
  });
});
