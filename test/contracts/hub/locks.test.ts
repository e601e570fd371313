import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";

import gas from "../../../gas.json";
import { prove } from "../helpers/disputes";
import {
  at,
  closeByUser,
  DAY,
  deployFunded,
  idOf,
  NO_APPOINTMENT,
  now,
  pass,
  SETTINGS,
  state,
  type Fixture,
} from "../helpers/fixture";
import { lockTree } from "../helpers/locks";
import { structHash } from "../helpers/messages";

/** What one transaction may use since EIP-7825. */
const TRANSACTION_GAS = 2n ** 24n;

/** A note that carries the tree's locks and nothing else. */
const noteOf = (tree: ReturnType<typeof lockTree>, locked: bigint) => ({
  seq: 1n,
  credited: 0n,
  locked,
  locksExpiry: tree.expiry,
  locksRoot: tree.root,
});

describe("more locks than one transaction can prove (case 12)", () => {
  it("are proven in several, in any order, by anybody, some twice; the totals add up", async function () {
    this.timeout(120_000);
    const f = await loadFixture(deployFunded);
    const count = 1_500;
    const amounts = Array.from({ length: count }, (_, i) => BigInt(i % 7));
    const total = amounts.reduce((sum, amount) => sum + amount, 0n);
    const tree = lockTree(amounts, (await now()) + DAY);
    const values = noteOf(tree, total);
    const dispute = await closeByUser(f, { shown: { version: 1n, net: -1_000n } });
    const preimages = amounts.map((_, i) => tree.preimage(i));
    for (let i = 0; i < count; i += 250) await f.registry.revealMany(preimages.slice(i, i + 250));
    const between = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) => tree.registered(from + i));

    const portions = [
      [1_250, 1_500],
      [0, 250],
      [200, 500],
      [1_000, 1_250],
      [500, 750],
      [750, 1_000],
    ] as const;
    let gas = 0n;
    for (const [from, to] of portions) {
      const sent = await prove(f, dispute, values, { locks: between(from, to) });
      gas += (await sent.wait())!.gasUsed;
    }
    expect(gas > TRANSACTION_GAS, `${gas} gas`).to.equal(true);
    const noteHash = structHash("Note", { channelId: idOf(f.ref), memo: `0x${"00".repeat(32)}`, ...values });
    expect(await f.hub.provenLocks(noteHash)).to.equal(total);
    expect((await f.hub.channelOf(f.ref)).shown.value).to.equal(total);
    await pass(SETTINGS.challengePeriod + SETTINGS.claimWindow);
    const call = f.hub.settle(f.ref, dispute, state({ version: 1n, net: -1_000n }));
    const missing = total - 1_000n;
    await expect(call).to.emit(f.hub, "ClaimRecorded").withArgs(f.ref.system, f.ref.token, 0n, f.ref.user, missing);
  });

  it("a lock costs some 9,000 gas to prove, so that one worth less is not worth proving: the limit that SECURITY.md names", () => {
    // Measured by `npm run gas`, which fails when the committed figure is not what a receipt says.
    expect(gas["lock.claim.batch50.perLock"]).to.be.within(8_000, 10_000);
  });
});

describe("a lock's expiry against its preimage's registration (case 17)", () => {
  for (const [when, offset, counts] of [
    ["one second before", -1n, true],
    ["at", 0n, false],
    ["one second after", 1n, false],
  ] as const) {
    it(`a preimage registered ${when} the expiry ${counts ? "counts, for good" : "does not count"}`, async () => {
      const f = await loadFixture(deployFunded);
      const tree = lockTree([100n], (await now()) + DAY);
      const dispute = await closeByUser(f);
      await at(tree.expiry + offset);
      await f.registry.reveal(tree.preimage(0));
      await pass(DAY);
      const call = prove(f, dispute, noteOf(tree, 100n), { locks: [tree.registered(0)] });
      await expectCounted(f, call, counts ? undefined : [tree.expiry + offset, tree.expiry]);
    });

    it(`a preimage shown to the hub ${when} the expiry ${counts ? "counts" : "does not count"}`, async () => {
      const f = await loadFixture(deployFunded);
      const tree = lockTree([100n], (await now()) + DAY);
      const dispute = await closeByUser(f);
      await at(tree.expiry + offset);
      const call = prove(f, dispute, noteOf(tree, 100n), { locks: [tree.proof(0)] });
      await expectCounted(f, call, counts ? undefined : [tree.expiry + offset, tree.expiry]);
    });
  }

  it("the earliest registration counts, whoever repeats it later", async () => {
    const f = await loadFixture(deployFunded);
    const tree = lockTree([100n], (await now()) + DAY);
    const dispute = await closeByUser(f);
    await at(tree.expiry - 1n);
    await f.registry.connect(f.other).reveal(tree.preimage(0));
    await at(tree.expiry + 5n);
    await f.registry.connect(f.system).reveal(tree.preimage(0));
    await expectCounted(f, prove(f, dispute, noteOf(tree, 100n), { locks: [tree.registered(0)] }), undefined);
  });

  for (const [when, offset, payeePaid, systemPaid] of [
    ["before T2", -1n, true, true],
    ["at T2, before T1", 0n, false, true],
    ["one second before T1", 3_599n, false, true],
    ["at T1", 3_600n, false, false],
  ] as const) {
    it(`whatever clock the parties go by, the block's decides for both legs: registered ${when}`, async () => {
      const f = await loadFixture(deployFunded);
      const later = { ...f.ref, user: await f.other.getAddress() };
      await f.hub.connect(f.other).deposit(later, 1_000n);
      const expiry = (await now()) + DAY;
      // The same hash: the payer's outgoing lock until T1, the payee's incoming one until T2.
      const [incoming, outgoing] = [lockTree([100n], expiry), lockTree([103n], expiry + 3_600n)];
      const paying = { version: 1n, locked: 103n, locksExpiry: outgoing.expiry, locksRoot: outgoing.root };
      const byPayer = await closeByUser(f, { shown: paying });
      const byPayee = await closeAsOther(f, later);
      await at(expiry + offset);
      await f.registry.reveal(incoming.preimage(0));

      const payee = () => prove(f, byPayee, noteOf(incoming, 100n), { ref: later, locks: [incoming.registered(0)] });
      const payer = () =>
        f.hub
          .connect(f.system)
          .proveLocksOfState(f.ref, byPayer, state(paying), [outgoing.registered(0)], NO_APPOINTMENT);
      for (const [call, isPaid] of [
        [payee, payeePaid],
        [payer, systemPaid],
      ] as const) {
        if (isPaid) await call();
        else await expect(call()).to.be.revertedWithCustomError(f.errors, "Hub_LockExpired");
      }
      await pass(SETTINGS.challengePeriod + SETTINGS.claimWindow);
      const own = 1_000n - (systemPaid ? 103n : 0n);
      await expect(f.hub.settle(f.ref, byPayer, state(paying))).to.changeTokenBalances(
        f.token,
        [f.user, f.system],
        [own, 1_000n - own],
      );
      const settled = f.hub.settle(later, byPayee, state());
      await expect(settled).to.changeTokenBalances(f.token, [f.other], [1_000n]);
      // The payee's channel holds but what it paid in: its 100 are a claim on the system.
      if (!payeePaid) await expect(settled).to.not.emit(f.hub, "ClaimRecorded");
      else
        await expect(settled).to.emit(f.hub, "ClaimRecorded").withArgs(f.ref.system, f.ref.token, 0n, later.user, 100n);
    });
  }
});

/** The lock was worth its 100, or `late` names when it came and until when it was good. */
async function expectCounted(f: Fixture, call: ReturnType<typeof prove>, late: readonly bigint[] | undefined) {
  if (late !== undefined) {
    await expect(call)
      .to.be.revertedWithCustomError(f.errors, "Hub_LockExpired")
      .withArgs(0n, ...late);
    return;
  }
  await call;
  expect((await f.hub.channelOf(f.ref)).shown.value).to.equal(100n);
}

/** The other user closes its channel with nothing. */
async function closeAsOther(f: Fixture, ref: Fixture["ref"]) {
  return closeByUser({ ...f, user: f.other, ref }, { ref });
}
