import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";

import { anotherToken, Backing, DAY, deployHub, hostileToken, HOUR, listAs, SETTINGS } from "../helpers/fixture";

const LISTED: { backing: number } = { backing: Backing.Reserve };

describe("ChannelHub.addAsset", () => {
  it("lists a token with its settings, and lengthens the notice period as needed", async () => {
    const f = await loadFixture(deployHub);
    const token = await anotherToken(f);
    const settings = { backing: Backing.Reserve, ...SETTINGS, claimWindow: 10n * DAY };
    await expect(f.hub.connect(f.system).addAsset(token, settings))
      .to.emit(f.hub, "AssetAdded")
      .withArgs(f.ref.system, await token.getAddress(), Object.values(settings));
    const asset = await f.hub.assetOf(f.ref.system, token);
    expect([asset.backing, asset.challengePeriod, asset.claimWindow, asset.lockLimit]).to.deep.equal([
      2n,
      3n * DAY,
      10n * DAY,
      7n * DAY,
    ]);
    expect([asset.award, asset.staleFee, asset.reserve, asset.bond]).to.deep.equal([500n, 10_000n, 0n, 0n]);
    expect(await f.hub.noticePeriod(f.ref.system)).to.equal(2n * (6n * DAY + 10n * DAY) + 7n * DAY + 1n);
  });

  it("does not shorten the notice period for a quicker asset", async () => {
    const f = await loadFixture(deployHub);
    const before = await f.hub.noticePeriod(f.ref.system);
    await listAs(f, await anotherToken(f), Backing.Reserve, {
      challengePeriod: HOUR,
      claimWindow: HOUR,
      lockLimit: HOUR,
    });
    expect(await f.hub.noticePeriod(f.ref.system)).to.equal(before);
  });

  it("reverts with Hub_AssetExists: settings never change", async () => {
    const f = await loadFixture(deployHub);
    await expect(f.hub.connect(f.system).addAsset(f.token, { backing: Backing.Reserve, ...SETTINGS }))
      .to.be.revertedWithCustomError(f.errors, "Hub_AssetExists")
      .withArgs(f.ref.system, f.ref.token);
  });

  it("reverts with Hub_NotIssuer when another's token is listed as issued", async () => {
    const f = await loadFixture(deployHub);
    const token = await hostileToken(f);
    await expect(f.hub.connect(f.other).addAsset(token, { backing: Backing.Issued, ...SETTINGS }))
      .to.be.revertedWithCustomError(f.errors, "Hub_NotIssuer")
      .withArgs(f.ref.system, await f.other.getAddress());
  });

  for (const [name, settings, got, min, max] of [
    ["backing", { backing: Backing.None }, 0n, 1n, 3n],
    ["challengePeriod", { challengePeriod: HOUR - 1n }, HOUR - 1n, HOUR, 60n * DAY],
    ["challengePeriod", { challengePeriod: 60n * DAY + 1n }, 60n * DAY + 1n, HOUR, 60n * DAY],
    ["claimWindow", { claimWindow: 3n * DAY - 1n }, 3n * DAY - 1n, 3n * DAY, 60n * DAY],
    ["lockLimit", { lockLimit: 3n * DAY - 1n }, 3n * DAY - 1n, 3n * DAY, 60n * DAY],
  ] as const) {
    it(`reverts with Hub_InvalidSetting for ${name} ${got}`, async () => {
      const f = await loadFixture(deployHub);
      const token = await anotherToken(f);
      await expect(f.hub.connect(f.system).addAsset(token, { ...SETTINGS, ...LISTED, ...settings }))
        .to.be.revertedWithCustomError(f.errors, "Hub_InvalidSetting")
        .withArgs(name, got, min, max);
    });
  }
});

describe("ChannelHub.fundReserve and fundBond", () => {
  it("take tokens from anybody for the system's books", async () => {
    const f = await loadFixture(deployHub);
    await expect(f.hub.connect(f.other).fundReserve(f.system, f.token, 70n))
      .to.emit(f.hub, "ReserveFunded")
      .withArgs(f.ref.system, f.ref.token, 70n);
    const bond = f.hub.connect(f.other).fundBond(f.system, f.token, 30n);
    await expect(bond).to.changeTokenBalances(f.token, [f.other, f.hub], [-30n, 30n]);
    await expect(bond).to.emit(f.hub, "BondFunded").withArgs(f.ref.system, f.ref.token, 30n);
    const asset = await f.hub.assetOf(f.ref.system, f.ref.token);
    expect([asset.reserve, asset.bond]).to.deep.equal([70n, 30n]);
  });

  it("revert for an unknown asset, for nothing, and for more than fits", async () => {
    const f = await loadFixture(deployHub);
    for (const name of ["fundReserve", "fundBond"] as const) {
      const fund = f.hub.connect(f.other)[name];
      await expect(fund(f.other, f.token, 1n))
        .to.be.revertedWithCustomError(f.errors, "Hub_UnknownAsset")
        .withArgs(await f.other.getAddress(), f.ref.token);
      await expect(fund(f.system, f.token, 0n)).to.be.revertedWithCustomError(f.errors, "Hub_NothingToMove");
      await f.token.mint(f.other, 2n ** 112n);
      await expect(fund(f.system, f.token, 2n ** 112n))
        .to.be.revertedWithCustomError(f.errors, "Hub_AmountTooLarge")
        .withArgs(2n ** 112n, 2n ** 112n - 1n);
      await expect(fund(f.system, f.token, 1n, { value: 1n }))
        .to.be.revertedWithCustomError(f.errors, "Hub_WrongValue")
        .withArgs(1n, 0n);
    }
  });

  it("know their registry", async () => {
    const f = await loadFixture(deployHub);
    expect(await f.hub.registry()).to.equal(await f.registry.getAddress());
    expect(await ethers.provider.getCode(f.registry)).to.not.equal("0x");
  });
});
