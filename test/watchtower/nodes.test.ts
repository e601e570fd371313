import { expect } from "chai";

import { openCourt, type Court } from "../../scripts/torture/watchtower/court";
import { afterTest } from "../helpers/afterTest";
import { SQLITE } from "../helpers/databases";
import { rpcProxyTo, type RpcCall, type RpcProxy } from "../helpers/rpcProxy";
import { callsOf, configOf, towerOn, until } from "./helpers";

const LAG = 3;

describe("A watchtower with three nodes", () => {
  let court: Court;
  let proxies: readonly RpcProxy[];
  let url: string;
  let names = 0;

  before(async function () {
    court = await openCourt();
    proxies = await Promise.all(Array.from({ length: 3 }, () => rpcProxyTo(this, court.node.url)));
    const [chain] = configOf(court, "").chains;
    const rpc = proxies.map((proxy) => proxy.url);
    const tower = await towerOn(court, await SQLITE.fresh(this), { chains: [{ ...chain!, rpc }] });
    url = tower.url;
    afterTest(this, () => tower.stop());
  });
  after(() => court.node.stop());

  afterEach(() => {
    for (const proxy of proxies) Object.assign(proxy, { lie: undefined, fails: false, delay: 0 });
  });

  /** What a node says that has no interest in the answer: nobody has closed anything. */
  function hiding({ method }: RpcCall, result: unknown): unknown {
    if (method === "eth_getLogs") return [];
    return method === "eth_call" && typeof result === "string" ? `0x${"0".repeat(result.length - 2)}` : result;
  }

  /** What a node says of which the newest blocks are kept. */
  async function behind({ method, params }: RpcCall, result: unknown): Promise<unknown> {
    if (method !== "eth_getBlockByNumber" || result === null) return result;
    const head = (await court.node.provider.getBlockNumber()) - LAG;
    if (params[0] !== "latest") return Number((result as { number: string }).number) > head ? null : result;
    return (await court.node.provider.send("eth_getBlockByNumber", [`0x${head.toString(16)}`, false])) as unknown;
  }

  for (const [what, spoil] of [
    ["hides every close", (node: RpcProxy) => (node.lie = hiding)],
    ["is behind", (node: RpcProxy) => (node.lie = behind)],
    ["answers errors", (node: RpcProxy) => (node.fails = true)],
    ["takes its time", (node: RpcProxy) => (node.delay = 100_000)],
  ] as const) {
    it(`case 19: answers a fraudulent close while one of them ${what}`, async () => {
      const party = court.party(`nodes ${(names += 1)}`);
      await court.fund(party, 1_000n);
      const { handOver } = callsOf(court, party, url);
      expect((await handOver({ state: court.state(party, { version: 2n, net: -1n }) })).status).to.equal(200);
      spoil(proxies[0]!);
      await court.cheat(party, court.state(party, { version: 1n, net: -9n }));
      await until(court, async () => (await court.hub.channel(party.key)).standingVersion === 2n);
    });
  }

  it("case 19: believes no two of them that say something else each, and says that it does not see the chain", async () => {
    const [one, two] = proxies as [RpcProxy, RpcProxy];
    const metrics = async (): Promise<string> => await (await fetch(new URL("/metrics", url))).text();
    const disagreeing = async (): Promise<number> =>
      Number(/troubles_total\{[^}]*code="nodes_disagree"\} (\d+)/.exec(await metrics())?.[1] ?? 0);
    const before = await disagreeing();
    one.lie = hiding;
    two.lie = ({ method }, result) =>
      method === "eth_getLogs" ? [{ ...(result as object[])[0], data: "0x" }] : result;
    await until(court, async () => (await disagreeing()) > before);
  });
});
