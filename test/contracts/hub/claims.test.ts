import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";

import {
  anotherToken,
  Backing,
  deployHub,
  hostileToken,
  listAs,
  Mode,
  NoticeKind,
  pass,
  sign,
  soon,
  type Fixture,
  type Ref,
} from "../helpers/fixture";

/** Withdraws with the system's consent what no source covers, so that a claim of `amount` arises. */
async function claim(f: Fixture, ref: Ref, owner: Fixture["user"], amount: bigint) {
  const channel = { ...ref, user: await owner.getAddress() };
  const before = (await f.hub.channelOf(channel)).withdrawn;
  const message = { withdrawn: before + amount, reclaimed: 0n, recipient: channel.user, deadline: await soon() };
  const signature = await sign(f, owner, "Withdrawal", message, { ref: channel });
  return f.hub.connect(f.system).withdraw(channel, message, signature, "0x");
}

describe("ChannelHub.collectClaim", () => {
  it("pays claims first in, first out, partly if need be, from whatever enters the reserve", async () => {
    const f = await loadFixture(deployHub);
    const token = await anotherToken(f);
    const ref = await listAs(f, token, Backing.Reserve);
    await claim(f, ref, f.user, 100n);
    await claim(f, ref, f.other, 200n);
    await f.hub.connect(f.system).fundReserve(ref.system, ref.token, 60n);
    await expect(f.hub.collectClaim(ref.system, ref.token, 1n)).to.be.revertedWithCustomError(
      f.errors,
      "Hub_NothingToMove",
    );
    const part = f.hub.collectClaim(ref.system, ref.token, 0n);
    await expect(part).to.changeTokenBalances(token, [f.user, f.hub], [60n, -60n]);
    await expect(part).to.emit(f.hub, "ClaimCollected").withArgs(ref.system, ref.token, 0n, ref.user, 60n);
    expect([...(await f.hub.claimOf(ref.system, ref.token, 0n))]).to.deep.equal([ref.user, 60n, 40n]);

    // A deposit enters the reserve too, and new payouts get only what claims leave.
    await f.hub.connect(f.user).deposit(ref, 300n);
    const asset = await f.hub.assetOf(ref.system, ref.token);
    expect([asset.reserve, asset.indebted, asset.claimed, asset.funded]).to.deep.equal([60n, false, 300n, 300n]);
    await expect(f.hub.collectClaim(ref.system, ref.token, 1n)).to.changeTokenBalances(token, [f.other], [200n]);
    await expect(f.hub.collectClaim(ref.system, ref.token, 0n)).to.changeTokenBalances(token, [f.user], [40n]);
    await expect(f.hub.collectClaim(ref.system, ref.token, 0n)).to.be.revertedWithCustomError(
      f.errors,
      "Hub_NothingToMove",
    );
  });

  it("stays a claim on the reserve in a collateral asset: never paid from anyone's collateral", async () => {
    const f = await loadFixture(deployHub);
    await f.hub.connect(f.other).deposit({ ...f.ref, user: await f.other.getAddress() }, 500n);
    await claim(f, f.ref, f.user, 100n);
    await expect(f.hub.collectClaim(f.ref.system, f.ref.token, 0n)).to.be.revertedWithCustomError(
      f.errors,
      "Hub_NothingToMove",
    );
    await f.hub.connect(f.system).fundReserve(f.ref.system, f.ref.token, 100n);
    await expect(f.hub.collectClaim(f.ref.system, f.ref.token, 0n)).to.changeTokenBalances(f.token, [f.user], [100n]);
  });

  it("takes what the reserve of a collateral asset holds already; the system's notice reaches none of it", async () => {
    const f = await loadFixture(deployHub);
    await f.hub.connect(f.system).fundReserve(f.ref.system, f.ref.token, 70n);
    await f.hub.connect(f.system).giveNotice(NoticeKind.Reserve, f.token, 70n);
    await claim(f, f.ref, f.user, 100n);
    await pass(await f.hub.noticePeriod(f.ref.system));
    await expect(f.hub.connect(f.system).executeNotice(NoticeKind.Reserve, f.token)).to.be.revertedWithCustomError(
      f.errors,
      "Hub_NothingToMove",
    );
    await expect(f.hub.collectClaim(f.ref.system, f.ref.token, 0n)).to.changeTokenBalances(f.token, [f.user], [70n]);
    const { reserve, indebted, claimed, funded } = await f.hub.assetOf(f.ref.system, f.ref.token);
    expect([reserve, indebted, claimed, funded]).to.deep.equal([0n, true, 100n, 70n]);
  });

  it("is minted for as soon as the token allows, together with all before it", async () => {
    const f = await loadFixture(deployHub);
    const token = await hostileToken(f);
    const ref = await listAs(f, token, Backing.Issued);
    await token.setMode(Mode.MintReverts, ethers.ZeroAddress);
    await claim(f, ref, f.user, 100n);
    await claim(f, ref, f.other, 200n);
    await expect(f.hub.collectClaim(ref.system, ref.token, 1n)).to.be.revertedWithCustomError(
      f.errors,
      "Hub_NothingToMove",
    );
    await token.setMode(Mode.Normal, ethers.ZeroAddress);
    await expect(f.hub.collectClaim(ref.system, ref.token, 1n)).to.changeTokenBalances(
      token,
      [f.other, f.hub],
      [200n, 100n],
    );
    await expect(f.hub.collectClaim(ref.system, ref.token, 0n)).to.changeTokenBalances(
      token,
      [f.user, f.hub],
      [100n, -100n],
    );
  });

  it("reverts with Hub_UnknownAsset", async () => {
    const f = await loadFixture(deployHub);
    await expect(f.hub.collectClaim(f.other, f.token, 0n))
      .to.be.revertedWithCustomError(f.errors, "Hub_UnknownAsset")
      .withArgs(await f.other.getAddress(), f.ref.token);
  });
});

describe("ChannelHub.collectOwed", () => {
  it("gives the recipient what it could not be paid, at any address", async () => {
    const f = await loadFixture(deployHub);
    const token = await hostileToken(f);
    const ref = await listAs(f, token, Backing.Collateral);
    await f.hub.connect(f.user).deposit(ref, 500n);
    await token.setMode(Mode.Revert, f.user);
    await claim(f, ref, f.user, 120n);
    await expect(f.hub.connect(f.user).collectOwed(token, f.user))
      .to.be.revertedWithCustomError(f.errors, "Hub_TransferFailed")
      .withArgs(ref.token, ref.user, 120n);
    const call = f.hub.connect(f.user).collectOwed(token, f.other);
    await expect(call).to.changeTokenBalances(token, [f.user, f.other, f.hub], [0n, 120n, -120n]);
    await expect(call)
      .to.emit(f.hub, "OwedCollected")
      .withArgs(ref.token, ref.user, await f.other.getAddress(), 120n);
    await expect(f.hub.connect(f.user).collectOwed(token, f.other)).to.be.revertedWithCustomError(
      f.errors,
      "Hub_NothingToMove",
    );
  });

  it("reverts with Hub_InvalidAddress for no address", async () => {
    const f = await loadFixture(deployHub);
    await expect(f.hub.connect(f.user).collectOwed(f.token, ethers.ZeroAddress))
      .to.be.revertedWithCustomError(f.errors, "Hub_InvalidAddress")
      .withArgs(ethers.ZeroAddress);
  });
});
