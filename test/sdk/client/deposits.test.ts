import { expect } from "chai";

import type { Client, Deposit, Deposits } from "../../../src/sdk";
import { RANGE, ranges } from "../../../src/sdk/chain/ranges";
import { clientOf, startTown, type Town } from "../../helpers/clients";
import { rpcProxyTo, type RpcProxy } from "../../helpers/rpcProxy";

describe("Client: what was deposited, on a real node", () => {
  let town: Town;
  let index = 3;

  before(async () => (town = await startTown()));
  after(() => town.stop());

  interface Depositor {
    readonly client: Client;
    readonly proxy: RpcProxy;
    /** Number and time of the latest block. */
    readonly latest: () => Promise<{ readonly block: bigint; readonly time: bigint }>;
    readonly deposits: () => Promise<Deposits>;
  }

  /** An account with coin and a channel, and the way to its node. */
  const depositor = async (context: Mocha.Context): Promise<Depositor> => {
    const { node, coin } = town.world;
    const proxy = await rpcProxyTo(context, node.url);
    const client = await clientOf(context, town, (index += 1), { rpc: proxy.url });
    await client.open(town.coin);
    await (await coin.mint(client.account, 10_000n)).wait();
    const latest = async () => {
      const { number, timestamp } = (await node.provider.getBlock("latest"))!;
      return { block: BigInt(number), time: BigInt(timestamp) };
    };
    return { client, proxy, latest, deposits: () => client.deposits(town.coin) };
  };

  /** The chain's last final block, as the account's node says from now on. */
  const finalise = (proxy: RpcProxy, block: bigint): void => {
    proxy.lie = async ({ method, params }, result) => {
      if (method !== "eth_getBlockByNumber" || params[0] !== "finalized") return result;
      return (await town.world.node.provider.send("eth_getBlockByNumber", [
        `0x${block.toString(16)}`,
        false,
      ])) as unknown;
    };
  };

  it("shows a deposit from when it is mined, and says when it is final", async function () {
    const { client, proxy, latest, deposits } = await depositor(this);
    const { block: before } = await latest();
    finalise(proxy, before);
    expect(await deposits()).to.deep.equal({ found: [], earlier: 0n, final: before });
    const { transaction } = await client.deposit({ token: town.coin, amount: 700n });
    const mined = { amount: 700n, transaction, ...(await latest()) };
    expect(await deposits()).to.deep.equal({ found: [{ ...mined, isFinal: false }], earlier: 0n, final: before });
    finalise(proxy, mined.block);
    const told = { found: [{ ...mined, isFinal: true }], earlier: 0n, final: mined.block };
    expect(await deposits()).to.deep.equal(told);
    expect((await client.balance(town.coin)).balance).to.equal(700n);
  });

  it("finds those of before it was started, the newest first, and forgets one whose block is gone", async function () {
    const { client, proxy, latest, deposits } = await depositor(this);
    const amounts = [100n, 200n, 300n];
    const made: Omit<Deposit, "isFinal">[] = [];
    for (const amount of amounts) {
      const { transaction } = await client.deposit({ token: town.coin, amount });
      made.unshift({ amount, transaction, ...(await latest()) });
    }
    const all = (isFinal: (block: bigint) => boolean) => made.map((one) => ({ ...one, isFinal: isFinal(one.block) }));
    const { block: middle } = made[1]!;
    finalise(proxy, middle);
    expect(await deposits()).to.deep.equal({ found: all((block) => block <= middle), earlier: 0n, final: middle });
    const truth = proxy.lie!;
    proxy.lie = async (call, result) => (call.method === "eth_getLogs" ? [] : await truth(call, result));
    expect((await deposits()).found).to.deep.equal(all(() => true).slice(1));
  });

  it("says how much was deposited too long ago to be searched for", async function () {
    const { client, proxy, deposits } = await depositor(this);
    await client.deposit({ token: town.coin, amount: 100n });
    proxy.lie = ({ method }, result) => (method === "eth_getLogs" ? [] : result);
    const { found, earlier } = await deposits();
    expect({ found, earlier }).to.deep.equal({ found: [], earlier: 100n });
  });
});

describe("ranges of blocks", () => {
  it("cover what lies between two blocks, in parts that a node searches", () => {
    expect([...ranges(5n, 5n)]).to.deep.equal([[5n, 5n]]);
    expect([...ranges(6n, 5n)]).to.deep.equal([]);
    expect([...ranges(1n, 2n * RANGE + 1n)]).to.deep.equal([
      [1n, RANGE],
      [RANGE + 1n, 2n * RANGE],
      [2n * RANGE + 1n, 2n * RANGE + 1n],
    ]);
  });
});
