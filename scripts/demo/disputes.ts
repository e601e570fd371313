import { addressOf, keccakText, toAddress, ZERO_HASH, type Address, type Hex } from "../../src/protocol";
import type { CloseIntent, Wallet } from "../../src/sdk";
import { challengeCall, closeCall, settleCall } from "../../src/sdk/chain/disputeCalls";
import { COIN, countTransaction, type World } from "./world";

const WHOLE = 10n ** 18n;

/** Tokens on chain before and after, in base units. */
export interface DisputeResult {
  readonly userBefore: bigint;
  readonly userAfter: bigint;
  readonly systemGot: bigint;
}

export interface Depositor {
  readonly wallet: Wallet;
  readonly address: Address;
  /** The number of its account on the node, which pays its gas. */
  readonly index: number;
}

/**
 * A user closes with a state that it has revoked since; the service shows the newer one within the period, and the
 * contract gives everything in the channel to the system.
 */
export async function punishCheater(world: World): Promise<DisputeResult> {
  const { service, hub, system, coin } = world;
  const merchant = await merchantOf(world, 3);
  const cheater = await depositor(world, 1, 1_000n * WHOLE);
  await cheater.wallet.pay(merchant, 100n * WHOLE, ZERO_HASH);
  const revoked = cheater.wallet.complete;
  await cheater.wallet.pay(merchant, 300n * WHOLE, ZERO_HASH);
  await cheater.wallet.pay(merchant, 300n * WHOLE, ZERO_HASH);

  const [userBefore, systemBefore] = [await coin.balanceOf(cheater.address), await coin.balanceOf(system)];
  const fromBlock = await close(world, cheater, { completed: revoked, humble: false, fee: 0n });
  const seen = (await hub.closesSince(system, fromBlock)).find(({ id }) => id === cheater.wallet.id)!;
  await service.submit({ type: "freeze", channelId: seen.id });
  const { key, state } = service.channel(seen.id)!;
  const complete = (await service.signatures.completeState(seen.id, state.version))!;
  const receipt = await hub.send(challengeCall(hub.address, key, seen.record, complete));
  countTransaction(world, receipt);
  await endEpoch(world, cheater);
  return {
    userBefore,
    userAfter: await coin.balanceOf(cheater.address),
    systemGot: (await coin.balanceOf(system)) - systemBefore,
  };
}

/**
 * A user leaves while the system is silent: it closes (humbly, for its key came from elsewhere), waits, settles, and has its
 * money and the fee, with nobody's help.
 */
export async function leaveAlone(world: World): Promise<DisputeResult> {
  const { node, coin, system } = world;
  const merchant = await merchantOf(world, 3);
  const user = await depositor(world, 2, 1_000n * WHOLE);
  await user.wallet.pay(merchant, 250n * WHOLE, ZERO_HASH);

  const [userBefore, systemBefore] = [await coin.balanceOf(user.address), await coin.balanceOf(system)];
  const fromBlock = await close(world, user);
  const hub = world.hubFor(user.index);
  const seen = (await hub.closesSince(system, fromBlock)).find(({ id }) => id === user.wallet.id)!;
  await node.pass(2n * COIN.challengePeriod + COIN.claimWindow);
  const key = { system, user: user.address, token: toAddress(await coin.getAddress()), epoch: 0n };
  const receipt = await hub.send(settleCall(hub.address, key, seen.record, user.wallet.state));
  countTransaction(world, receipt);
  await endEpoch(world, user);
  return {
    userBefore,
    userAfter: await coin.balanceOf(user.address),
    systemGot: (await coin.balanceOf(system)) - systemBefore,
  };
}

/** Sends the user's close; returns the block before it. */
async function close(world: World, user: Depositor, change: Partial<CloseIntent> = {}): Promise<number> {
  const { timestamp, number } = (await world.node.provider.getBlock("latest"))!;
  const intent = await user.wallet.close(BigInt(timestamp));
  const hub = world.hubFor(user.index);
  const receipt = await hub.send(closeCall(hub.address, { ...intent, ...change }));
  countTransaction(world, receipt);
  return number;
}

/** The service hears that the epoch is over. */
async function endEpoch(world: World, { wallet, address }: Depositor): Promise<void> {
  const { service, hub, system, coin } = world;
  const { funds } = await hub.channel({ system, user: address, token: toAddress(await coin.getAddress()) });
  await service.submit({ type: "settleEpoch", channelId: wallet.id, funds });
}

/** Opens an account for the node's account `index`, which deposits `amount`. */
export async function depositor(world: World, index: number, amount: bigint): Promise<Depositor> {
  const { service, coin, node, system } = world;
  const token = toAddress(await coin.getAddress());
  const privateKey = node.privateKey(index).toLowerCase() as Hex;
  const address = addressOf(privateKey);
  await service.submit({ type: "openAccount", address, tokens: [token] });
  const wallet = world.wallet(privateKey, token, COIN);
  await (await coin.mint(address, amount)).wait();
  const hub = world.hubFor(index);
  await (await coin.connect(node.account(index)).approve(hub.address, amount)).wait();
  const key = { system, user: address, token, epoch: 0n };
  const receipt = await hub.deposit(key, amount);
  countTransaction(world, receipt);
  await takeOver(world, wallet, address);
  return { wallet, address, index };
}

/** A shop whose channel the system covers with tokens of its own, so that it can be paid. */
export async function merchantOf(world: World, index: number): Promise<Address> {
  const { service, coin, hub, system, node } = world;
  const token = toAddress(await coin.getAddress());
  const privateKey = keccakText(`starledger demo merchant ${index}`) as Hex;
  const address = addressOf(privateKey);
  if (service.channelOf(address, token) !== undefined) return address;
  const cover = 2_000n * WHOLE;
  await service.submit({ type: "openAccount", address, tokens: [token] });
  const wallet = world.wallet(privateKey, token, COIN);
  await (await coin.mint(system, cover)).wait();
  await (await coin.connect(node.account(0)).approve(hub.address, cover)).wait();
  const receipt = await hub.commitCollateral({ system, user: address, token, epoch: 0n }, cover);
  countTransaction(world, receipt);
  await takeOver(world, wallet, address);
  return address;
}

/** Service and user each read the channel's funds from the chain. */
async function takeOver({ service, hub, node, system, coin }: World, wallet: Wallet, user: Address): Promise<void> {
  const { funds } = await hub.channel({ system, user, token: toAddress(await coin.getAddress()) });
  const finalTime = BigInt((await node.provider.getBlock("latest"))!.timestamp);
  await service.submit({ type: "updateFunds", channelId: wallet.id, funds, finalTime });
  wallet.updateFunds(funds, finalTime);
}
