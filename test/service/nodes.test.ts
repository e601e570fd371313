import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { expect } from "chai";
import { Wallet } from "ethers";

import { type World } from "../../scripts/demo/world";
import { connect } from "../../src/chain";
import { addressOf, keccakText, toAddress, ZERO_HASH, type Address, type Hex } from "../../src/protocol";
import { closeCall } from "../../src/sdk/chain/disputeCalls";
import { ChainSide } from "../../src/service/chainSide";
import { readConfig } from "../../src/service/config";
import { start } from "../../src/service/start";
import { expectError } from "../helpers/errors";
import { afterTest } from "../helpers/afterTest";
import { rpcProxyTo, type RpcCall, type RpcProxy } from "../helpers/rpcProxy";
import { person } from "../helpers/service";
import { socketProxyTo } from "../helpers/socketProxy";
import { testWorld } from "../helpers/worlds";

const GWEI = 10n ** 9n;
const CONFIRMATIONS = 2;
const LAG = 5;

describe("a chain behind several nodes, each a real one behind a way that fails", () => {
  let world: World;
  let coin: Address;
  let people = 0;

  before(async () => {
    world = await testWorld();
    coin = toAddress(await world.coin.getAddress());
  });

  after(async () => {
    await world.stop();
    rmSync(world.folder, { recursive: true });
  });

  const mine = async (blocks: number): Promise<void> => {
    for (let i = 0; i < blocks; i++) await world.node.provider.send("evm_mine", []);
  };

  const nodes = (context: Mocha.Context, count: number): Promise<RpcProxy[]> =>
    Promise.all(Array.from({ length: count }, () => rpcProxyTo(context, world.node.url)));

  async function side(
    context: Mocha.Context,
    proxies: readonly { readonly url: string }[],
    interval = 5,
  ): Promise<ChainSide> {
    const { service, store, deployment } = world;
    const provider = await connect(proxies.map(({ url }) => url));
    context.runnable().parent!.afterAll(() => provider.destroy());
    return await ChainSide.create({
      ...{ service, store, provider, deployment, finality: { confirmations: CONFIRMATIONS } },
      senders: [new Wallet(world.node.privateKey(0))],
      fees: { cap: 500n * GWEI, patience: 60n },
      settlement: { most: 1, patience: 0n, margin: 120n, ceiling: null, longest: 3_600n },
      ...{ proofInterval: 0n, closeAfter: null, interval, leastBalance: GWEI, dailyCap: null },
      now: () => BigInt(Math.floor(Date.now() / 1_000)),
      onTrouble: () => undefined,
    });
  }

  /** Somebody who has paid in 100 coins, which nobody here has seen yet. */
  async function depositor() {
    const index = (people += 1);
    const privateKey = world.node.privateKey(index).toLowerCase() as Hex;
    const user = addressOf(privateKey);
    await world.service.submit({ type: "openHostedAccount", privateKey, tokens: [coin] });
    const minter = world.coin.connect(new Wallet(world.node.privateKey(0), world.node.provider));
    await (await minter.mint(user, 100n)).wait();
    await (await world.coin.connect(world.node.account(index)).approve(world.hub.address, 100n)).wait();
    await world.hubFor(index).deposit({ system: world.system, user, token: coin, epoch: 0n }, 100n);
    return user;
  }

  const deposited = (user: Address) => world.service.channelOf(user, coin)!.funds.deposited;

  /** What a node says that has not heard of the newest blocks. */
  async function late({ method, params }: RpcCall, result: unknown): Promise<unknown> {
    const head = (await world.node.provider.getBlockNumber()) - LAG;
    if (method !== "eth_getBlockByNumber" || result === null) {
      const { blockNumber } = (result ?? {}) as { blockNumber?: string };
      return blockNumber !== undefined && Number(blockNumber) > head ? null : result;
    }
    if (params[0] !== "latest") return Number((result as { number: string }).number) > head ? null : result;
    return (await world.node.provider.send("eth_getBlockByNumber", [`0x${head.toString(16)}`, false])) as unknown;
  }

  /** What a node says that wants money credited which never came, and nothing paid out. */
  function lies({ method }: RpcCall, result: unknown): unknown {
    switch (method) {
      case "eth_getLogs":
        return (result as { data: string }[]).map((log) => ({ ...log, data: log.data.replace(/64$/, "ff") }));
      case "eth_call":
        return typeof result === "string" ? result.replaceAll(/0{60}0064/g, `${"0".repeat(60)}ffff`) : result;
      case "eth_getTransactionReceipt":
        return { ...(result as object), status: "0x1", blockNumber: "0x1", blockHash: ZERO_HASH };
      case "eth_getBlockByNumber":
        return result && { ...result, number: "0xffffff", hash: ZERO_HASH };
      default:
        return result;
    }
  }

  for (const [what, spoil] of [
    ["one lags", (node: RpcProxy) => (node.lie = late)],
    ["one lies about logs, receipts, heights and what contracts say", (node: RpcProxy) => (node.lie = lies)],
    ["one answers errors", (node: RpcProxy) => (node.fails = true)],
    ["one hangs", (node: RpcProxy) => (node.delay = 100_000)],
  ] as const) {
    it(`case 19: credits what came and pays what is due, each once, while ${what}`, async function () {
      const all = await nodes(this, 3);
      const chain = await side(this, all);
      await chain.look();
      spoil(all[0]!);
      const user = await depositor();
      await mine(CONFIRMATIONS);
      await chain.look();
      expect(deposited(user)).to.equal(100n);
      const recipient = addressOf(keccakText(`recipient ${user}`));
      const deadline = BigInt((await world.node.provider.getBlock("latest"))!.timestamp) + 3_600n;
      await world.service.submit({ type: "withdrawHosted", from: user, token: coin, amount: 40n, recipient, deadline });
      for (let i = 0; i < 3; i++) {
        await chain.look();
        await mine(CONFIRMATIONS);
      }
      await chain.look();
      const { pending, funds } = world.service.channelOf(user, coin)!;
      expect([pending, funds.deposited, funds.withdrawn, await world.coin.balanceOf(recipient)]).to.deep.equal([
        ...[null, 100n, 40n, 40n],
      ]);
      expect(await world.service.audit.isConserved(coin)).to.equal(true);
    });
  }

  it("case 19: proves a cheat while one of them hides every close", async function () {
    const all = await nodes(this, 3);
    const chain = await side(this, all);
    const user = await depositor();
    const index = people;
    await mine(CONFIRMATIONS);
    await chain.look();
    for (let i = 0; i < 3; i++) {
      const payment = { type: "pay", from: user, to: null, token: coin, amount: 10n, reference: ZERO_HASH } as const;
      await world.service.submit(payment);
    }
    all[0]!.lie = ({ method }, result) => (method === "eth_getLogs" ? [] : result);
    const { id, key } = world.service.channelOf(user, coin)!;
    const completed = await world.service.signatures.completeState(id, 1n);
    const deadline = BigInt((await world.node.provider.getBlock("latest"))!.timestamp) + 600n;
    const intent = { channel: key, completed, held: undefined, humble: false, fee: 0n, deadline };
    const hub = world.hubFor(index);
    await hub.send(closeCall(hub.address, intent));
    for (let i = 0; i < 2; i++) {
      await chain.look();
      await mine(CONFIRMATIONS);
    }
    await chain.look();
    expect([world.service.channelOf(user, coin)!.key.epoch, await world.coin.balanceOf(user)]).to.deep.equal([1n, 0n]);
  });

  it("looks as soon as a node tells of a block, however long it would wait for the next look", async function () {
    const proxy = await socketProxyTo(this, world.node.url);
    const chain = await side(this, [proxy], 2 ** 30);
    chain.start();
    afterTest(this, () => chain.stop());
    const user = await depositor();
    while (deposited(user) === 0n) {
      await mine(1);
      await sleep(20);
    }
    expect(deposited(user)).to.equal(100n);
  });

  it("takes in nothing while too few of them answer, and all of it, once, when they are there again", async function () {
    const all = await nodes(this, 3);
    const chain = await side(this, all);
    await chain.look();
    const user = await depositor();
    await mine(CONFIRMATIONS);
    for (const node of all.slice(1)) node.fails = true;
    await expectError(() => chain.look(), "chain_unreachable");
    expect(deposited(user)).to.equal(0n);
    for (const node of all) node.fails = false;
    await chain.look();
    await chain.look();
    expect(deposited(user)).to.equal(100n);
  });

  it("asks again when a connection ends just as it is used", async function () {
    const [node] = await nodes(this, 1);
    const provider = await connect([node!.url]);
    const number = await provider.getBlockNumber();
    node!.drops = 1;
    expect(await provider.getBlockNumber()).to.equal(number);
    node!.drops = 2;
    expect(await provider.getBlockNumber().catch(() => "gone")).to.equal("gone");
    provider.destroy();
  });

  it("connects while one of three is away, and not while two are", async function () {
    const [one, two, three] = (await nodes(this, 3)) as [RpcProxy, RpcProxy, RpcProxy];
    one.fails = true;
    const urls = [one, two, three].map(({ url }) => url);
    const provider = await connect(urls);
    expect(await provider.getBlockNumber()).to.equal(await world.node.provider.getBlockNumber());
    provider.destroy();
    two.fails = true;
    await expectError(() => connect(urls), "chain_unreachable");
    two.fails = false;
    three.lie = ({ method }, result) => (method === "eth_chainId" ? "0x5" : result);
    await expectError(() => connect(urls), "wrong_chain");
  });

  it("ends the start with chain_unreachable where no node answers", async () => {
    const config = readConfig({
      STARLEDGER_RPC_URL: "http://127.0.0.1:1",
      STARLEDGER_SYSTEM: world.system,
      STARLEDGER_TOKENS: coin,
      STARLEDGER_SIGNER_KEY: person("signer").key,
      STARLEDGER_KEYSTORE_SECRET: "a secret of sixteen",
      STARLEDGER_KEYSTORE_SALT: keccakText("salt"),
      STARLEDGER_OPERATOR_KEY: "an-operator-key-of-tests",
      STARLEDGER_STORE: "sqlite::memory:",
    });
    await expectError(() => start(config), "chain_unreachable");
  });
});
