import { rmSync } from "node:fs";

import { expect } from "chai";

import { type World } from "../../scripts/demo/world";
import { rpcNode, Watcher } from "../../src/chain/watch";
import {
  addressOf,
  available,
  balance,
  channelId,
  emptyState,
  hashOfPreimage,
  keccakText,
  toAddress,
  ZERO_HASH,
  type Address,
  type ChannelKey,
  type Hex,
} from "../../src/protocol";
import { closeCall, settleCall } from "../../src/sdk/chain/disputeCalls";
import { ChainFollower } from "../../src/service/chainFollower";
import { expectError } from "../helpers/errors";
import { testWorld } from "../helpers/worlds";

const CONFIRMATIONS = 2;

describe("ChainFollower, on a real node", () => {
  let world: World;
  let coin: Address;
  let follower: ChainFollower;
  let watcher: Watcher;
  let users = 0;

  before(async () => {
    world = await testWorld();
    coin = toAddress(await world.coin.getAddress());
    const { service, hub, store, system, node } = world;
    const registry = await hub.registry();
    follower = new ChainFollower(service, hub, 0n);
    watcher = new Watcher({
      node: rpcNode(node.provider),
      contracts: [hub.address, registry.address],
      finality: { confirmations: CONFIRMATIONS },
      cursor: { block: 0 },
      onFinal: (blocks) => follower.onFinal(blocks),
      keep: (cursor) => store.cursors.keep(system, { ...cursor, opened: follower.opened }),
      onPending: (blocks) => follower.onPending(blocks),
    });
  });

  after(async () => {
    await world.stop();
    rmSync(world.folder, { recursive: true });
  });

  const mine = (blocks: number): Promise<unknown> =>
    world.node.provider.send("hardhat_mine", [`0x${blocks.toString(16)}`]);

  async function finalise(): Promise<void> {
    await mine(CONFIRMATIONS);
    await watcher.look();
  }

  /** A user with coins of its own on the chain, and no account yet. */
  async function rich(amount: bigint): Promise<{ index: number; address: Address; privateKey: Hex; key: ChannelKey }> {
    const index = (users += 1);
    const privateKey = world.node.privateKey(index).toLowerCase() as Hex;
    const address = addressOf(privateKey);
    await (await world.coin.mint(address, amount)).wait();
    await (await world.coin.connect(world.node.account(index)).approve(world.hub.address, amount)).wait();
    return { index, address, privateKey, key: { system: world.system, user: address, token: coin, epoch: 0n } };
  }

  async function opened(amount: bigint) {
    const user = await rich(amount);
    await world.service.submit({ type: "openAccount", address: user.address, tokens: [coin] });
    return user;
  }

  const channelOf = (user: Address, token = coin) => world.service.channelOf(user, token)!;
  const owned = (user: Address, token = coin): bigint => {
    const { funds, state, note } = channelOf(user, token);
    return balance(funds, state, note);
  };

  const availableTo = (user: Address): bigint => {
    const { funds, state, note, pending } = channelOf(user);
    return available(funds, state, note, pending);
  };

  it("case 16: shows a deposit with its confirmations, and credits it once it is final, only once", async () => {
    const { address, index, key } = await opened(100n);
    const receipt = await world.hubFor(index).deposit(key, 100n);
    await watcher.look();
    const shown = { channelId: channelOf(address).id, amount: 100n, transaction: receipt.hash, confirmations: 1 };
    expect(follower.pendingDeposits()).to.deep.equal([shown]);
    expect(owned(address)).to.equal(0n);
    await mine(1);
    await watcher.look();
    expect(follower.pendingDeposits()).to.deep.equal([{ ...shown, confirmations: 2 }]);
    await mine(1);
    await watcher.look();
    expect([owned(address), follower.pendingDeposits()]).to.deep.equal([100n, []]);
    const { number } = (await world.node.provider.getBlock(receipt.blockNumber))!;
    const header = (await rpcNode(world.node.provider).header(number))!;
    const at = { block: number, blockHash: header.hash, index: 0, transaction: ZERO_HASH };
    const again = { type: "deposited", channelId: shown.channelId, amount: 100n, at } as const;
    await follower.onFinal({ header, final: number, sightings: [again] });
    expect(owned(address)).to.equal(100n);
    expect(await world.service.audit.isConserved(coin)).to.equal(true);
  });

  it("case 16: credits nothing that a reorganisation undid", async () => {
    const { address, index, key } = await opened(100n);
    const snapshot: unknown = await world.node.provider.send("evm_snapshot", []);
    await world.hubFor(index).deposit(key, 100n);
    await watcher.look();
    expect(follower.pendingDeposits()).to.have.length(1);
    await world.node.provider.send("evm_revert", [snapshot]);
    await finalise();
    expect([owned(address), follower.pendingDeposits()]).to.deep.equal([0n, []]);
  });

  it("credits what was paid in before the account was opened here", async () => {
    const { address, index, key } = await rich(100n);
    await world.hubFor(index).deposit(key, 100n);
    await finalise();
    await world.service.submit({ type: "openAccount", address, tokens: [coin] });
    await finalise();
    expect(owned(address)).to.equal(100n);
  });

  it("keeps its place in the store", async () => {
    await finalise();
    const { number } = (await world.node.provider.getBlock("latest"))!;
    const last = (await world.node.provider.getBlock(number - CONFIRMATIONS))!;
    expect(await world.store.cursors.of(world.system)).to.deep.equal({
      block: last.number,
      hash: last.hash,
      opened: follower.opened,
    });
    expect(await world.store.cursors.of(coin)).to.equal(undefined);
  });

  it("takes a withdrawal that is mined for done, also one that the user sent itself", async () => {
    const { address, index, key, privateKey } = await opened(100n);
    await world.hubFor(index).deposit(key, 100n);
    await finalise();
    const { service, node } = world;
    const wallet = world.wallet(privateKey, coin, service.asset(coin).settings);
    const now = BigInt((await node.provider.getBlock("latest"))!.timestamp);
    wallet.updateFunds(channelOf(address).funds, now);
    const request = { amount: 40n, recipient: address, deadline: now + 3_600n, now };
    const { withdrawal, signature } = await wallet.withdraw(request);
    expect(availableTo(address)).to.equal(60n);
    await world.hub.withdrawBatch(coin, [{ user: address, withdrawal, userSignature: signature }]);
    await finalise();
    const { pending, funds } = channelOf(address);
    expect([pending, funds.withdrawn, owned(address)]).to.deep.equal([null, 40n, 60n]);
    expect(await service.audit.isConserved(coin)).to.equal(true);
  });

  it("pays whom a final registration pays, and gives back what ended without one (section 7)", async () => {
    const { service, points, hub } = world;
    const token = toAddress(await points.getAddress());
    const [alice, bob] = await Promise.all(
      ["follower alice", "follower bob"].map(async (name) => {
        const privateKey = keccakText(name) as Hex;
        await service.submit({ type: "openHostedAccount", privateKey, tokens: [token] });
        return addressOf(privateKey);
      }),
    );
    await service.submit({ type: "issue", account: alice!, token, amount: 100n, reference: ZERO_HASH });
    const now = BigInt((await world.node.provider.getBlock("latest"))!.timestamp);
    const [kept, lost] = ["kept", "lost"].map((name) => keccakText(name));
    for (const [preimage, expiry] of [
      [kept!, now + 86_400n],
      [lost!, now + 20_000n],
    ] as const) {
      const invoice = { hash: hashOfPreimage(preimage), amount: 30n, token, expiry, account: bob!, memo: ZERO_HASH };
      await service.submit({ type: "payInvoice", from: alice!, signed: service.signInvoice(invoice), fee: 0n });
    }
    await (await hub.registry()).register([kept!]);
    await finalise();
    expect(owned(bob!, token)).to.equal(30n);
    await world.node.pass(20_001n);
    await finalise();
    await service.foldHosted();
    expect([owned(alice!, token), owned(bob!, token)]).to.deep.equal([70n, 30n]);
    expect(await service.audit.isConserved(token)).to.equal(true);
  });

  it("releases a withdrawal whose deadline has passed on the final chain, not before", async () => {
    const { service, node } = world;
    const { address, index, key } = await opened(100n);
    await world.hubFor(index).deposit(key, 100n);
    await finalise();
    const now = BigInt((await node.provider.getBlock("latest"))!.timestamp);
    const wallet = world.wallet(node.privateKey(index).toLowerCase() as Hex, coin, service.asset(coin).settings);
    wallet.updateFunds(channelOf(address).funds, now);
    const deadline = now + 600n;
    await wallet.withdraw({ amount: 40n, recipient: address, deadline, now });
    await node.pass(601n);
    await watcher.look();
    expect(channelOf(address).pending?.deadline).to.equal(deadline);
    await finalise();
    expect([channelOf(address).pending, owned(address)]).to.deep.equal([null, 100n]);
  });

  it("freezes a channel as soon as its close is seen, and opens the next epoch when it is settled", async () => {
    const { service, node } = world;
    const { address, index, key } = await opened(150n);
    const hub = world.hubFor(index);
    await hub.deposit(key, 100n);
    await finalise();
    const { timestamp } = (await node.provider.getBlock("latest"))!;
    const deadline = BigInt(timestamp) + 600n;
    const close = { channel: key, completed: undefined, held: undefined, humble: false, fee: 0n, deadline };
    await hub.send(closeCall(hub.address, close));
    await watcher.look();
    expect(channelOf(address).status).to.equal("frozen");
    await finalise();
    await hub.deposit(key, 50n);
    const closing = await hub.pendingClose(channelOf(address).id);
    await node.pass(closing.judged.challengeEnd - BigInt(timestamp) + closing.judged.claimWindow);
    await hub.send(settleCall(hub.address, key, closing.record, channelOf(address).state));
    await watcher.look();
    expect(channelOf(address).status).to.equal("frozen");
    await finalise();
    const { status, key: now, funds } = channelOf(address);
    expect([status, now.epoch, funds.deposited, owned(address)]).to.deep.equal(["open", 1n, 50n, 50n]);
    expect(await service.audit.isConserved(coin)).to.equal(true);
  });

  it("S7: an account that is opened after a loss begins in the epoch that the chain has, and not before that was read", async () => {
    const { service, node } = world;
    const { address, index, key } = await rich(100n);
    const hub = world.hubFor(index);
    await hub.deposit(key, 100n);
    const { timestamp } = (await node.provider.getBlock("latest"))!;
    const deadline = BigInt(timestamp) + 600n;
    const close = { channel: key, completed: undefined, held: undefined, humble: false, fee: 0n, deadline };
    await hub.send(closeCall(hub.address, close));
    const id = channelId(key);
    const closing = await hub.pendingClose(id);
    await node.pass(closing.judged.challengeEnd - BigInt(timestamp) + closing.judged.claimWindow);
    await hub.send(settleCall(hub.address, key, closing.record, emptyState(id)));
    await finalise();
    const since = BigInt(timestamp) - service.asset(coin).settings.challengePeriod - 600n;
    await service.submit({ type: "declareLoss", system: world.system, since, channels: [] });
    await service.submit({ type: "openAccount", address, tokens: [] });
    await service.submit({ type: "openChannels", account: address, tokens: [coin] });
    const outset = () => service.outset(channelOf(address).id, { state: null, note: null });
    expect(channelOf(address).key.epoch).to.equal(0n);
    await expectError(outset, "resynchronising");
    await finalise();
    const { key: now, freeze } = channelOf(address);
    expect([now.epoch, freeze?.unread]).to.deep.equal([1n, false]);
    expect(await outset()).to.have.property("time");
    await expectError(() => service.outset(id, { state: null, note: null }), "channel_frozen");
  });
});
