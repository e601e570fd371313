import { expect } from "chai";

import { openCourt, type Court } from "../../scripts/torture/watchtower/court";
import { encodeProve } from "../../src/chain";
import type { RunningTower } from "../../src/watchtower";
import { afterTest } from "../helpers/afterTest";
import { SQLITE } from "../helpers/databases";
import { callsOf, towerOn, until } from "./helpers";

const GWEI = 10n ** 9n;
/** What one block after the other asks for: each time more than twice as much, which is what is offered. */
const SPIKE = [50n, 150n, 450n, 1_350n].map((gwei) => gwei * GWEI);
/** Confirmations that the tower waits for, and one more. */
const FINAL = 3;

describe("A watchtower, from one block to the next", () => {
  let court: Court;
  let tower: RunningTower;

  before(async function () {
    court = await openCourt();
    // It looks when it is told to, but for once.
    tower = await towerOn(court, await SQLITE.fresh(this), { interval: 2 ** 30 });
    afterTest(this, () => tower.stop());
    await until(court, () => Promise.resolve(tower.tower.chains[0]!.lookedAt !== undefined));
  });
  after(() => court.node.stop());

  const send = (method: string, ...params: unknown[]): Promise<unknown> => court.node.provider.send(method, params);
  const look = (): Promise<void> => tower.tower.chains[0]!.look();
  /** The next block, a minute later. */
  const mine = async (baseFee: bigint): Promise<void> => {
    await send("anvil_setNextBlockBaseFeePerGas", `0x${baseFee.toString(16)}`);
    await court.node.pass(61n);
  };

  it("case 16: shows a note itself as soon as a reorganisation has undone that somebody else had shown it", async () => {
    const party = court.party("undone");
    await court.fund(party, 1_000n);
    const { handOver, told } = callsOf(court, party, tower.url);
    const [state, note] = [
      court.state(party, { version: 1n, net: -500n }),
      court.note(party, { seq: 1n, credited: 50n }),
    ];
    await handOver({ state, note });
    await court.cheat(party, state);
    const snapshot = await send("evm_snapshot");
    const { record } = await court.hub.pendingClose(party.id);
    const data = encodeProve(party.key, record, state.state, note, []);
    await court.hub.send({ to: court.hub.address, data, value: 0n });
    await look();
    expect((await told()).body.answers).to.deep.equal([]);
    await send("evm_revert", snapshot);
    court.forget();
    await send("evm_mine");
    await look();
    expect((await told()).body.answers.map(({ shown }) => shown)).to.deep.equal(["note"]);
    expect((await court.hub.channel(party.key)).shown?.value).to.equal(50n);
  });

  it("case 19: offers more for its answer until it is mined, and shows nothing twice when it comes late", async () => {
    const party = court.party("fees");
    await court.fund(party, 1_000n);
    const { handOver, told } = callsOf(court, party, tower.url);
    const state = court.state(party, { version: 1n, net: -500n });
    await handOver({ state, note: court.note(party, { seq: 1n, credited: 50n }) });
    await court.cheat(party, state);
    await send("evm_setAutomine", false);
    const answers = async () => (await told()).body.answers;
    const offers = new Set<unknown>();
    for (const baseFee of SPIKE) {
      await look();
      for (const { transaction } of await answers()) offers.add(transaction);
      await mine(baseFee);
      expect((await court.hub.channel(party.key)).shown).to.equal(undefined);
    }
    expect(offers.size).to.equal(SPIKE.length);
    await look();
    await mine(SPIKE[0]!);
    expect((await court.hub.channel(party.key)).shown?.value).to.equal(50n);
    // What was found out of the close before must not have it shown once more.
    for (let block = 0; block < 2 * FINAL; block++) {
      await send("evm_mine");
      await look();
    }
    await send("evm_setAutomine", true);
    expect((await answers()).map(({ shown, status }) => ({ shown, status }))).to.deep.equal([
      { shown: "note", status: "done" },
    ]);
  });
});
