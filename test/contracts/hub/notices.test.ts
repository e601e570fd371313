import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";

import {
  anotherToken,
  Backing,
  closeBySystem,
  DAY,
  deployHub,
  listAs,
  note,
  NoticeKind,
  now,
  pass,
  SETTINGS,
  state,
  NO_APPOINTMENT,
  sign,
} from "../helpers/fixture";

async function funded() {
  const f = await deployHub();
  await f.hub.connect(f.system).fundReserve(f.system, f.token, 1_000n);
  await f.hub.connect(f.system).fundBond(f.system, f.token, 1_000n);
  const period = await f.hub.noticePeriod(f.system);
  const give = (kind: number, value: bigint) => f.hub.connect(f.system).giveNotice(kind, f.token, value);
  const execute = (kind: number) => f.hub.connect(f.system).executeNotice(kind, f.token);
  return { f, period, give, execute };
}

describe("ChannelHub.giveNotice and executeNotice", () => {
  it("case 15: let the system take reserve only after its public notice, and no more than noticed", async () => {
    const { f, period, give, execute } = await loadFixture(funded);
    await expect(give(NoticeKind.Reserve, 400n))
      .to.emit(f.hub, "NoticeGiven")
      .withArgs(f.ref.system, NoticeKind.Reserve, f.ref.token, 400n);
    const givenAt = await now();
    expect([...(await f.hub.noticeOf(f.system, NoticeKind.Reserve, f.token))]).to.deep.equal([400n, givenAt]);
    await pass(period - 10n);
    await expect(execute(NoticeKind.Reserve))
      .to.be.revertedWithCustomError(f.errors, "Hub_NotNow")
      .withArgs(givenAt + period, givenAt + 2n * period);
    await pass(10n);
    const call = execute(NoticeKind.Reserve);
    await expect(call).to.changeTokenBalances(f.token, [f.system, f.hub], [400n, -400n]);
    await expect(call).to.emit(f.hub, "NoticeExecuted").withArgs(f.ref.system, NoticeKind.Reserve, f.ref.token, 400n);
    await expect(execute(NoticeKind.Reserve)).to.be.revertedWithCustomError(f.errors, "Hub_NothingToMove");
  });

  it("is longer than twice the longest challenge period and claim window plus the lock limit", async () => {
    const { period } = await loadFixture(funded);
    expect(period > 2n * (2n * SETTINGS.challengePeriod + SETTINGS.claimWindow) + SETTINGS.lockLimit).to.equal(true);
  });

  it("lapse when unused", async () => {
    const { f, period, give, execute } = await loadFixture(funded);
    await give(NoticeKind.Reserve, 400n);
    await pass(2n * period);
    await expect(execute(NoticeKind.Reserve)).to.be.revertedWithCustomError(f.errors, "Hub_NotNow");
  });

  it("wait longer if an asset listed since needs longer", async () => {
    const { f, period, give, execute } = await loadFixture(funded);
    await give(NoticeKind.Reserve, 400n);
    await listAs(f, await anotherToken(f), Backing.Reserve, { claimWindow: 30n * DAY });
    await pass(period);
    await expect(execute(NoticeKind.Reserve)).to.be.revertedWithCustomError(f.errors, "Hub_NotNow");
  });

  it("take what is there, or revert with Hub_NothingToMove", async () => {
    const { f, period, give, execute } = await loadFixture(funded);
    await give(NoticeKind.Reserve, 4_000n);
    await pass(period);
    await expect(execute(NoticeKind.Reserve)).to.changeTokenBalances(f.token, [f.system], [1_000n]);
    await give(NoticeKind.Reserve, 1n);
    await pass(period);
    await expect(execute(NoticeKind.Reserve)).to.be.revertedWithCustomError(f.errors, "Hub_NothingToMove");
  });

  it("retire a signer; what it signed before is void from then on", async () => {
    const { f, period } = await loadFixture(funded);
    const signer = await f.signer.getAddress();
    await f.hub.connect(f.system).giveNotice(NoticeKind.Signer, ethers.ZeroAddress, BigInt(signer));
    await pass(period);
    await expect(f.hub.connect(f.system).executeNotice(NoticeKind.Signer, ethers.ZeroAddress))
      .to.emit(f.hub, "SignerRetired")
      .withArgs(f.ref.system, signer);
    expect(await f.hub.isSigner(f.system, signer)).to.equal(false);
  });

  it("let no bond leave while a close by the system is pending, or within a period after one", async () => {
    const { f, period, give, execute } = await loadFixture(funded);
    await give(NoticeKind.Bond, 1_000n);
    await pass(period);
    const dispute = await closeBySystem(f);
    await expect(execute(NoticeKind.Bond))
      .to.be.revertedWithCustomError(f.errors, "Hub_NotNow")
      .withArgs(ethers.MaxUint256, ethers.MaxUint256);
    await pass(SETTINGS.challengePeriod + SETTINGS.claimWindow);
    await f.hub.settle(f.ref, dispute, state());
    const settledAt = await now();
    await expect(execute(NoticeKind.Bond))
      .to.be.revertedWithCustomError(f.errors, "Hub_NotNow")
      .withArgs(settledAt + SETTINGS.challengePeriod, ethers.MaxUint256);
    await pass(SETTINGS.challengePeriod);
    await expect(execute(NoticeKind.Bond)).to.changeTokenBalances(f.token, [f.system, f.hub], [1_000n, -1_000n]);
  });

  it("reach only the bond that no award has: the system cannot take what a cheated user is due", async () => {
    const { f, period, give, execute } = await loadFixture(funded);
    await f.hub.connect(f.user).deposit(f.ref, 100n);
    const dispute = await closeBySystem(f);
    const shown = note({ seq: 1n, credited: 0n });
    const signature = await sign(f, f.signer, "Note", shown);
    await f.hub.prove(f.ref, dispute, state(), shown, signature, [], NO_APPOINTMENT);
    await pass(SETTINGS.challengePeriod + SETTINGS.claimWindow);
    await expect(f.hub.settle(f.ref, dispute, state()))
      .to.emit(f.hub, "AwardRecorded")
      .withArgs(f.ref.system, f.ref.token, 0n, f.ref.user, 500n, (await now()) + 1n + period);
    await give(NoticeKind.Bond, 1_000n);
    await expect(f.hub.collectAward(f.system, f.token, 0n)).to.be.revertedWithCustomError(f.errors, "Hub_NotNow");
    await pass(period);
    await expect(execute(NoticeKind.Bond)).to.changeTokenBalances(f.token, [f.system], [500n]);
    const collect = f.hub.connect(f.other).collectAward(f.system, f.token, 0n);
    await expect(collect).to.changeTokenBalances(f.token, [f.user, f.hub], [500n, -500n]);
    await expect(collect).to.emit(f.hub, "AwardCollected").withArgs(f.ref.system, f.ref.token, 0n, f.ref.user, 500n);
    await expect(f.hub.collectAward(f.system, f.token, 0n)).to.be.revertedWithCustomError(
      f.errors,
      "Hub_NothingToMove",
    );
    const asset = await f.hub.assetOf(f.system, f.token);
    expect([asset.bond, asset.awarded]).to.deep.equal([0n, 0n]);
  });

  describe("reverts", () => {
    it("with Hub_InvalidAddress for a signer's notice under a token: a second one that nobody looks for", async () => {
      const { f } = await loadFixture(funded);
      const signer = BigInt(await f.signer.getAddress());
      await expect(f.hub.connect(f.system).giveNotice(NoticeKind.Signer, f.token, signer))
        .to.be.revertedWithCustomError(f.errors, "Hub_InvalidAddress")
        .withArgs(f.ref.token);
    });

    it("case 9: with Hub_AmountTooLarge for an alias of a signer's address", async () => {
      const { f } = await loadFixture(funded);
      const alias = BigInt(await f.signer.getAddress()) + 2n ** 160n;
      await expect(f.hub.connect(f.system).giveNotice(NoticeKind.Signer, ethers.ZeroAddress, alias))
        .to.be.revertedWithCustomError(f.errors, "Hub_AmountTooLarge")
        .withArgs(alias, 2n ** 160n - 1n);
    });
  });
});
