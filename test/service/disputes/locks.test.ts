import { expect } from "chai";

import type { World } from "../../../scripts/demo/world";
import { closeBySystem } from "../../../src/service/disputes";
import { CLOSE_AFTER, Scene } from "./scene";

describe("Locks of a close, claimed by the service", () => {
  let scene: Scene;
  let world: World;

  before(async function () {
    scene = await Scene.open(this);
    ({ world } = scene);
  });

  beforeEach(() => scene.troubles.splice(0));

  it("case 18: is paid by the lock of a payer who vanished: registers the preimage in time, proves the lock, settles", async () => {
    const parties = await scene.paidByLock("vanished");
    const { alice, invoice, preimage } = parties;
    const { version } = scene.channelOf(alice.address).state;
    await scene.close(alice, version);
    await scene.look();
    await world.service.submit({ type: "reveal", preimage });
    await scene.look();
    const registry = await world.hub.registry();
    await scene.finalise();
    expect((await registry.registeredAt(invoice.hash, "latest"))! < invoice.expiry).to.equal(true);
    await scene.untilPaid(parties);
  });

  it("case 18: closes on a payer who vanished and left open what it owes, also if it dies before the close is sent", async () => {
    const parties = await scene.paidByLock("left open");
    const { alice, invoice, preimage } = parties;
    await world.service.submit({ type: "reveal", preimage });
    await world.node.pass(invoice.expiry + world.service.margin / 2n - scene.time);
    await scene.look();
    await scene.finalise();
    expect(scene.channelOf(alice.address).status).to.equal("open");
    const { id, key } = scene.channelOf(alice.address);
    await closeBySystem(world.service, id, key.token);
    expect(scene.channelOf(alice.address).status).to.equal("frozen");
    scene.chain = await scene.side();
    await scene.look();
    await scene.finalise();
    const [dispute] = scene.chain.pendingDisputes();
    expect([dispute?.close.id, dispute?.close.judged.bySystem]).to.deep.equal([alice.id, true]);
    await scene.untilPaid(parties);
    expect(await scene.told(alice.address)).to.deep.equal(["channel.frozen", "channel.closing", "channel.settled"]);
  });

  it("closes by itself on who has not folded for long enough, and on nobody else", async () => {
    const { alice, bob, invoice, preimage } = await scene.paidByLock("for long");
    await world.service.submit({ type: "reveal", preimage });
    await world.node.pass(invoice.expiry + world.service.margin / 2n - scene.time);
    await scene.look();
    await scene.finalise();
    await world.node.pass(CLOSE_AFTER + 1n);
    await scene.look();
    await scene.ask("evm_mine");
    await scene.look();
    expect([scene.channelOf(alice.address).status, scene.channelOf(bob.address).status]).to.deep.equal([
      "frozen",
      "open",
    ]);
    expect((await world.hub.channel(alice.key)).closing).to.equal(true);
    expect(scene.chain.pendingDisputes().map(({ close: { id } }) => id)).to.deep.equal([alice.id]);
    await scene.finalise();
    await scene.untilSettled(alice);
    expect(await world.coin.balanceOf(alice.address)).to.equal(70n);
  });

  it("case 17: is paid by a lock whose preimage is registered in the last second that counts", async () => {
    const parties = await scene.paidByLock("in the last second");
    const { alice, invoice, preimage } = parties;
    await scene.close(alice, scene.channelOf(alice.address).state.version);
    await scene.look();
    await world.service.submit({ type: "reveal", preimage });
    await scene.ask("evm_setAutomine", false);
    await scene.look();
    await scene.ask("evm_setNextBlockTimestamp", Number(invoice.expiry - 1n));
    await scene.mine(1);
    await scene.ask("evm_setAutomine", true);
    const registry = await world.hub.registry();
    expect(await registry.registeredAt(invoice.hash, "latest")).to.equal(invoice.expiry - 1n);
    await scene.untilPaid(parties);
  });
});
