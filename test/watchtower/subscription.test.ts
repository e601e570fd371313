import { openCourt, type Court } from "../../scripts/torture/watchtower/court";
import type { TowerConfig } from "../../src/watchtower";
import { afterTest } from "../helpers/afterTest";
import { SQLITE } from "../helpers/databases";
import { rpcProxyTo } from "../helpers/rpcProxy";
import { socketProxyTo, type SocketProxy } from "../helpers/socketProxy";
import { callsOf, configOf, towerOn, until } from "./helpers";

/** Milliseconds: it would never look again by itself. */
const NEVER = 2 ** 30;

describe("A watchtower whose nodes tell of blocks", () => {
  let court: Court;
  let names = 0;

  before(async () => {
    court = await openCourt();
  });
  after(() => court.node.stop());

  /** What a tower with these nodes answers. */
  async function answers(context: Mocha.Context, rpc: readonly string[], spoil: () => void, interval = NEVER) {
    const [chain] = configOf(court, "").chains;
    const changes: Partial<TowerConfig> = { chains: [{ ...chain!, rpc }], interval };
    const tower = await towerOn(court, await SQLITE.fresh(context), changes);
    afterTest(context, () => tower.stop());
    const party = court.party(`subscription ${(names += 1)}`);
    await court.fund(party, 1_000n);
    const { handOver } = callsOf(court, party, tower.url);
    await handOver({ state: court.state(party, { version: 2n, net: -1n }) });
    await until(court, () => Promise.resolve(tower.tower.chains[0]!.lookedAt !== undefined));
    spoil();
    await court.cheat(party, court.state(party, { version: 1n, net: -9n }));
    await until(court, async () => (await court.hub.channel(party.key)).standingVersion === 2n);
  }

  const nothing = () => undefined;

  it("answers at once, however long it would wait for the next look", async function () {
    const { url } = await socketProxyTo(this, court.node.url);
    await answers(this, [url], nothing);
  });

  it("is woken by any of several, and believes most of them", async function () {
    const [mute, telling] = (await Promise.all([1, 2].map(() => socketProxyTo(this, court.node.url)))) as [
      SocketProxy,
      SocketProxy,
    ];
    const lying = await rpcProxyTo(this, court.node.url);
    await answers(this, [mute.url, telling.url, lying.url], () => {
      mute.keepsBlocks = true;
      lying.lie = ({ method }, result) => (method === "eth_getLogs" ? [] : result);
    });
  });

  it("case 19: looks by itself when none tells any more, though the connection is open", async function () {
    const mute = await socketProxyTo(this, court.node.url);
    await answers(this, [mute.url], () => (mute.keepsBlocks = true), 200);
  });
});
