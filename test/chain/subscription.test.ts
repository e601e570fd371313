import { expect } from "chai";

import { startAnvil } from "../../scripts/torture/anvil";
import { answered, connect, type NodeProvider } from "../../src/chain";
import type { LocalNode } from "../../src/chain/localNode";
import { RpcSocket } from "../../src/chain/rpcSocket";
import { afterTest } from "../helpers/afterTest";
import { expectError } from "../helpers/errors";
import { rpcProxyTo } from "../helpers/rpcProxy";
import { socketProxyTo, type SocketProxy } from "../helpers/socketProxy";

describe("a chain's node over a WebSocket", () => {
  let node: LocalNode;

  before(async () => {
    node = await startAnvil();
  });
  after(() => node.stop());

  const mine = (): Promise<unknown> => node.provider.send("evm_mine", []);
  const proxies = (context: Mocha.Context, count: number): Promise<SocketProxy[]> =>
    Promise.all(Array.from({ length: count }, () => socketProxyTo(context, node.url)));

  async function connected(context: Mocha.Context, urls: readonly string[]): Promise<NodeProvider> {
    const provider = await connect(urls);
    afterTest(context, () => provider.destroy());
    return provider;
  }

  /** Counts what is told from now on. */
  function heard(provider: NodeProvider) {
    let heads = 0;
    let wake: () => void = () => undefined;
    const stop = provider.onHead!(() => {
      heads += 1;
      wake();
    });
    const until = async (number: number): Promise<void> => {
      while (heads < number) await new Promise<void>((resolve) => (wake = resolve));
    };
    return { until, stop, count: () => heads };
  }

  it("answers as over HTTP, and tells of every new block", async function () {
    const [proxy] = await proxies(this, 1);
    const provider = await connected(this, [proxy!.url]);
    const { until, stop, count } = heard(provider);
    await until(1);
    const before = count();
    await mine();
    await until(before + 1);
    expect(await provider.getBlockNumber()).to.equal(await node.provider.getBlockNumber());
    const [{ address }] = [node.account(1)];
    expect(await provider.getBalance(address)).to.equal(await node.provider.getBalance(address));
    await expectError(() => answered(provider.send("eth_nonsense", [])), "chain_unreachable");
    stop();
    const told = count();
    await mine();
    await provider.getBlockNumber();
    expect(count()).to.equal(told);
  });

  it("case 19: is connected to again when the connection breaks, and may have missed a block then", async function () {
    const [proxy] = await proxies(this, 1);
    const provider = await connected(this, [proxy!.url]);
    const { until, count } = heard(provider);
    await until(1);
    const before = count();
    proxy!.break();
    await until(before + 1);
    expect(proxy!.connections).to.equal(3);
    const again = count();
    await mine();
    await until(again + 1);
    expect(await provider.getBlockNumber()).to.equal(await node.provider.getBlockNumber());
  });

  it("case 19: is left when it gives no sign of life though the connection stays open, and connected to again", async function () {
    const [proxy] = await proxies(this, 1);
    const socket = new RpcSocket(proxy!.url, 50);
    afterTest(this, () => socket.close());
    proxy!.isDeaf = true;
    let heads = 0;
    const told = new Promise<void>((resolve) => {
      socket.onHead(() => {
        heads += 1;
        if (proxy!.connections >= 2 && !proxy!.isDeaf) resolve();
        proxy!.isDeaf = false;
      });
    });
    const refused = socket.ask({ id: 1, method: "eth_blockNumber", params: [] });
    expect(await refused.catch((error: unknown) => (error as { code: string }).code)).to.equal("ECONNRESET");
    await told;
    expect(heads).to.be.above(1);
  });

  it("is one of several, of which each may tell of a block first", async function () {
    const [one, two] = (await proxies(this, 2)) as [SocketProxy, SocketProxy];
    const http = await rpcProxyTo(this, node.url);
    const provider = await connected(this, [one.url, http.url, two.url]);
    const { until, count } = heard(provider);
    await until(2);
    one.keepsBlocks = true;
    const before = count();
    await mine();
    await until(before + 1);
    expect(await provider.getBlockNumber()).to.equal(await node.provider.getBlockNumber());
    http.fails = true;
    expect(await provider.getBalance(node.account(1).address)).to.equal(10n ** 22n);
  });

  it("ends the start with chain_unreachable where nobody listens", async () => {
    await expectError(() => connect(["ws://127.0.0.1:1"]), "chain_unreachable");
  });
});
