import { createHash } from "node:crypto";

import { expect } from "chai";

import { openCourt, SETTINGS, type Court, type Party } from "../../scripts/torture/watchtower/court";
import { fromHex, keccakText, toHex, type CompleteState, type Hash, type Lock } from "../../src/protocol";
import { settleCall } from "../../src/sdk/chain/disputeCalls";
import type { RunningTower } from "../../src/watchtower";
import { afterTest } from "../helpers/afterTest";
import { onEachDatabase, SQLITE } from "../helpers/databases";
import { callsOf, configOf, towerOn, until } from "./helpers";
import { IERC20__factory } from "../../typechain-types";

const hashOf = (preimage: Hash): Hash => toHex(createHash("sha256").update(fromHex(preimage)).digest()) as Hash;
let names = 0;

describe("A watchtower, on a real node", () => {
  let court: Court;

  before(async () => {
    court = await openCourt();
  });
  after(() => court.node.stop());

  const newParty = async (amount = 1_000n) => {
    const party = court.party(`answers ${(names += 1)}`);
    await court.fund(party, amount);
    return party;
  };
  const view = (key: Parameters<Court["hub"]["channel"]>[0]) => court.hub.channel(key);

  onEachDatabase("answers", (database) => {
    let tower: RunningTower;

    beforeEach(async function () {
      tower = await towerOn(court, await database.fresh(this));
    });
    afterEach(() => tower.stop());

    it("a fraudulent close with the newest state, and is rewarded as its appointment says (cases 13 and 21)", async () => {
      const party = await newParty();
      const { handOver, told } = callsOf(court, party, tower.url);
      const [old, state] = [
        court.state(party, { version: 1n, net: -900n }),
        court.state(party, { version: 2n, net: -100n }),
      ];
      const gas = tower.tower.chains[0]!.address;
      const appointment = court.appointment(party, gas, 1_000, (await court.time()) + 30n * 86_400n);
      expect((await handOver({ state, appointment })).status).to.equal(200);

      await court.cheat(party, old);
      await until(court, async () => (await view(party.key)).standingVersion === 2n);
      await until(court, async () => (await told()).body.answers.every(({ status }) => status === "done"));
      const { body } = await told();
      expect(body.answers.map(({ shown, status }) => ({ shown, status }))).to.deep.equal([
        { shown: "state", status: "done" },
      ]);
      expect(body.close).to.include({ bySystem: true, humble: false, version: "1" });

      const close = await court.hub.pendingClose(party.id);
      await court.node.pass(SETTINGS.challengePeriod + SETTINGS.claimWindow);
      const receipt = await court.hub.send(settleCall(court.hub.address, party.key, close.record, state.state));
      const penalties = receipt.logs.flatMap((log) => {
        const event = court.contract.interface.parseLog(log);
        return event?.name === "SystemPenalised" ? [event.args.map(String).join(" ").toLowerCase()] : [];
      });
      const { system, user, token } = party.key;
      expect(penalties).to.deep.equal([`${system} ${user} ${token} 100 50 ${gas}`]);
      await until(court, async () => (await told()).body.outcome === "settled");
    });

    it("a close that hides a note, with the note and its locks, whose preimages it makes public first (cases 17 and 18)", async () => {
      const party = await newParty();
      const { handOver, told } = callsOf(court, party, tower.url);
      const preimages = [1, 2, 3].map((i) => keccakText(`${party.id} ${i}`));
      const expiry = (await court.time()) + 2n * 86_400n;
      const locks: Lock[] = preimages.map((preimage, i) => ({
        ...{ index: BigInt(i), hash: hashOf(preimage), amount: BigInt(10 ** i), expiry },
      }));
      const state = court.state(party, { version: 1n, net: -500n });
      const note = court.note(party, { seq: 1n, credited: 20n }, locks);
      expect((await handOver({ state, note, preimages: preimages.slice(1) })).body).to.include({
        version: "1",
        seq: "1",
        preimages: 2,
      });

      await court.cheat(party, state);
      await until(court, async () => (await view(party.key)).shown?.value === 20n + 110n);
      const channel = await view(party.key);
      expect([channel.systemCheated, channel.standingVersion]).to.deep.equal([true, undefined]);
      await until(court, async () => (await told()).body.answers.every(({ status }) => status === "done"));
      const shown = (await told()).body.answers.map((answer) => answer.shown);
      expect(new Set(shown)).to.deep.equal(new Set(["preimages", "note"]));
    });

    it("never shows the newer state that would convict the user's own old close, and shows the next one (case 7)", async () => {
      const [revoked, behind] = [await newParty(), await newParty()];
      for (const party of [revoked, behind]) {
        const newest = party === revoked ? 3n : 2n;
        const { handOver } = callsOf(court, party, tower.url);
        await handOver({ state: court.state(party, { version: newest, net: -10n }) });
        await court.leave(party, court.state(party, { version: 1n, net: -5n }), false);
      }
      // Of two closes seen together one is answered: the other was decided on, too.
      await until(court, async () => (await view(behind.key)).standingVersion === 2n);
      const { told } = callsOf(court, revoked, tower.url);
      expect((await told()).body.answers).to.deep.equal([]);
      expect((await view(revoked.key)).closing).to.equal(true);
    });

    it("a close that was there before it was handed anything (case 21)", async () => {
      const party = await newParty();
      await court.cheat(party, court.state(party, { version: 1n, net: -9n }));
      await callsOf(court, party, tower.url).handOver({ state: court.state(party, { version: 2n, net: -1n }) });
      await until(court, async () => (await view(party.key)).standingVersion === 2n);
    });

    it("registers what was claimed off chain when the system has not credited it by half the margin (U4, case 18)", async () => {
      const party = await newParty();
      const { handOver } = callsOf(court, party, tower.url);
      const preimage = keccakText(`${party.id} late`);
      const expiry = (await court.time()) + 86_400n;
      const note = court.note(party, { seq: 1n }, [{ index: 0n, hash: hashOf(preimage), amount: 5n, expiry }]);
      await handOver({ note, preimages: [preimage] });
      const registry = await court.hub.registry();
      await court.node.pass(10n);
      expect(await registry.registeredAt(hashOf(preimage), "latest")).to.equal(undefined);
      await court.node.pass(86_400n - 1_800n);
      await until(court, async () => (await registry.registeredAt(hashOf(preimage), "latest")) !== undefined);
      expect((await registry.registeredAt(hashOf(preimage), "latest"))! < expiry).to.equal(true);
    });
  });

  /** What the hub pays to whom, once everything is shown and all periods are over. */
  async function settled({ key, id }: Party, standing: CompleteState): Promise<bigint> {
    const { record } = await court.hub.pendingClose(id);
    await court.node.pass(2n * SETTINGS.challengePeriod + SETTINGS.claimWindow + SETTINGS.lockLimit);
    await court.hub.send(settleCall(court.hub.address, key, record, standing.state));
    return await IERC20__factory.connect(court.token, court.node.provider).balanceOf(key.user);
  }

  it("case 22: a user that leaves a vanished system by an older backup, so that it gets all that it had", async function () {
    const tower = await towerOn(court, await SQLITE.fresh(this));
    afterTest(this, () => tower.stop());
    const party = await newParty();
    const [older, newest] = [
      court.state(party, { version: 1n, net: -500n }),
      court.state(party, { version: 2n, net: -300n }),
    ];
    const note = court.note(party, { seq: 1n, credited: 50n });
    await callsOf(court, party, tower.url).handOver({ state: newest, note });
    await court.leave(party, older, true);
    await until(court, async () => (await view(party.key)).standingVersion === 2n);
    await until(court, async () => (await view(party.key)).shown?.value === 50n);
    expect(await settled(party, newest)).to.equal(750n);
  });

  it("case 27: a system that closes by an old backup; a watchtower in place of one whose machine is lost, too", async function () {
    const [lost, replacement] = [await newParty(), await newParty()];
    const first = await towerOn(court, await SQLITE.fresh(this));
    const newest = (party: Party) => court.state(party, { version: 3n, net: -100n });
    for (const party of [lost, replacement]) await callsOf(court, party, first.url).handOver({ state: newest(party) });
    await first.stop();
    const second = await towerOn(court, await SQLITE.fresh(this));
    afterTest(this, () => second.stop());
    await callsOf(court, replacement, second.url).handOver({ state: newest(replacement) });
    for (const party of [lost, replacement]) await court.cheat(party, court.state(party, { version: 1n, net: -900n }));
    await until(court, async () => (await view(replacement.key)).standingVersion === 3n);
    expect((await view(lost.key)).standingVersion).to.equal(undefined);
    // What its owner still has it hands over once more.
    await callsOf(court, lost, second.url).handOver({ state: newest(lost) });
    await until(court, async () => (await view(lost.key)).standingVersion === 3n);
  });

  it("case 31: a close of a system that has promised more than it has, so that its user gets all that is there", async function () {
    const tower = await towerOn(court, await SQLITE.fresh(this));
    afterTest(this, () => tower.stop());
    const party = await newParty();
    const state = court.state(party, { version: 1n, net: -400n });
    const note = court.note(party, { seq: 1n, credited: 5_000n });
    await callsOf(court, party, tower.url).handOver({ state, note });
    await court.cheat(party, state);
    await until(court, async () => (await view(party.key)).shown?.value === 5_000n);
    expect((await view(party.key)).systemCheated).to.equal(true);
    // All the collateral; the award follows out of the bond, and what else was promised is nowhere.
    expect(await settled(party, state)).to.equal(1_000n);
  });

  it("on several hubs of a chain, and on several chains", async function () {
    const beside = await openCourt({ node: court.node });
    const elsewhere = await openCourt({ chainId: 31_338n });
    afterTest(this, () => elsewhere.node.stop());
    const [chain] = configOf(court, "").chains;
    const other = { ...chain!, rpc: [elsewhere.node.url], hubs: [elsewhere.domain.hub] };
    const tower = await towerOn(court, await SQLITE.fresh(this), {
      chains: [
        { ...chain!, hubs: [court.domain.hub, beside.domain.hub] },
        { ...other, gasKeys: [elsewhere.node.privateKey(8)] },
      ],
    });
    afterTest(this, () => tower.stop());
    for (const one of [court, beside, elsewhere]) {
      const party = one.party(`answers on ${one.domain.hub}`);
      await one.fund(party, 1_000n);
      await callsOf(one, party, tower.url).handOver({ state: one.state(party, { version: 2n, net: -1n }) });
      await one.cheat(party, one.state(party, { version: 1n, net: -9n }));
      await until(one, async () => (await one.hub.channel(party.key)).standingVersion === 2n);
    }
  });
});
