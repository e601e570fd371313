import { expect } from "chai";
import { Wallet } from "ethers";

import type { World } from "../../../scripts/demo/world";
import { emptyNote, hashNote, hashState, keccakText } from "../../../src/protocol";
import { closeCall } from "../../../src/sdk/chain/disputeCalls";
import { listen } from "../../helpers/http";
import { CONFIRMATIONS, Scene, type Customer } from "./scene";

describe("Closes by users, answered by the service", () => {
  let scene: Scene;
  let world: World;

  before(async function () {
    scene = await Scene.open(this);
    ({ world } = scene);
  });

  beforeEach(() => scene.troubles.splice(0));

  it("case 19: proves that a user cheated, shows the dispute meanwhile, and tells of none of it twice", async function () {
    const alice = await scene.payer(3);
    const transaction = await scene.close(alice, 1n);
    await scene.ask("evm_setAutomine", false);
    await scene.look();
    await scene.ask("evm_setAutomine", true);
    expect(scene.channelOf(alice.address).status).to.equal("frozen");
    const { get } = await listen(this, world.service, { sides: new Map([[world.service, scene.chain]]) });
    const { data } = (await get("/v1/disputes")).body as { data: Record<string, unknown>[] };
    const { judged } = scene.chain.pendingDisputes()[0]!.close;
    const sent = data[0]!["sent"] as { transaction: string }[];
    expect(data).to.deep.equal([
      {
        ...{
          channelId: alice.id,
          account: alice.address,
          token: scene.coin,
          decimals: 18,
          by: "user",
          humble: false,
          transaction,
        },
        ...{ version: "1", standing: "1", latest: "3", due: ["state"], systemCheated: false, late: false },
        challengeEnd: `${judged.challengeEnd}`,
        settleableFrom: `${scene.chain.pendingDisputes()[0]!.settleableFrom}`,
        deadline: `${judged.challengeEnd}`,
        sent: [{ name: "challenge", status: "waiting", transaction: null }],
      },
    ]);
    expect(sent).to.have.length(1);
    await scene.finalise();
    await scene.finalise();
    expect([(await get("/v1/disputes")).body, scene.channelOf(alice.address).key.epoch]).to.deep.equal([
      { data: [], pageSize: 50, hasMore: false, next: null, previous: null },
      1n,
    ]);
    expect(await world.coin.balanceOf(alice.address)).to.equal(0n);
    expect(scene.troubles).to.deep.equal([]);
    expect(await world.service.audit.isConserved(scene.coin)).to.equal(true);
  });

  it("case 20: answers everybody who cheats in one block, each once", async () => {
    const cheats: Customer[] = [];
    for (let i = 0; i < 5; i++) cheats.push(await scene.payer(3));
    await scene.ask("evm_setAutomine", false);
    const closing = cheats.map((one) => scene.close(one, 1n));
    await scene.waiting(cheats.length);
    await scene.mine(1);
    await Promise.all(closing);
    await scene.look();
    expect((await scene.pool()).length).to.equal(cheats.length);
    await scene.mine(1);
    await scene.ask("evm_setAutomine", true);
    await scene.look();
    expect((await scene.pool()).length).to.equal(0);
    await scene.finalise();
    await scene.look();
    expect(cheats.map(({ address }) => scene.channelOf(address).key.epoch)).to.deep.equal(cheats.map(() => 1n));
    expect([scene.chain.pendingDisputes(), scene.troubles]).to.deep.equal([[], []]);
  });

  it("case 21: answers what was closed while it was down, as soon as it has money for gas", async () => {
    const alice = await scene.payer(3);
    await scene.close(alice, 1n);
    await world.node.pass(86_400n);
    const poor = new Wallet(keccakText("starledger poor disputes"), world.node.provider);
    const restarted = await scene.side(CONFIRMATIONS, poor);
    await scene.look(restarted);
    await scene.look(restarted);
    expect(scene.channelOf(alice.address).status).to.equal("frozen");
    expect(scene.troubles.filter((trouble) => /gas/.test(trouble))).to.not.deep.equal([]);
    expect((await world.hub.channel(alice.key)).epoch).to.equal(0n);
    await (await scene.operator.sendTransaction({ to: poor.address, value: 10n ** 18n })).wait();
    await scene.look(restarted);
    await scene.finalise(restarted);
    await scene.finalise(restarted);
    expect([scene.channelOf(alice.address).key.epoch, await world.coin.balanceOf(alice.address)]).to.deep.equal([
      1n,
      0n,
    ]);
    scene.chain = await scene.side();
    await scene.look();
  });

  it("case 27: shows nothing older on a close with a state that its restored books lack, and settles by that", async () => {
    const alice = await scene.payer(2);
    // What it signed after the backup that it was restored from.
    const state = { ...scene.channelOf(alice.address).state, version: 5n, net: -60n };
    const completed = { state, systemSignature: scene.signedBySystem(hashState(state)) };
    const hub = world.hubFor(alice.index);
    const intent = { channel: alice.key, held: undefined, humble: false, fee: 0n, deadline: scene.time + 600n };
    await hub.send(closeCall(hub.address, { ...intent, completed }));
    await scene.look();
    const [dispute] = scene.chain.pendingDisputes();
    expect([dispute?.standing.version, dispute?.answers, dispute?.systemCheated]).to.deep.equal([5n, [], false]);
    await scene.finalise();
    await scene.untilSettled(alice);
    expect(await world.coin.balanceOf(alice.address)).to.equal(40n);
  });

  it("case 31: a close with a promise beyond the backing is settled with what there is; nobody else's collateral pays for it", async () => {
    const [alice, bob] = [await scene.customer(), await scene.customer()];
    const note = { ...emptyNote(alice.id), seq: 1n, credited: 5_000n };
    const held = { note, locks: [], signed: scene.signedBySystem(hashNote(note)) };
    const hub = world.hubFor(alice.index);
    const intent = { channel: alice.key, completed: undefined, humble: false, fee: 0n, deadline: scene.time + 600n };
    await hub.send(closeCall(hub.address, { ...intent, held }));
    await scene.look();
    await scene.finalise();
    await scene.untilSettled(alice);
    expect(await world.coin.balanceOf(alice.address)).to.equal(100n);
    expect((await hub.channel(bob.key)).funds.collateral).to.equal(100n);
  });

  it("replaces what a humble close showed, and settles it when its time has come, also after a restart", async () => {
    const alice = await scene.payer(2);
    await scene.close(alice, 1n, true);
    await scene.look();
    await scene.finalise();
    const restarted = await scene.side();
    await scene.look(restarted);
    const [dispute] = restarted.pendingDisputes();
    expect([dispute?.standing.version, dispute?.answers, dispute?.items]).to.deep.equal([2n, [], []]);
    await world.node.pass(dispute!.settleableFrom - scene.time);
    await scene.look(restarted);
    await scene.finalise(restarted);
    await scene.look(restarted);
    expect([scene.channelOf(alice.address).key.epoch, restarted.pendingDisputes()]).to.deep.equal([1n, []]);
    expect(await world.coin.balanceOf(alice.address)).to.equal(80n);
    scene.chain = restarted;
  });

  it("alarms once when a deadline comes near and its answer is not mined", async () => {
    const alice = await scene.payer(3);
    await scene.close(alice, 1n);
    await scene.ask("evm_setAutomine", false);
    await scene.look();
    expect(scene.chain.pendingDisputes().map(({ isLate }) => isLate)).to.deep.equal([false]);
    const { challengeEnd } = scene.chain.pendingDisputes()[0]!.close.judged;
    await scene.emptyPool();
    await scene.ask("evm_setNextBlockTimestamp", Number(challengeEnd - 1_000n));
    await scene.mine(1);
    await scene.look();
    await scene.look();
    expect(scene.chain.pendingDisputes().map(({ isLate }) => isLate)).to.deep.equal([true]);
    expect(scene.troubles).to.have.length(1);
    expect(scene.troubles[0]).to.match(/^A dispute's deadline comes near/);
    await scene.ask("evm_setAutomine", true);
    await scene.finalise();
    await scene.finalise();
    expect(scene.channelOf(alice.address).key.epoch).to.equal(1n);
  });

  for (const depth of [1, 64]) {
    it(`case 16: answers again, and only once, when a reorganisation of ${depth} blocks has undone its answer`, async () => {
      const alice = await scene.payer(3);
      const patient = await scene.side(64);
      await scene.close(alice, 1n);
      const snapshot: unknown = await scene.ask("evm_snapshot");
      await scene.look(patient);
      await scene.mine(depth - 1);
      await scene.look(patient);
      expect((await world.hub.channel(alice.key)).epoch).to.equal(1n);
      await scene.ask("evm_revert", snapshot);
      await scene.mine(1);
      expect((await world.hub.channel(alice.key)).epoch).to.equal(0n);
      await scene.look(patient);
      await scene.mine(1);
      await scene.finalise(patient, 64);
      await scene.look(patient);
      expect([scene.channelOf(alice.address).key.epoch, await world.coin.balanceOf(alice.address)]).to.deep.equal([
        1n,
        0n,
      ]);
    });
  }
});
