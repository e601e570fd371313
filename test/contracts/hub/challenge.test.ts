import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ZeroAddress, type Signer } from "ethers";

import {
  closeBySystem,
  closeByUser,
  complete,
  idOf,
  NO_APPOINTMENT,
  now,
  pass,
  SETTINGS,
  sign,
  state,
  type Fixture,
  type ShownDispute,
  deployFunded,
  encodeAppointment,
} from "../helpers/fixture";
import type { StateMessage } from "../helpers/messages";

/** Anyone shows a complete state. */
async function show(
  f: Fixture,
  dispute: ShownDispute,
  values: Partial<StateMessage>,
  { sender = f.other, appointment = NO_APPOINTMENT }: { sender?: Signer; appointment?: string } = {},
) {
  const evidence = await complete(f, values);
  return f.hub
    .connect(sender)
    .challenge(f.ref, dispute, evidence.state, evidence.userSignature, evidence.systemSignature, appointment);
}

async function appoint(f: Fixture, signer: Signer, party: string, shareBps: bigint) {
  const until = (await now()) + 1_000n;
  const message = { party, tower: await f.tower.getAddress(), shareBps, until };
  return encodeAppointment({ ...message, signature: await sign(f, signer, "Appointment", message) });
}

describe("ChannelHub.challenge", () => {
  describe("given that the user closed with version v", () => {
    for (const [closedWith, shownNow] of [
      [0n, 2n],
      [0n, 7n],
      [3n, 5n],
      [1n, 2n ** 64n - 1n],
    ] as const) {
      it(`case 7: version ${shownNow} proves ${closedWith} revoked: all goes to the system, at once`, async () => {
        const f = await loadFixture(deployFunded);
        const dispute = await closeByUser(f, { shown: closedWith === 0n ? {} : { version: closedWith, net: 5n } });
        const call = show(f, dispute, { version: shownNow, net: -400n });
        await expect(call).to.changeTokenBalances(f.token, [f.user, f.system, f.hub], [0n, 1_000n, -1_000n]);
        await expect(call).to.emit(f.hub, "UserPenalised").withArgs(idOf(f.ref), shownNow, 1_000n, 0n);
        const channel = await f.hub.channelOf(f.ref);
        expect([channel.epoch, channel.closing, channel.collateral]).to.deep.equal([1n, false, 0n]);
      });
    }

    it("case 7: version v+1 replaces v and is no cheating, for the user may never have received it", async () => {
      const f = await loadFixture(deployFunded);
      const dispute = await closeByUser(f, { shown: { version: 3n, net: 0n } });
      const call = show(f, dispute, { version: 4n, net: -400n });
      await expect(call).to.changeTokenBalances(f.token, [f.user, f.system], [0n, 0n]);
      await expect(call).to.emit(f.hub, "StateReplaced");
      const { replaced, standingVersion, closing } = await f.hub.channelOf(f.ref);
      expect([replaced, standingVersion, closing]).to.deep.equal([true, 4n, true]);
      await pass(SETTINGS.challengePeriod + SETTINGS.claimWindow);
      await expect(f.hub.settle(f.ref, dispute, state({ version: 4n, net: -400n }))).to.changeTokenBalances(
        f.token,
        [f.user, f.system],
        [600n, 400n],
      );
    });

    it("case 7: the latest version is never a cheat", async () => {
      const f = await loadFixture(deployFunded);
      const dispute = await closeByUser(f, { shown: { version: 3n, net: -400n } });
      for (const version of [1n, 2n, 3n]) {
        await expect(show(f, dispute, { version, net: -999n }))
          .to.be.revertedWithCustomError(f.errors, "Hub_Stale")
          .withArgs(idOf(f.ref), version, 3n);
      }
    });

    it("judges the version first closed with, though a sock puppet shows the next (section 5)", async () => {
      const f = await loadFixture(deployFunded);
      const dispute = await closeByUser(f, { shown: { version: 1n, net: 0n } });
      await show(f, dispute, { version: 2n, net: 0n }, { sender: f.user });
      await expect(show(f, dispute, { version: 3n, net: -400n })).to.changeTokenBalances(
        f.token,
        [f.user, f.system],
        [0n, 1_000n],
      );
    });

    it("leaves reserve, claims and the next epoch's money alone", async () => {
      const f = await loadFixture(deployFunded);
      await f.hub.connect(f.system).fundReserve(f.ref.system, f.ref.token, 77n);
      const dispute = await closeByUser(f);
      await f.hub.connect(f.other).deposit(f.ref, 55n);
      await show(f, dispute, { version: 2n });
      const channel = await f.hub.channelOf(f.ref);
      expect([channel.deposited, channel.collateral]).to.deep.equal([55n, 55n]);
      expect((await f.hub.assetOf(f.ref.system, f.ref.token)).reserve).to.equal(77n);
    });

    it("case 13: rewards the watchtower that the system appointed, out of the forfeit, and no other", async () => {
      const f = await loadFixture(deployFunded);
      const dispute = await closeByUser(f);
      const appointment = await appoint(f, f.signer, f.ref.system, 2_500n);
      const call = show(f, dispute, { version: 2n, net: -200n }, { appointment });
      // The forfeit is what the evidence leaves the user: 800; a quarter of it is the tower's.
      await expect(call).to.changeTokenBalances(f.token, [f.user, f.system, f.tower, f.other], [0n, 800n, 200n, 0n]);
      await expect(call).to.emit(f.hub, "UserPenalised").withArgs(idOf(f.ref), 2n, 800n, 200n);
    });

    it("case 13: an appointment by the cheater itself is worth nothing", async () => {
      const f = await loadFixture(deployFunded);
      const dispute = await closeByUser(f);
      for (const party of [f.ref.user, f.ref.system]) {
        const appointment = await appoint(f, f.user, party, 10_000n);
        await expect(show(f, dispute, { version: 2n }, { appointment }))
          .to.be.revertedWithCustomError(f.errors, "Hub_InvalidAppointment")
          .withArgs(idOf(f.ref), await f.tower.getAddress());
      }
    });

    it("refuses an appointment that is none, names nobody, or is signed by somebody else", async () => {
      const f = await loadFixture(deployFunded);
      const dispute = await closeByUser(f);
      const refused = (appointment: string, tower: string) =>
        expect(show(f, dispute, { version: 2n }, { appointment }))
          .to.be.revertedWithCustomError(f.errors, "Hub_InvalidAppointment")
          .withArgs(idOf(f.ref), tower);
      const message = { party: f.ref.system, tower: ZeroAddress, shareBps: 1n, until: (await now()) + 1_000n };
      const ofNobody = { ...message, signature: await sign(f, f.signer, "Appointment", message) };
      await refused("0x1234", ZeroAddress);
      await refused(encodeAppointment(ofNobody), ZeroAddress);
      await refused(await appoint(f, f.other, f.ref.system, 1n), await f.tower.getAddress());
    });

    it("refuses an appointment that has expired or promises more than all", async () => {
      const f = await loadFixture(deployFunded);
      const dispute = await closeByUser(f);
      const large = await appoint(f, f.signer, f.ref.system, 10_001n);
      await expect(show(f, dispute, { version: 2n }, { appointment: large })).to.be.revertedWithCustomError(
        f.errors,
        "Hub_InvalidAppointment",
      );
      const old = await appoint(f, f.signer, f.ref.system, 1n);
      await pass(2_000n);
      await expect(show(f, dispute, { version: 2n }, { appointment: old })).to.be.revertedWithCustomError(
        f.errors,
        "Hub_InvalidAppointment",
      );
    });
  });

  describe("given that the user closed humbly", () => {
    it("replaces without penalty, for twice the period, and the fee goes to the system", async () => {
      const f = await loadFixture(deployFunded);
      const dispute = await closeByUser(f, { humble: true });
      await pass(2n * SETTINGS.challengePeriod - 100n);
      await expect(show(f, dispute, { version: 9n, net: -400n })).to.emit(f.hub, "StateReplaced");
      await pass(SETTINGS.claimWindow + 200n);
      const settle = () => f.hub.connect(f.other).settle(f.ref, dispute, state({ version: 9n, net: -400n }));
      const call = settle();
      await expect(call).to.changeTokenBalances(f.token, [f.user, f.system], [600n, 400n]);
      await expect(call).to.changeEtherBalances([f.user, f.system, f.hub], [0n, SETTINGS.staleFee, -SETTINGS.staleFee]);
    });

    it("gives the fee back when nothing, or only the next version, was shown", async () => {
      for (const shown of [undefined, { version: 1n, net: -400n }]) {
        const f = await loadFixture(deployFunded);
        const dispute = await closeByUser(f, { humble: true });
        if (shown) await show(f, dispute, shown);
        await pass(2n * SETTINGS.challengePeriod + SETTINGS.claimWindow);
        await expect(f.hub.connect(f.other).settle(f.ref, dispute, state(shown))).to.changeEtherBalances(
          [f.user, f.system],
          [SETTINGS.staleFee, 0n],
        );
      }
    });
  });

  describe("given that the system closed with version v", () => {
    it("case 7: any newer complete state is a cheat: U gets its due, then all that is left", async () => {
      const f = await loadFixture(deployFunded);
      const dispute = await closeBySystem(f, { shown: { version: 1n, net: -900n } });
      await show(f, dispute, { version: 2n, net: -500n });
      await pass(SETTINGS.challengePeriod + SETTINGS.claimWindow);
      const call = f.hub.settle(f.ref, dispute, state({ version: 2n, net: -500n }));
      await expect(call).to.changeTokenBalances(f.token, [f.user, f.system, f.hub], [900n, 0n, -900n]);
      await expect(call).to.emit(f.hub, "ChannelSettled").withArgs(idOf(f.ref), 400n, 500n);
      await expect(call)
        .to.emit(f.hub, "SystemPenalised")
        .withArgs(f.ref.system, f.ref.user, f.ref.token, 500n, 0n, ZeroAddress);
    });

    it("case 7: the latest version is never a cheat", async () => {
      const f = await loadFixture(deployFunded);
      const dispute = await closeBySystem(f, { shown: { version: 2n, net: -900n } });
      await expect(show(f, dispute, { version: 2n, net: -1n })).to.be.revertedWithCustomError(f.errors, "Hub_Stale");
      await pass(SETTINGS.challengePeriod + SETTINGS.claimWindow);
      await expect(f.hub.settle(f.ref, dispute, state({ version: 2n, net: -900n }))).to.changeTokenBalances(
        f.token,
        [f.user, f.system],
        [0n, 900n],
      );
    });

    it("case 8: of two complete states of one version the one that U shows stands, without penalty", async () => {
      const f = await loadFixture(deployFunded);
      const dispute = await closeBySystem(f, { shown: { version: 1n, net: -900n } });
      await show(f, dispute, { version: 1n, net: -300n }, { sender: f.user });
      await pass(SETTINGS.challengePeriod + SETTINGS.claimWindow);
      const call = f.hub.settle(f.ref, dispute, state({ version: 1n, net: -300n }));
      await expect(call).to.changeTokenBalances(f.token, [f.user, f.system], [600n, 300n]);
      await expect(call).to.emit(f.hub, "ChannelSettled").withArgs(idOf(f.ref), 600n, 300n);
    });

    it("case 8: so does the one that U's watchtower shows", async () => {
      const f = await loadFixture(deployFunded);
      const dispute = await closeBySystem(f, { shown: { version: 1n, net: -900n } });
      const appointment = await appoint(f, f.user, f.ref.user, 1_000n);
      await expect(show(f, dispute, { version: 1n, net: -300n }, { appointment })).to.be.revertedWithCustomError(
        f.errors,
        "Hub_Stale",
      );
      await expect(show(f, dispute, { version: 1n, net: -300n }, { sender: f.tower, appointment })).to.emit(
        f.hub,
        "StateReplaced",
      );
    });

    it("case 13: rewards U's first watchtower out of the forfeit, never out of U's due", async () => {
      const f = await loadFixture(deployFunded);
      await f.hub.connect(f.system).fundBond(f.ref.system, f.ref.token, 10_000n);
      const dispute = await closeBySystem(f, { shown: { version: 1n, net: -900n } });
      const appointment = await appoint(f, f.user, f.ref.user, 1_000n);
      await show(f, dispute, { version: 2n, net: -500n }, { appointment });
      const later = await appoint(f, f.user, f.ref.user, 9_999n);
      await show(f, dispute, { version: 3n, net: -500n }, { appointment: later });
      await pass(SETTINGS.challengePeriod + SETTINGS.claimWindow);
      const call = f.hub.settle(f.ref, dispute, state({ version: 3n, net: -500n }));
      await expect(call).to.changeTokenBalances(f.token, [f.user, f.system, f.tower], [850n, 0n, 50n]);
      const tower = await f.tower.getAddress();
      const [ofUser, ofTower] = [
        await f.hub.awardOf(f.ref.system, f.ref.token, 0n),
        await f.hub.awardOf(f.ref.system, f.ref.token, 1n),
      ];
      expect([ofUser.recipient, ofUser.amount, ofTower.recipient, ofTower.amount]).to.deep.equal([
        f.ref.user,
        450n,
        tower,
        50n,
      ]);
      await expect(call)
        .to.emit(f.hub, "SystemPenalised")
        .withArgs(f.ref.system, f.ref.user, f.ref.token, 500n, SETTINGS.award, tower);
    });
  });

  it("takes the sender's transaction for its own signature", async () => {
    const f = await loadFixture(deployFunded);
    const dispute = await closeByUser(f, { humble: true });
    const second = await complete(f, { version: 2n });
    await f.hub.connect(f.user).challenge(f.ref, dispute, second.state, "0x", second.systemSignature, NO_APPOINTMENT);
    const third = await complete(f, { version: 3n });
    await f.hub.connect(f.system).challenge(f.ref, dispute, third.state, third.userSignature, "0x", NO_APPOINTMENT);
    expect((await f.hub.channelOf(f.ref)).standingVersion).to.equal(3n);
  });

  it("no pending answer goes stale when others show states in between", async () => {
    const f = await loadFixture(deployFunded);
    const dispute = await closeByUser(f, { humble: true });
    for (const version of [1n, 2n, 3n]) await show(f, dispute, { version });
    await expect(show(f, dispute, { version: 4n, net: -1n })).to.emit(f.hub, "StateReplaced");
  });

  it("keeps the latest lock expiry of anything shown", async () => {
    const f = await loadFixture(deployFunded);
    const dispute = await closeByUser(f, { shown: { version: 1n, locksExpiry: 5n, locked: 1n } });
    const late = (await now()) + 5n * 86_400n;
    await show(f, dispute, { version: 2n, locked: 1n, locksExpiry: late });
    const { shown } = await f.hub.channelOf(f.ref);
    expect([shown.value, shown.seq, shown.locksExpiry]).to.deep.equal([0n, 0n, late]);
  });

  describe("reverts", () => {
    it("with Hub_NotNow after the challenge period", async () => {
      const f = await loadFixture(deployFunded);
      const dispute = await closeByUser(f);
      await pass(SETTINGS.challengePeriod);
      await expect(show(f, dispute, { version: 2n }))
        .to.be.revertedWithCustomError(f.errors, "Hub_NotNow")
        .withArgs(0n, dispute.challengeEnd);
    });

    it("with Hub_ChannelOpen when no close is pending", async () => {
      const f = await loadFixture(deployFunded);
      const dispute = await closeByUser(f);
      await show(f, dispute, { version: 2n });
      await expect(show(f, dispute, { version: 2n }))
        .to.be.revertedWithCustomError(f.errors, "Hub_ChannelOpen")
        .withArgs(idOf(f.ref, 1n));
    });

    it("case 9: with Hub_WrongDispute for a record that anybody changed", async () => {
      const f = await loadFixture(deployFunded);
      const dispute = await closeByUser(f);
      for (const word of ["close", "note", "funds", "paid"] as const) {
        await expect(
          show(f, { ...dispute, [word]: dispute[word] + 1n }, { version: 2n }),
        ).to.be.revertedWithCustomError(f.errors, "Hub_WrongDispute");
      }
    });

    it("with Hub_NotEvidence for version 0", async () => {
      const f = await loadFixture(deployFunded);
      const dispute = await closeByUser(f);
      await expect(show(f, dispute, {}))
        .to.be.revertedWithCustomError(f.errors, "Hub_NotEvidence")
        .withArgs(idOf(f.ref));
    });

    it("for a state that only one side has signed", async () => {
      const f = await loadFixture(deployFunded);
      const dispute = await closeByUser(f);
      const { state: shown, userSignature, systemSignature } = await complete(f, { version: 2n });
      const call = (byUser: string, bySystem: string) =>
        f.hub.connect(f.other).challenge(f.ref, dispute, shown, byUser, bySystem, NO_APPOINTMENT);
      await expect(call("0x", systemSignature)).to.be.revertedWithCustomError(f.errors, "Hub_InvalidUserSignature");
      await expect(call(userSignature, "0x")).to.be.revertedWithCustomError(f.errors, "Hub_InvalidSystemSignature");
    });
  });
});
