import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";

import { challenge, prove, settle } from "../helpers/disputes";
import {
  anotherToken,
  appoint,
  Backing,
  closeBySystem,
  closeByUser,
  complete,
  deployFunded,
  deployHub,
  expectPaid,
  hostileToken,
  idOf,
  listAs,
  Mode,
  NO_APPOINTMENT,
  SETTINGS,
} from "../helpers/fixture";
import { structHash } from "../helpers/messages";

async function deployBonded() {
  const f = await deployFunded();
  await f.hub.connect(f.system).fundBond(f.system, f.token, 5_000n);
  return f;
}

const LATEST = 5n;
const VERSIONS = [0n, 1n, 2n, 3n, 4n, 5n];

/** The channel's history: each version pays 100 more to the system. */
const version = (n: bigint) => (n === 0n ? {} : { version: n, net: -100n * n });

/** And each note 10 more to the user. */
const noteOf = (n: bigint) => (n === 0n ? {} : { seq: n, credited: 10n * n });

describe("case 7: a close with every older version, one by one", () => {
  for (const v of VERSIONS) {
    describe(`given version ${v} of ${LATEST}`, () => {
      const [revoked, next] = [v + 2n <= LATEST, v + 1n === LATEST];

      it(`when the user closes: ${revoked ? "a penalty" : next ? "a replacement" : "nothing newer"}`, async () => {
        const f = await loadFixture(deployBonded);
        const dispute = await closeByUser(f, { shown: version(v) });
        const answer = challenge(f, dispute, version(LATEST));
        if (revoked) {
          await expectPaid(f, answer, { system: 1_000n });
          await expect(answer).to.emit(f.hub, "UserPenalised").withArgs(idOf(f.ref), LATEST, 1_000n, 0n);
          expect((await f.hub.channelOf(f.ref)).epoch).to.equal(1n);
          return;
        }
        if (next) {
          const stateHash = structHash("State", {
            channelId: idOf(f.ref),
            ...(await complete(f, version(LATEST))).state,
          });
          await expect(answer).to.emit(f.hub, "StateReplaced").withArgs(idOf(f.ref), LATEST, stateHash);
        } else {
          await expect(answer)
            .to.be.revertedWithCustomError(f.errors, "Hub_Stale")
            .withArgs(idOf(f.ref), LATEST, LATEST);
        }
        const call = settle(f, dispute, version(LATEST));
        await expectPaid(f, call, { user: 500n, system: 500n });
        await expect(call).to.emit(f.hub, "ChannelSettled").withArgs(idOf(f.ref), 500n, 500n);
      });

      it(`when the user closes humbly: no penalty, the fee ${revoked ? "for the system" : "back"}`, async () => {
        const f = await loadFixture(deployBonded);
        const dispute = await closeByUser(f, { shown: version(v), humble: true });
        if (v < LATEST) await challenge(f, dispute, version(LATEST));
        const call = settle(f, dispute, version(LATEST));
        await expectPaid(f, call, { user: 500n, system: 500n });
        await expect(call).to.changeEtherBalances(
          [f.user, f.system, f.hub],
          revoked ? [0n, SETTINGS.staleFee, -SETTINGS.staleFee] : [SETTINGS.staleFee, 0n, -SETTINGS.staleFee],
        );
      });

      it(`when the system closes: ${v < LATEST ? "a penalty" : "nothing newer"}`, async () => {
        const f = await loadFixture(deployBonded);
        const dispute = await closeBySystem(f, { shown: version(v) });
        const paid = 1_000n - 100n * v;
        expect(dispute.paid).to.equal(paid);
        if (v < LATEST) await challenge(f, dispute, version(LATEST));
        const call = settle(f, dispute, version(LATEST));
        await expectPaid(f, call, v < LATEST ? { user: 1_000n - paid } : { system: 500n });
        const rest = 1_000n - paid;
        await expect(call).to.emit(f.hub, "ChannelSettled").withArgs(idOf(f.ref), 0n, rest);
        if (v === LATEST) {
          await expect(call).to.not.emit(f.hub, "SystemPenalised");
          return;
        }
        await expect(call)
          .to.emit(f.hub, "SystemPenalised")
          .withArgs(f.ref.system, f.ref.user, f.ref.token, rest, SETTINGS.award, ethers.ZeroAddress);
        const award = await f.hub.awardOf(f.ref.system, f.ref.token, 0n);
        expect([award.recipient, award.amount]).to.deep.equal([f.ref.user, SETTINGS.award]);
      });

      it(`when the system closes with note ${v}: ${v < LATEST ? "a penalty" : "nothing newer"}`, async () => {
        const f = await loadFixture(deployBonded);
        const shown = { version: 1n, net: -900n };
        const dispute = await closeBySystem(f, { shown, credit: noteOf(v) });
        await prove(f, dispute, noteOf(LATEST));
        expect((await f.hub.channelOf(f.ref)).systemCheated).to.equal(v < LATEST);
        const due = 50n - 10n * v;
        const call = settle(f, dispute, shown);
        await expectPaid(f, call, v < LATEST ? { user: 850n + due } : { system: 850n });
        await expect(call).to.emit(f.hub, "ChannelSettled").withArgs(idOf(f.ref), due, 850n);
      });
    });
  }
});

describe("what is judged never changes", () => {
  it("the closer cannot launder its penalty by showing the newest state itself", async () => {
    const f = await loadFixture(deployBonded);
    const dispute = await closeBySystem(f, { shown: version(1n) });
    await challenge(f, dispute, version(LATEST), { sender: f.system });
    await expectPaid(f, settle(f, dispute, version(LATEST)), { user: 100n });
  });

  it("the user's checkpoint is judged in the place of an older close: only what is newer by two is a cheat", async () => {
    for (const [shown, penalised] of [
      [4n, false],
      [5n, true],
    ] as const) {
      const f = await loadFixture(deployBonded);
      const stored = await complete(f, version(3n));
      await f.hub.checkpoint(f.ref, stored.state, stored.userSignature, stored.systemSignature);
      const dispute = await closeByUser(f, { shown: version(1n) });
      await expect(challenge(f, dispute, version(shown))).to.emit(f.hub, penalised ? "UserPenalised" : "StateReplaced");
    }
  });

  it("a humble close loses its fee by what a checkpoint made of it, not by what it showed", async () => {
    const f = await loadFixture(deployBonded);
    const stored = await complete(f, version(4n));
    await f.hub.checkpoint(f.ref, stored.state, stored.userSignature, stored.systemSignature);
    const dispute = await closeByUser(f, { shown: version(1n), humble: true });
    await challenge(f, dispute, version(LATEST));
    await expect(settle(f, dispute, version(LATEST))).to.changeEtherBalances(
      [f.user, f.system, f.hub],
      [SETTINGS.staleFee, 0n, -SETTINGS.staleFee],
    );
  });

  it("the system that closes below its checkpoint is paid, and judged, by the checkpoint: no penalty", async () => {
    const f = await loadFixture(deployBonded);
    const stored = await complete(f, version(LATEST));
    await f.hub.checkpoint(f.ref, stored.state, stored.userSignature, stored.systemSignature);
    const dispute = await closeBySystem(f, { shown: version(1n) });
    expect(dispute.paid).to.equal(500n);
    await expectPaid(f, settle(f, dispute, version(LATEST)), { system: 500n });
  });
});

describe("case 8: two complete states of one version", () => {
  it("given the user's own close: the one that it shows later stands, one that others show does not", async () => {
    const f = await loadFixture(deployBonded);
    const dispute = await closeByUser(f, { shown: { version: 2n, net: -500n } });
    const twin = { version: 2n, net: -300n };
    await expect(challenge(f, dispute, twin))
      .to.be.revertedWithCustomError(f.errors, "Hub_Stale")
      .withArgs(idOf(f.ref), 2n, 2n);
    await challenge(f, dispute, twin, { sender: f.user });
    await expectPaid(f, settle(f, dispute, twin), { user: 700n, system: 300n });
  });

  it("given the user's own close: the system's watchtower has no such say", async () => {
    const f = await loadFixture(deployBonded);
    const dispute = await closeByUser(f, { shown: { version: 2n, net: -500n } });
    const appointment = await appoint(f, f.ref.system, f.signer);
    await expect(challenge(f, dispute, { version: 2n, net: -900n }, { sender: f.tower, appointment }))
      .to.be.revertedWithCustomError(f.errors, "Hub_Stale")
      .withArgs(idOf(f.ref), 2n, 2n);
  });

  it("given a replacement: the user's twin of it stands, and the replacement stays proof of the cheat", async () => {
    const f = await loadFixture(deployBonded);
    const dispute = await closeBySystem(f, { shown: { version: 1n, net: -900n } });
    await challenge(f, dispute, { version: 2n, net: -800n });
    const twin = { version: 2n, net: -300n };
    await challenge(f, dispute, twin, { sender: f.user });
    const call = settle(f, dispute, twin);
    await expectPaid(f, call, { user: 900n });
    await expect(call).to.emit(f.hub, "ChannelSettled").withArgs(idOf(f.ref), 600n, 300n);
  });
});

describe("case 13: rewards", () => {
  it("a copier's appointment of itself is worth nothing, in either proof of the system's cheat", async () => {
    const f = await loadFixture(deployBonded);
    const dispute = await closeBySystem(f, { shown: version(1n) });
    const copier = await f.other.getAddress();
    for (const signer of [f.other, f.signer, f.system]) {
      const appointment = await appoint(f, f.ref.user, signer, { tower: copier, shareBps: 10_000n });
      for (const call of [
        challenge(f, dispute, version(2n), { appointment }),
        prove(f, dispute, noteOf(1n), { appointment }),
      ]) {
        await expect(call)
          .to.be.revertedWithCustomError(f.errors, "Hub_InvalidAppointment")
          .withArgs(idOf(f.ref), copier);
      }
    }
  });

  it("a copier that shows the state first, without the appointment, cannot rob the watchtower", async () => {
    const f = await loadFixture(deployBonded);
    const dispute = await closeBySystem(f, { shown: version(2n) });
    await challenge(f, dispute, version(LATEST));
    const appointment = await appoint(f, f.ref.user, f.user, { shareBps: 5_000n });
    await challenge(f, dispute, version(LATEST), { sender: f.tower, appointment });
    await expectPaid(f, settle(f, dispute, version(LATEST)), { user: 100n, tower: 100n });
  });

  it("a watchtower that proves no cheat earns nothing", async () => {
    const f = await loadFixture(deployBonded);
    const dispute = await closeBySystem(f, { shown: version(2n), credit: noteOf(2n) });
    const appointment = await appoint(f, f.ref.user, f.user, { shareBps: 10_000n });
    const twin = { version: 2n, net: -150n };
    await challenge(f, dispute, twin, { sender: f.tower, appointment });
    await prove(f, dispute, noteOf(2n), { sender: f.tower, appointment, standing: twin });
    await expectPaid(f, settle(f, dispute, twin), { user: 50n, system: 130n });
  });

  it("the victim's due is never shared: of the whole forfeit a tower may be promised all, of the due nothing", async () => {
    const f = await loadFixture(deployBonded);
    const dispute = await closeBySystem(f, { shown: { version: 1n, net: -900n } });
    const appointment = await appoint(f, f.ref.user, f.user, { shareBps: 10_000n });
    const newer = { version: 2n, net: -300n };
    await challenge(f, dispute, newer, { sender: f.tower, appointment });
    const call = settle(f, dispute, newer);
    await expectPaid(f, call, { user: 600n, tower: 300n });
    const tower = await f.tower.getAddress();
    await expect(call)
      .to.emit(f.hub, "SystemPenalised")
      .withArgs(f.ref.system, f.ref.user, f.ref.token, 300n, SETTINGS.award, tower);
    const { recipient, amount } = await f.hub.awardOf(f.ref.system, f.ref.token, 0n);
    expect([recipient, amount]).to.deep.equal([tower, SETTINGS.award]);
  });

  it("the system's watchtower shares in what the evidence leaves the user, capped by the collateral", async () => {
    for (const [net, toTower] of [
      [5_000n, 500n],
      [-600n, 200n],
      [-2_000n, 0n],
    ] as const) {
      const f = await loadFixture(deployBonded);
      const dispute = await closeByUser(f, {});
      const appointment = await appoint(f, f.ref.system, f.signer, { shareBps: 5_000n });
      const call = challenge(f, dispute, { version: 2n, net }, { appointment });
      await expectPaid(f, call, { system: 1_000n - toTower, tower: toTower });
      await expect(call)
        .to.emit(f.hub, "UserPenalised")
        .withArgs(idOf(f.ref), 2n, 1_000n - toTower, toTower);
    }
  });

  it("without an appointment everything is the victim's", async () => {
    const f = await loadFixture(deployBonded);
    const dispute = await closeBySystem(f, { shown: version(2n) });
    await challenge(f, dispute, version(3n), { appointment: NO_APPOINTMENT });
    await expectPaid(f, settle(f, dispute, version(3n)), { user: 200n });
  });
});

describe("the undisputed due counts as received", () => {
  it("when the newer state gives the user less: it keeps what it got, and takes the rest as well", async () => {
    const f = await loadFixture(deployBonded);
    const dispute = await closeBySystem(f, { shown: { version: 1n, net: -100n } });
    await challenge(f, dispute, version(LATEST));
    const call = settle(f, dispute, version(LATEST));
    await expectPaid(f, call, { user: 100n });
    await expect(call).to.emit(f.hub, "ChannelSettled").withArgs(idOf(f.ref), 0n, 100n);
  });

  it("when it became a claim", async () => {
    const f = await loadFixture(deployHub);
    const token = await anotherToken(f);
    const ref = await listAs(f, token, Backing.Reserve);
    const shown = { version: 1n, net: 400n };
    const dispute = await closeBySystem(f, { shown, ref });
    expect((await f.hub.claimOf(ref.system, ref.token, 0n)).amount).to.equal(400n);
    await expectPaid(f, settle(f, dispute, shown, { ref }), {}, token);
    expect((await f.hub.assetOf(ref.system, ref.token)).claimCount).to.equal(1n);
  });

  it("when it became owed", async () => {
    const f = await loadFixture(deployHub);
    const token = await hostileToken(f);
    const ref = await listAs(f, token, Backing.Collateral);
    await f.hub.connect(f.user).deposit(ref, 1_000n);
    await token.setMode(Mode.Revert, f.user);
    const shown = { version: 1n, net: -400n };
    const dispute = await closeBySystem(f, { shown, ref });
    expect(await f.hub.owed(token, f.user)).to.equal(600n);
    await expectPaid(f, settle(f, dispute, shown, { ref }), { system: 400n }, token);
    expect(await f.hub.owed(token, f.user)).to.equal(600n);
  });
});

describe("a penalty leaves alone what was recorded before", () => {
  it("a penalised user keeps its earlier claim", async () => {
    const f = await loadFixture(deployHub);
    const token = await anotherToken(f);
    const ref = await listAs(f, token, Backing.Reserve);
    const first = await closeByUser(f, { shown: { version: 1n, net: 70n }, ref });
    await settle(f, first, { version: 1n, net: 70n }, { ref });
    const second = await closeByUser(f, { ref, epoch: 1n });
    await challenge(f, second, { version: 2n }, { ref, epoch: 1n });
    await f.hub.connect(f.system).fundReserve(ref.system, ref.token, 70n);
    await expectPaid(f, f.hub.collectClaim(ref.system, ref.token, 0n), { user: 70n }, token);
  });
});
