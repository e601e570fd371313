import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { Wallet } from "ethers";

import { createWorld, type World } from "../../scripts/demo/world";
import { addressOf, keccakText, toAddress, type Address, type Hex } from "../../src/protocol";
import { ChainSide } from "../../src/service/chainSide";

const GWEI = 10n ** 9n;
const CONFIRMATIONS = 64;

describe("deposits and withdrawals, through reorganisations", () => {
  let world: World;
  let coin: Address;
  let chain: ChainSide;
  let operator: Wallet;
  let time = 0n;
  let users = 0;
  const troubles: string[] = [];

  before(async () => {
    world = await createWorld(mkdtempSync(path.join(tmpdir(), "starledger-reorganisations-")), () => time);
    coin = toAddress(await world.coin.getAddress());
    const { service, store, node, deployment } = world;
    operator = new Wallet(node.privateKey(0), node.provider);
    chain = await ChainSide.create({
      ...{ service, store, deployment, provider: node.provider, finality: { confirmations: CONFIRMATIONS } },
      senders: [operator],
      fees: { cap: 500n * GWEI, patience: 60n },
      settlement: { most: 1, patience: 0n, margin: 120n, ceiling: null, longest: 3_600n },
      ...{ proofInterval: 0n, closeAfter: null, interval: 5, leastBalance: GWEI, dailyCap: null, now: () => time },
      onTrouble: ({ message }) => void troubles.push(message),
    });
  });
  after(async () => {
    await world.stop();
    rmSync(world.folder, { recursive: true });
  });

  const send = (method: string, ...params: unknown[]): Promise<unknown> => world.node.provider.send(method, params);
  const mine = (blocks: number): Promise<unknown> =>
    Promise.all(Array.from({ length: blocks }, () => send("evm_mine")));

  async function look(): Promise<void> {
    time = BigInt((await world.node.provider.getBlock("latest"))!.timestamp);
    await chain.look();
  }

  /** Somebody with 100 coins in a channel, not final yet. */
  async function depositor() {
    const index = (users += 1);
    const privateKey = world.node.privateKey(index).toLowerCase() as Hex;
    const user = addressOf(privateKey);
    await world.service.submit({ type: "openHostedAccount", privateKey, tokens: [coin] });
    await (await world.coin.connect(operator).mint(user, 100n)).wait();
    await (await world.coin.connect(world.node.account(index)).approve(world.hub.address, 100n)).wait();
    return { index, user, key: { system: world.system, user, token: coin, epoch: 0n } };
  }

  const fundsOf = (user: Address) => {
    const { deposited, withdrawn } = world.service.channelOf(user, coin)!.funds;
    return { deposited, withdrawn };
  };
  const pendingOf = (user: Address) =>
    chain.pendingDeposits().filter(({ channelId }) => channelId === idOf(user)).length;
  const idOf = (user: Address) => world.service.channelOf(user, coin)!.id;

  for (const depth of [1, 8, 64]) {
    it(`case 16: credits a deposit and pays a withdrawal once each when ${depth} blocks under them are gone`, async () => {
      const [before, after] = [await depositor(), await depositor()];
      await world.hubFor(before.index).deposit(before.key, 100n);
      await mine(CONFIRMATIONS);
      await look();
      expect(fundsOf(before.user)).to.deep.equal({ deposited: 100n, withdrawn: 0n });

      const recipient = addressOf(keccakText(`recipient ${depth}`));
      await world.service.submit({
        ...{ type: "withdrawHosted", from: before.user, token: coin, amount: 40n, recipient, deadline: time + 3_600n },
      });
      const snapshot = await send("evm_snapshot");
      // The deposit and the payout are mined at the bottom of what vanishes.
      await send("evm_setAutomine", false);
      await chain.look();
      const deposit = world.hubFor(after.index).deposit(after.key, 100n);
      while (
        ((await send("eth_getBlockByNumber", "pending", false)) as { transactions: unknown[] }).transactions.length < 2
      )
        await new Promise((resolve) => setTimeout(resolve, 5));
      await send("evm_setAutomine", true);
      await mine(depth);
      await deposit;
      await look();
      expect([await world.coin.balanceOf(recipient), pendingOf(after.user)]).to.deep.equal([40n, 1]);
      expect(fundsOf(after.user)).to.deep.equal({ deposited: 0n, withdrawn: 0n });

      await send("evm_revert", snapshot);
      world.node.account(after.index).reset();
      await mine(1);
      expect(await world.coin.balanceOf(recipient)).to.equal(0n);
      await look();
      expect(pendingOf(after.user)).to.equal(0);
      await world.hubFor(after.index).deposit(after.key, 100n);
      await mine(CONFIRMATIONS + 1);
      await look();
      await look();
      expect([fundsOf(before.user), fundsOf(after.user)]).to.deep.equal([
        { deposited: 100n, withdrawn: 40n },
        { deposited: 100n, withdrawn: 0n },
      ]);
      expect([
        world.service.channelOf(before.user, coin)!.pending,
        await world.coin.balanceOf(recipient),
      ]).to.deep.equal([...[null, 40n]]);
      expect([troubles, await world.service.audit.isConserved(coin)]).to.deep.equal([[], true]);
    });
  }
});
