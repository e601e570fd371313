import { readDispute } from "../../../src/protocol";
import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";

import {
  anotherToken,
  Backing,
  closeBySystem,
  closeByUser,
  complete,
  deployHub,
  disputeOf,
  idOf,
  issued,
  listAs,
  NO_SIGNATURE,
  note,
  now,
  SETTINGS,
  sign,
  soon,
  state,
  type Fixture,
  deployFunded,
} from "../helpers/fixture";
import { TYPES } from "../helpers/messages";

function structHash(f: Fixture, kind: "State" | "Note", message: object): string {
  const types = { [kind]: [...TYPES[kind]] };
  return ethers.TypedDataEncoder.hashStruct(kind, types, { channelId: idOf(f.ref), ...message });
}

describe("ChannelHub.close", () => {
  describe("given the user as the closer", () => {
    it("pays nobody, freezes the funds and publishes the dispute", async () => {
      const f = await loadFixture(deployFunded);
      const dispute = await closeByUser(f, {
        shown: { version: 3n, net: -400n, noteSeq: 1n, noteCredited: 10n, locked: 5n, locksExpiry: 1n },
        credit: { seq: 2n, credited: 60n },
      });
      const closedAt = await now();
      expect(readDispute(dispute)).to.deep.equal({
        funded: 1_000n,
        collateral: 1_000n,
        paid: 0n,
        challengeEnd: closedAt + SETTINGS.challengePeriod,
        lockEnd: closedAt + SETTINGS.lockLimit,
        claimWindow: SETTINGS.claimWindow,
        bySystem: false,
        humble: false,
        version: 3n,
        noteSeq: 1n,
        stateHash: structHash(
          f,
          "State",
          state({ version: 3n, net: -400n, noteSeq: 1n, noteCredited: 10n, locked: 5n, locksExpiry: 1n }),
        ),
        seq: 2n,
        credited: 60n,
        locksExpiry: 1n,
      });
      const channel = await f.hub.channelOf(f.ref);
      expect([channel.closing, channel.replaced, channel.systemCheated, channel.epoch]).to.deep.equal([
        true,
        false,
        false,
        0n,
      ]);
      expect(channel.disputeHash).to.not.equal(0n);
      expect(await f.token.balanceOf(f.hub)).to.equal(1_000n);
    });

    it("needs nothing signed for version 0 and no note", async () => {
      const f = await loadFixture(deployFunded);
      const dispute = await closeByUser(f);
      expect([dispute.version, dispute.seq, dispute.credited]).to.deep.equal([0n, 0n, 0n]);
    });

    it("takes a note older than the folded one for none", async () => {
      const f = await loadFixture(deployFunded);
      const dispute = await closeByUser(f, {
        shown: { version: 1n, net: 10n, noteSeq: 5n, noteCredited: 10n },
        credit: { seq: 4n, credited: 999n, locked: 1n, locksExpiry: 10n ** 12n },
      });
      expect([dispute.seq, dispute.credited, dispute.locksExpiry]).to.deep.equal([5n, 10n, 0n]);
    });

    it("caps the locks' expiry at the lock limit after the close", async () => {
      const f = await loadFixture(deployFunded);
      const dispute = await closeByUser(f, {
        credit: { seq: 1n, credited: 0n, locked: 1n, locksExpiry: 2n ** 64n - 1n },
      });
      expect(dispute.locksExpiry).to.equal(dispute.lockEnd);
    });

    it("can be sent by anyone with the user's order", async () => {
      const f = await loadFixture(deployFunded);
      const shown = await complete(f, { version: 2n, net: -1n });
      const credit = await issued(f, { seq: 1n, credited: 1n });
      const order = { party: f.ref.user, humble: false, deadline: await soon() };
      const signature = await sign(f, f.user, "Close", {
        ...order,
        stateHash: structHash(f, "State", shown.state),
        noteHash: structHash(f, "Note", credit.note),
      });
      const older = await complete(f, { version: 1n });
      await expect(
        f.hub.connect(f.other).close(f.ref, older.state, credit.note, older.systemSignature, credit.systemSignature, {
          ...order,
          signature,
        }),
      ).to.be.revertedWithCustomError(f.errors, "Hub_InvalidUserSignature");
      const call = await f.hub
        .connect(f.other)
        .close(f.ref, shown.state, credit.note, shown.systemSignature, credit.systemSignature, { ...order, signature });
      expect(disputeOf(f, await call.wait()).version).to.equal(2n);
    });

    it("keeps the fee of a humble close", async () => {
      const f = await loadFixture(deployFunded);
      const before = await ethers.provider.getBalance(f.hub);
      const dispute = await closeByUser(f, { humble: true });
      expect(dispute.humble).to.equal(true);
      expect((await ethers.provider.getBalance(f.hub)) - before).to.equal(SETTINGS.staleFee);
    });
  });

  describe("given the system as the closer", () => {
    it("pays the user its undisputed due at once, and comes last itself", async () => {
      const f = await loadFixture(deployFunded);
      const shown = { version: 1n, net: -400n, noteSeq: 1n, noteCredited: 5n, locked: 30n };
      const dispute = await closeBySystem(f, { shown, credit: { seq: 2n, credited: 25n } });
      expect([dispute.bySystem, dispute.paid, dispute.collateral]).to.deep.equal([true, 590n, 410n]);
      expect(await f.token.balanceOf(f.user)).to.equal(999_000n + 590n);
      expect((await f.hub.assetOf(f.ref.system, f.ref.token)).systemCloses).to.equal(1n);
    });

    it("pays from the reserve too, and leaves a claim for what is missing", async () => {
      const f = await loadFixture(deployHub);
      const token = await anotherToken(f);
      const ref = await listAs(f, token, Backing.Reserve);
      await f.hub.connect(f.user).deposit(ref, 300n);
      const dispute = await closeBySystem(f, { credit: { seq: 1n, credited: 150n }, ref });
      expect([dispute.paid, dispute.collateral]).to.deep.equal([450n, 0n]);
      expect((await f.hub.claimOf(ref.system, ref.token, 0n)).amount).to.equal(150n);
      expect(await token.balanceOf(f.user)).to.equal(1_000_000n);
    });

    it("can be sent by anyone with an order of one of its signers", async () => {
      const f = await loadFixture(deployFunded);
      const shown = await complete(f, { version: 1n, net: -100n });
      const order = { party: f.ref.system, humble: false, deadline: await soon() };
      const message = { ...order, stateHash: structHash(f, "State", shown.state), noteHash: ethers.ZeroHash };
      const send = (signature: string) =>
        f.hub
          .connect(f.other)
          .close(f.ref, shown.state, note(), shown.userSignature, NO_SIGNATURE, { ...order, signature });
      await expect(send(await sign(f, f.user, "Close", message))).to.be.revertedWithCustomError(
        f.errors,
        "Hub_InvalidSystemSignature",
      );
      await expect(send(await sign(f, f.signer, "Close", message))).to.changeTokenBalances(f.token, [f.user], [900n]);
    });

    it("cannot be humble", async () => {
      const f = await loadFixture(deployFunded);
      const order = { party: f.ref.system, humble: true, deadline: await soon(), signature: "0x" };
      await expect(
        f.hub
          .connect(f.system)
          .close(f.ref, state(), note(), NO_SIGNATURE, NO_SIGNATURE, order, { value: SETTINGS.staleFee }),
      )
        .to.be.revertedWithCustomError(f.errors, "Hub_NotAllowed")
        .withArgs(f.ref.system);
    });
  });

  describe("given a checkpoint", () => {
    it("judges and pays by the stored state when the close shows an older one", async () => {
      const f = await loadFixture(deployFunded);
      const stored = await complete(f, { version: 5n, net: -100n });
      await f.hub.checkpoint(f.ref, stored.state, stored.userSignature, stored.systemSignature);
      const dispute = await closeBySystem(f, { shown: { version: 2n, net: -900n } });
      expect([dispute.version, dispute.paid, dispute.stateHash]).to.deep.equal([
        5n,
        900n,
        structHash(f, "State", stored.state),
      ]);
    });

    it("is no bar to a newer state", async () => {
      const f = await loadFixture(deployFunded);
      const stored = await complete(f, { version: 5n, net: -100n });
      await f.hub.checkpoint(f.ref, stored.state, stored.userSignature, stored.systemSignature);
      expect((await closeByUser(f, { shown: { version: 6n } })).version).to.equal(6n);
    });
  });

  describe("reverts", () => {
    const attempt = async (
      f: Fixture,
      {
        shown = state(),
        credit = note(),
        signature = NO_SIGNATURE,
        party = f.ref.user,
        humble = false,
        deadline,
        value = 0n,
        ref = f.ref,
      }: {
        shown?: object;
        credit?: object;
        signature?: string;
        party?: string;
        humble?: boolean;
        deadline?: bigint;
        value?: bigint;
        ref?: typeof f.ref;
      },
    ) =>
      f.hub
        .connect(f.user)
        .close(
          ref,
          shown as never,
          credit as never,
          signature,
          NO_SIGNATURE,
          { party, humble, deadline: deadline ?? (await soon()), signature: "0x" },
          { value },
        );

    it("with Hub_NotAllowed for a party that is neither side", async () => {
      const f = await loadFixture(deployFunded);
      const party = await f.other.getAddress();
      await expect(attempt(f, { party })).to.be.revertedWithCustomError(f.errors, "Hub_NotAllowed").withArgs(party);
    });

    it("with Hub_InvalidSystemSignature for the other side's close without its order", async () => {
      const f = await loadFixture(deployFunded);
      await expect(attempt(f, { party: f.ref.system })).to.be.revertedWithCustomError(
        f.errors,
        "Hub_InvalidSystemSignature",
      );
    });

    it("with Hub_NotEvidence for a version 0 that is not empty", async () => {
      const f = await loadFixture(deployFunded);
      await expect(attempt(f, { shown: state({ net: 1n }) }))
        .to.be.revertedWithCustomError(f.errors, "Hub_NotEvidence")
        .withArgs(idOf(f.ref));
    });

    it("with Hub_InvalidSystemSignature for a state or note that the system did not sign", async () => {
      const f = await loadFixture(deployFunded);
      const shown = await complete(f, { version: 1n, net: 5n });
      const credit = await issued(f, { seq: 1n, credited: 5n });
      const byUser = shown.userSignature;
      await expect(attempt(f, { shown: shown.state, signature: byUser })).to.be.revertedWithCustomError(
        f.errors,
        "Hub_InvalidSystemSignature",
      );
      await expect(attempt(f, { credit: credit.note })).to.be.revertedWithCustomError(
        f.errors,
        "Hub_InvalidSystemSignature",
      );
    });

    it("with Hub_InvalidUserSignature for a state that the user did not sign", async () => {
      const f = await loadFixture(deployFunded);
      const shown = await complete(f, { version: 1n, net: -900n });
      const order = { party: f.ref.system, humble: false, deadline: await soon(), signature: "0x" };
      await expect(
        f.hub.connect(f.system).close(f.ref, shown.state, note(), shown.systemSignature, NO_SIGNATURE, order),
      ).to.be.revertedWithCustomError(f.errors, "Hub_InvalidUserSignature");
    });

    it("with Hub_WrongValue for a humble close without its fee, or a fee without humility", async () => {
      const f = await loadFixture(deployFunded);
      await expect(attempt(f, { humble: true }))
        .to.be.revertedWithCustomError(f.errors, "Hub_WrongValue")
        .withArgs(0n, SETTINGS.staleFee);
      await expect(attempt(f, { value: 1n }))
        .to.be.revertedWithCustomError(f.errors, "Hub_WrongValue")
        .withArgs(1n, 0n);
    });

    it("with Hub_BadDeadline", async () => {
      const f = await loadFixture(deployFunded);
      await expect(attempt(f, { deadline: 1n })).to.be.revertedWithCustomError(f.errors, "Hub_BadDeadline");
      const far = (await now()) + SETTINGS.challengePeriod + 100n;
      await expect(attempt(f, { deadline: far })).to.be.revertedWithCustomError(f.errors, "Hub_BadDeadline");
    });

    it("with Hub_ChannelClosing when a close is pending", async () => {
      const f = await loadFixture(deployFunded);
      await closeByUser(f);
      await expect(attempt(f, {})).to.be.revertedWithCustomError(f.errors, "Hub_ChannelClosing").withArgs(idOf(f.ref));
    });

    it("with Hub_UnknownAsset", async () => {
      const f = await loadFixture(deployFunded);
      const ref = { ...f.ref, token: await f.other.getAddress() };
      await expect(attempt(f, { ref }))
        .to.be.revertedWithCustomError(f.errors, "Hub_UnknownAsset")
        .withArgs(ref.system, ref.token);
    });

    it("with Hub_InvalidAddress for a system's channel with itself", async () => {
      const f = await loadFixture(deployFunded);
      const ref = { ...f.ref, system: f.ref.user };
      await expect(attempt(f, { ref }))
        .to.be.revertedWithCustomError(f.errors, "Hub_InvalidAddress")
        .withArgs(f.ref.user);
    });
  });
});
