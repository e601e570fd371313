import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";

import {
  anotherToken,
  Backing,
  closeByUser,
  deployHub,
  hostileToken,
  idOf,
  listAs,
  Mode,
  SETTINGS,
} from "../helpers/fixture";

const MAX_112 = 2n ** 112n - 1n;

describe("ChannelHub.deposit", () => {
  describe("given a collateral asset", () => {
    it("credits what arrived to the channel alone, from anybody", async () => {
      const f = await loadFixture(deployHub);
      const deposit = f.hub.connect(f.other).deposit(f.ref, 1_000n);
      await expect(deposit).to.changeTokenBalances(f.token, [f.other, f.user, f.hub], [-1_000n, 0n, 1_000n]);
      await expect(deposit).to.emit(f.hub, "Deposited").withArgs(idOf(f.ref), 1_000n);
      const channel = await f.hub.channelOf(f.ref);
      expect([channel.id, channel.epoch, channel.deposited, channel.collateral]).to.deep.equal([
        idOf(f.ref),
        0n,
        1_000n,
        1_000n,
      ]);
    });

    it("adds up", async () => {
      const f = await loadFixture(deployHub);
      await f.hub.connect(f.user).deposit(f.ref, 1_000n);
      await f.hub.connect(f.user).deposit(f.ref, 234n);
      const { deposited, collateral } = await f.hub.channelOf(f.ref);
      expect([deposited, collateral]).to.deep.equal([1_234n, 1_234n]);
    });
  });

  describe("given a reserve asset", () => {
    it("adds to the reserve, not to the channel's collateral", async () => {
      const f = await loadFixture(deployHub);
      const ref = await listAs(f, await anotherToken(f), Backing.Reserve);
      await f.hub.connect(f.user).deposit(ref, 1_000n);
      const { deposited, collateral } = await f.hub.channelOf(ref);
      expect([deposited, collateral]).to.deep.equal([1_000n, 0n]);
      expect((await f.hub.assetOf(ref.system, ref.token)).reserve).to.equal(1_000n);
    });
  });

  describe("given an issued asset", () => {
    it("burns the tokens", async () => {
      const f = await loadFixture(deployHub);
      const token = await hostileToken(f);
      const ref = await listAs(f, token, Backing.Issued);
      const supply = await token.totalSupply();
      await expect(f.hub.connect(f.user).deposit(ref, 1_000n)).to.changeTokenBalances(
        token,
        [f.user, f.hub],
        [-1_000n, 0n],
      );
      expect(await token.totalSupply()).to.equal(supply - 1_000n);
      expect((await f.hub.channelOf(ref)).deposited).to.equal(1_000n);
    });
  });

  describe("given native coin", () => {
    it("takes exactly the amount that is sent", async () => {
      const f = await loadFixture(deployHub);
      const ref = { ...f.ref, token: ethers.ZeroAddress };
      await f.hub.connect(f.system).addAsset(ethers.ZeroAddress, {
        backing: Backing.Collateral,
        challengePeriod: 3_600n,
        claimWindow: 3_600n,
        lockLimit: 3_600n,
        award: 0n,
        staleFee: 0n,
      });
      await expect(f.hub.connect(f.user).deposit(ref, 5n, { value: 5n })).to.changeEtherBalances(
        [f.user, f.hub],
        [-5n, 5n],
      );
      await expect(f.hub.connect(f.user).deposit(ref, 5n, { value: 6n }))
        .to.be.revertedWithCustomError(f.errors, "Hub_WrongValue")
        .withArgs(6n, 5n);
    });

    it("refuses a plain transfer", async () => {
      const f = await loadFixture(deployHub);
      await expect(f.user.sendTransaction({ to: f.hub, value: 1n })).to.be.reverted;
    });
  });

  it("case 14: refuses native coin sent along with an ERC-20 deposit", async () => {
    const f = await loadFixture(deployHub);
    await expect(f.hub.connect(f.user).deposit(f.ref, 1n, { value: 7n }))
      .to.be.revertedWithCustomError(f.errors, "Hub_WrongValue")
      .withArgs(7n, 0n);
  });

  it("case 4: credits a fee-on-transfer token with what arrived", async () => {
    const f = await loadFixture(deployHub);
    const token = await hostileToken(f);
    const ref = await listAs(f, token, Backing.Collateral);
    await token.setMode(Mode.Fee, ethers.ZeroAddress);
    await f.hub.connect(f.user).deposit(ref, 1_000n);
    expect((await f.hub.channelOf(ref)).deposited).to.equal(900n);
    expect(await token.balanceOf(f.hub)).to.equal(900n);
  });

  it("case 1: a token that re-enters on deposit is turned away", async () => {
    const f = await loadFixture(deployHub);
    const token = await hostileToken(f);
    const ref = await listAs(f, token, Backing.Collateral);
    await token.setCallback(f.hub, f.hub.interface.encodeFunctionData("deposit", [ref, 1n]));
    await token.setMode(Mode.Reenter, ethers.ZeroAddress);
    await f.hub.connect(f.user).deposit(ref, 1_000n);
    const guard = ethers.id("ReentrancyGuardReentrantCall()").slice(0, 10);
    expect(await token.answer()).to.equal(guard);
    expect((await f.hub.channelOf(ref)).deposited).to.equal(1_000n);
  });

  it("counts for the next epoch while a close is pending", async () => {
    const f = await loadFixture(deployHub);
    await f.hub.connect(f.user).deposit(f.ref, 1_000n);
    await closeByUser(f);
    await expect(f.hub.connect(f.user).deposit(f.ref, 30n)).to.emit(f.hub, "Deposited").withArgs(idOf(f.ref, 1n), 30n);
    await f.hub.connect(f.system).commitCollateral(f.ref, 12n);
    const { nextDeposited, nextCollateral, id } = await f.hub.channelOf(f.ref);
    expect([id, nextDeposited, nextCollateral]).to.deep.equal([idOf(f.ref), 30n, 42n]);
  });

  it("reverts with Hub_NothingToMove when nothing arrives", async () => {
    const f = await loadFixture(deployHub);
    await expect(f.hub.connect(f.user).deposit(f.ref, 0n)).to.be.revertedWithCustomError(f.errors, "Hub_NothingToMove");
  });

  it("reverts with Hub_UnknownAsset for a token that is not listed", async () => {
    const f = await loadFixture(deployHub);
    const ref = { ...f.ref, system: await f.other.getAddress() };
    await expect(f.hub.connect(f.user).deposit(ref, 1n))
      .to.be.revertedWithCustomError(f.errors, "Hub_UnknownAsset")
      .withArgs(ref.system, ref.token);
  });

  it("reverts with Hub_NotToken for an address that is no token", async () => {
    const f = await loadFixture(deployHub);
    const token = await f.other.getAddress();
    await f.hub.connect(f.system).addAsset(token, { backing: Backing.Collateral, ...SETTINGS });
    await expect(f.hub.connect(f.user).deposit({ ...f.ref, token }, 1n))
      .to.be.revertedWithCustomError(f.errors, "Hub_NotToken")
      .withArgs(token);
  });

  it("reverts with Hub_InvalidAddress for no user, the hub, or the system itself", async () => {
    const f = await loadFixture(deployHub);
    for (const user of [ethers.ZeroAddress, await f.hub.getAddress(), f.ref.system]) {
      await expect(f.hub.connect(f.user).deposit({ ...f.ref, user }, 1n))
        .to.be.revertedWithCustomError(f.errors, "Hub_InvalidAddress")
        .withArgs(user);
    }
  });

  it("case 11: reverts with Hub_AmountTooLarge beyond uint112, in one deposit or the sum", async () => {
    const f = await loadFixture(deployHub);
    await f.token.mint(f.other, 2n ** 120n);
    await expect(f.hub.connect(f.other).deposit(f.ref, MAX_112 + 1n))
      .to.be.revertedWithCustomError(f.errors, "Hub_AmountTooLarge")
      .withArgs(MAX_112 + 1n, MAX_112);
    await f.hub.connect(f.other).deposit(f.ref, MAX_112);
    await expect(f.hub.connect(f.other).deposit(f.ref, 1n))
      .to.be.revertedWithCustomError(f.errors, "Hub_AmountTooLarge")
      .withArgs(MAX_112 + 1n, MAX_112);
    await expect(f.hub.connect(f.other).commitCollateral(f.ref, 2n))
      .to.be.revertedWithCustomError(f.errors, "Hub_AmountTooLarge")
      .withArgs(MAX_112 + 2n, MAX_112);
  });
});
