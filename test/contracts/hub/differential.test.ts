import { loadFixture, takeSnapshot } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import { ethers } from "hardhat";

import { challenge } from "../helpers/disputes";
import { expectedBooks, judgedOf, type Books } from "../helpers/expected";
import {
  anotherToken,
  Backing,
  closeBySystem,
  closeByUser,
  complete,
  DAY,
  deployHub,
  issued,
  listAs,
  NO_APPOINTMENT,
  now,
  pass,
  SETTINGS,
  sign,
  soon,
  state,
  type Fixture,
  type Ref,
  type ShownDispute,
} from "../helpers/fixture";
import { lockTree } from "../helpers/locks";
import type { NoteMessage, StateMessage } from "../helpers/messages";
import { LOCKS, scenario, type Scenario, type ScenarioNote, type ScenarioState } from "../helpers/scenario";

/** More runs find more; every run is a whole channel's life on Hardhat's network. */
const RUNS = Number(process.env.STARLEDGER_FUZZ_RUNS ?? 60);

const CAP = 10n ** 7n;

/** One channel per backing, with everyone's tokens and allowances. */
async function deployBackings() {
  const f = await deployHub();
  const points = await ethers.deployContract("IssuedToken", ["Points", "PTS", 0, f.system, CAP]);
  for (const minter of [f.hub, f.deployer])
    await points.connect(f.system).grantRole(await points.MINTER_ROLE(), minter);
  for (const holder of [f.system, f.user]) {
    await points.mint(holder, 10_000n);
    await points.connect(holder).approve(f.hub, ethers.MaxUint256);
  }
  const refs = {
    collateral: f.ref,
    reserve: await listAs(f, await anotherToken(f), Backing.Reserve),
    issued: await listAs(f, points, Backing.Issued),
  };
  return { ...f, points, refs };
}

/** Locks of one tree; all trees share preimages and expiry. */
const treeOf = (amounts: readonly bigint[], expiry: bigint) =>
  amounts.length === 0 ? null : lockTree(amounts, expiry);

function lockedFields({ amounts }: { amounts: bigint[] }, expiry: bigint) {
  const tree = treeOf(amounts, expiry);
  return tree ? { locksRoot: tree.root, locksExpiry: expiry } : {};
}

function stateMessage({ amounts, ...values }: ScenarioState, expiry: bigint): Partial<StateMessage> {
  return { ...values, ...lockedFields({ amounts }, expiry) };
}

function noteMessage({ amounts, ...values }: ScenarioNote, expiry: bigint): Partial<NoteMessage> {
  return { ...values, ...lockedFields({ amounts }, expiry) };
}

/** Every lock of a tree whose preimage is registered. */
function proofs({ amounts }: { amounts: bigint[] }, revealed: boolean[], expiry: bigint) {
  const tree = treeOf(amounts, expiry);
  return amounts.flatMap((_, i) => (tree && revealed[i] ? [tree.registered(i)] : []));
}

/** Lives the scenario through on the chain. */
async function live(f: Awaited<ReturnType<typeof deployBackings>>, s: Scenario): Promise<Books> {
  const ref = f.refs[s.backing];
  const token = await ethers.getContractAt("TestToken", ref.token);
  if (s.backing === "issued") {
    // The supply stands at the cap, but for what may still be minted; a deposit, which is burned, leaves room as well.
    await f.points.mint(f.other, CAP - (await f.points.totalSupply()));
    if (s.mintable > s.deposited) await f.points.connect(f.other).burn(s.mintable - s.deposited);
  }
  const before = { user: await token.balanceOf(f.user), system: await token.balanceOf(f.system) };

  if (s.deposited) await f.hub.connect(f.user).deposit(ref, s.deposited);
  if (s.committed) await f.hub.connect(f.system).commitCollateral(ref, s.committed);
  if (s.reserve) await f.hub.connect(f.system).fundReserve(ref.system, ref.token, s.reserve);
  if (s.bond) await f.hub.connect(f.system).fundBond(ref.system, ref.token, s.bond);
  if (s.withdrawn) await withdraw(f, ref, s.withdrawn);
  await closeAndSettle(f, ref, s);

  const asset = await f.hub.assetOf(ref.system, ref.token);
  const channel = await f.hub.channelOf(ref);
  expect([channel.epoch, channel.closing, channel.collateral]).to.deep.equal([1n, false, 0n]);
  expect(await token.balanceOf(f.hub)).to.equal(asset.reserve + asset.bond);
  return {
    user: (await token.balanceOf(f.user)) - before.user,
    system: (await token.balanceOf(f.system)) - before.system,
    reserve: asset.reserve,
    claimed: asset.claimed,
    awarded: asset.awarded,
    penalised: await penalised(f),
  };
}

async function withdraw(f: Fixture, ref: Ref, amount: bigint) {
  const message = { withdrawn: amount, reclaimed: 0n, recipient: ref.user, deadline: await soon() };
  await f.hub.connect(f.system).withdraw(ref, message, await sign(f, f.user, "Withdrawal", message, { ref }), "0x");
}

async function closeAndSettle(f: Fixture, ref: Ref, s: Scenario) {
  const expiry = (await now()) + 5n * DAY;
  const judged = judgedOf(s);
  const shown = stateMessage(s.closed, expiry);
  const own = s.notes[s.closedWith];
  const credit = own ? noteMessage(own, expiry) : {};
  const { preimage } = lockTree(Array<bigint>(LOCKS).fill(1n), expiry);
  await f.registry.revealMany(s.revealed.flatMap((is, i) => (is ? [preimage(i)] : [])));
  if (s.checkpointed && s.newer) {
    const stored = await complete(f, stateMessage(s.newer, expiry), 0n, ref);
    await f.hub.checkpoint(ref, stored.state, stored.userSignature, stored.systemSignature);
  }
  const dispute =
    s.closer === "system"
      ? await closeBySystem(f, { shown, credit, ref })
      : await closeByUser(f, { shown, credit, ref, humble: s.closer === "humble" });

  if (s.early) await showNotes(f, ref, s, dispute, judged, expiry);
  const newer = s.checkpointed ? null : s.newer;
  if (newer) await challenge(f, dispute, stateMessage(newer, expiry), { ref });
  if (!(await f.hub.channelOf(ref)).closing) return;
  await pass(SETTINGS.challengePeriod * (s.closer === "humble" ? 2n : 1n));
  const standing = newer ?? judged;
  await showNotes(f, ref, s, dispute, standing, expiry);
  const values = state(stateMessage(standing, expiry));
  const outgoing = proofs(standing, s.revealed, expiry);
  await f.hub.connect(f.system).proveLocksOfState(ref, dispute, values, outgoing, NO_APPOINTMENT);
  await pass(SETTINGS.lockLimit + SETTINGS.claimWindow);
  await f.hub.connect(f.other).settle(ref, dispute, values);
}

/** Shows all notes that still count, with their locks. */
async function showNotes(
  f: Fixture,
  ref: Ref,
  s: Scenario,
  dispute: ShownDispute,
  standing: ScenarioState,
  expiry: bigint,
) {
  for (const note of s.notes.filter(({ seq }) => seq >= standing.noteSeq)) {
    const signed = await issued(f, noteMessage(note, expiry), 0n, ref);
    const locks = proofs(note, s.revealed, expiry);
    const values = state(stateMessage(standing, expiry));
    await f.hub
      .connect(f.other)
      .prove(ref, dispute, values, signed.note, signed.systemSignature, locks, NO_APPOINTMENT);
  }
}

async function penalised(f: Fixture): Promise<Books["penalised"]> {
  const { UserPenalised, SystemPenalised } = f.hub.filters;
  if ((await f.hub.queryFilter(UserPenalised())).length > 0) return "user";
  return (await f.hub.queryFilter(SystemPenalised())).length > 0 ? "system" : "nobody";
}

describe("the hub and the protocol library", () => {
  it(`settle ${RUNS} random channels alike, to the last unit, with every backing`, async function () {
    this.timeout(RUNS * 5_000 + 60_000);
    const f = await loadFixture(deployBackings);
    const snapshot = await takeSnapshot();
    await fc.assert(
      fc.asyncProperty(scenario, async (s) => {
        await snapshot.restore();
        const want = expectedBooks(s, SETTINGS.award);
        expect(await live(f, s)).to.deep.equal(want);
      }),
      { numRuns: RUNS },
    );
  });
});
