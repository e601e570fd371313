import { expect } from "chai";
import { Wallet } from "ethers";

import { openCourt, type Court } from "../../scripts/torture/watchtower/court";
import { keccakText } from "../../src/protocol";
import type { RunningTower } from "../../src/watchtower";
import { afterTest } from "../helpers/afterTest";
import { SQLITE } from "../helpers/databases";
import { callsOf, configOf, towerOn, until } from "./helpers";

let names = 0;

describe("A watchtower that is stopped", () => {
  let court: Court;
  let store: string;

  before(async () => {
    court = await openCourt();
  });
  after(() => court.node.stop());
  beforeEach(async function () {
    store = await SQLITE.fresh(this);
  });

  const newParty = async () => {
    const party = court.party(`crashes ${(names += 1)}`);
    await court.fund(party, 1_000n);
    return party;
  };
  const version = async ({ key }: Awaited<ReturnType<typeof newParty>>) =>
    (await court.hub.channel(key)).standingVersion;
  const started = async (context: Mocha.Context, changes = {}): Promise<RunningTower> => {
    const tower = await towerOn(court, store, changes);
    afterTest(context, () => tower.stop());
    return tower;
  };

  it("case 21: answers what was closed while it was down", async function () {
    const party = await newParty();
    const first = await towerOn(court, store);
    await callsOf(court, party, first.url).handOver({ state: court.state(party, { version: 3n, net: -1n }) });
    await first.stop();
    await court.cheat(party, court.state(party, { version: 1n, net: -9n }));
    await court.node.pass(86_400n);
    await started(this);
    await until(court, async () => (await version(party)) === 3n);
  });

  it("case 21: says that its gas money is low, and answers once it has some", async function () {
    const party = await newParty();
    const poor = new Wallet(keccakText("starledger poor tower"), court.node.provider);
    const [chain] = configOf(court, store).chains;
    const gasKeys = [poor.privateKey] as const;
    const tower = await started(this, { chains: [{ ...chain!, gasKeys }] });
    const { handOver } = callsOf(court, party, tower.url);
    await handOver({ state: court.state(party, { version: 2n, net: -1n }) });
    await court.cheat(party, court.state(party, { version: 1n, net: -9n }));
    const metrics = async (): Promise<string> => await (await fetch(new URL("/metrics", tower.url))).text();
    await until(court, async () => /troubles_total\{[^}]*code="low_balance"\} [1-9]/.test(await metrics()));
    expect(await version(party)).to.equal(undefined);
    await (await court.node.account(8).sendTransaction({ to: poor.address, value: 10n ** 18n })).wait();
    await until(court, async () => (await version(party)) === 2n);
  });

  it("case 16: answers again when a reorganisation has undone close and answer", async function () {
    const party = await newParty();
    const tower = await started(this, {
      chains: [{ ...configOf(court, store).chains[0]!, finality: { confirmations: 1_000 } }],
    });
    const { handOver } = callsOf(court, party, tower.url);
    const snapshot = (await court.node.provider.send("evm_snapshot", [])) as string;
    await handOver({ state: court.state(party, { version: 2n, net: -1n }) });
    await court.cheat(party, court.state(party, { version: 1n, net: -9n }));
    await until(court, async () => (await version(party)) === 2n);
    await court.node.provider.send("evm_revert", [snapshot]);
    court.forget();
    expect(await version(party)).to.equal(undefined);
    await court.node.pass(60n);
    await court.cheat(party, court.state(party, { version: 1n, net: -9n }));
    await until(court, async () => (await version(party)) === 2n);
  });
});
