import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";

import {
  anotherToken,
  Backing,
  closeByUser,
  deployFunded,
  deployHub,
  hostileToken,
  idOf,
  listAs,
  Mode,
  now,
  SETTINGS,
  sign,
  soon,
  type Fixture,
  type Ref,
} from "../helpers/fixture";

async function withdrawal(f: Fixture, withdrawn: bigint, { reclaimed = 0n, ref = f.ref, recipient = f.ref.user } = {}) {
  const message = { withdrawn, reclaimed, recipient, deadline: await soon() };
  return {
    message,
    byUser: await sign(f, f.user, "Withdrawal", message, { ref }),
    bySystem: await sign(f, f.signer, "Withdrawal", message, { ref }),
  };
}

describe("ChannelHub.withdraw", () => {
  it("pays the user first, the system from what is left, by anyone with both signatures", async () => {
    const f = await loadFixture(deployFunded);
    const { message, byUser, bySystem } = await withdrawal(f, 300n, { reclaimed: 200n });
    const call = f.hub.connect(f.other).withdraw(f.ref, message, byUser, bySystem);
    await expect(call).to.changeTokenBalances(f.token, [f.user, f.system, f.hub], [300n, 200n, -500n]);
    await expect(call).to.emit(f.hub, "Withdrawn").withArgs(idOf(f.ref), 300n, 200n);
    const { withdrawn, reclaimed, collateral, deposited } = await f.hub.channelOf(f.ref);
    expect([withdrawn, reclaimed, collateral, deposited]).to.deep.equal([300n, 200n, 500n, 1_000n]);
  });

  it("takes the sender's transaction for its signature", async () => {
    const f = await loadFixture(deployFunded);
    const { message, byUser, bySystem } = await withdrawal(f, 300n);
    await f.hub.connect(f.user).withdraw(f.ref, message, "0x", bySystem);
    const next = await withdrawal(f, 400n);
    await f.hub.connect(f.system).withdraw(f.ref, next.message, next.byUser, "0x");
    expect((await f.hub.channelOf(f.ref)).withdrawn).to.equal(400n);
    await expect(f.hub.connect(f.other).withdraw(f.ref, message, byUser, bySystem))
      .to.be.revertedWithCustomError(f.errors, "Hub_StaleWithdrawal")
      .withArgs(idOf(f.ref), 400n, 0n);
  });

  it("pays to whom the user names", async () => {
    const f = await loadFixture(deployFunded);
    const { message, byUser, bySystem } = await withdrawal(f, 5n, { recipient: await f.other.getAddress() });
    await expect(f.hub.withdraw(f.ref, message, byUser, bySystem)).to.changeTokenBalances(
      f.token,
      [f.user, f.other],
      [0n, 5n],
    );
  });

  describe("given a reserve asset", () => {
    it("pays from the channel's collateral, then from the reserve, and leaves a claim for the rest", async () => {
      const f = await loadFixture(deployHub);
      const token = await anotherToken(f);
      const ref = await listAs(f, token, Backing.Reserve);
      await f.hub.connect(f.system).commitCollateral(ref, 100n);
      await f.hub.connect(f.system).fundReserve(ref.system, ref.token, 50n);
      const { message, byUser, bySystem } = await withdrawal(f, 400n, { ref });
      const call = f.hub.withdraw(ref, message, byUser, bySystem);
      await expect(call).to.changeTokenBalances(token, [f.user, f.hub], [150n, -150n]);
      await expect(call).to.emit(f.hub, "ClaimRecorded").withArgs(ref.system, ref.token, 0n, ref.user, 250n);
      expect([...(await f.hub.claimOf(ref.system, ref.token, 0n))]).to.deep.equal([ref.user, 0n, 250n]);
      const asset = await f.hub.assetOf(ref.system, ref.token);
      expect([asset.reserve, asset.indebted, asset.claimed, asset.funded]).to.deep.equal([0n, true, 250n, 0n]);
    });
  });

  describe("given an issued asset", () => {
    it("mints what the other sources lack", async () => {
      const f = await loadFixture(deployHub);
      const token = await hostileToken(f);
      const ref = await listAs(f, token, Backing.Issued);
      await f.hub.connect(f.system).fundReserve(ref.system, ref.token, 50n);
      const supply = await token.totalSupply();
      const { message, byUser, bySystem } = await withdrawal(f, 400n, { ref });
      await expect(f.hub.withdraw(ref, message, byUser, bySystem)).to.changeTokenBalances(
        token,
        [f.user, f.hub],
        [400n, -50n],
      );
      expect(await token.totalSupply()).to.equal(supply + 350n);
    });

    for (const [name, mode, minted] of [
      ["reverts", Mode.MintReverts, 0n],
      ["mints nothing", Mode.MintsNothing, 0n],
      ["mints half", Mode.MintsHalf, 200n],
      ["has an issuer that cannot be asked", Mode.IssuerReverts, 0n],
    ] as const) {
      it(`leaves a claim when the token ${name}`, async () => {
        const f = await loadFixture(deployHub);
        const token = await hostileToken(f);
        const ref = await listAs(f, token, Backing.Issued);
        await token.setMode(mode, ethers.ZeroAddress);
        const { message, byUser, bySystem } = await withdrawal(f, 400n, { ref });
        const call = f.hub.withdraw(ref, message, byUser, bySystem);
        await expect(call).to.changeTokenBalances(token, [f.user, f.hub], [minted, 0n]);
        await expect(call)
          .to.emit(f.hub, "ClaimRecorded")
          .withArgs(ref.system, ref.token, 0n, ref.user, 400n - minted);
      });
    }

    it("leaves a claim when the token has another issuer by now", async () => {
      const f = await loadFixture(deployHub);
      const token = await hostileToken(f);
      const ref = await listAs(f, token, Backing.Issued);
      await token.setIssuer(f.other);
      const { message, byUser, bySystem } = await withdrawal(f, 400n, { ref });
      await expect(f.hub.withdraw(ref, message, byUser, bySystem))
        .to.emit(f.hub, "ClaimRecorded")
        .withArgs(ref.system, ref.token, 0n, ref.user, 400n);
    });

    it("lets nobody but the hub mint", async () => {
      const f = await loadFixture(deployHub);
      await expect(f.hub.connect(f.system).mintToHub(f.system, f.token, 1n))
        .to.be.revertedWithCustomError(f.errors, "Hub_NotAllowed")
        .withArgs(f.ref.system);
    });
  });

  it("case 10: never takes what another channel holds", async () => {
    const f = await loadFixture(deployFunded);
    const poor = { ...f.ref, user: await f.other.getAddress() };
    const message = { withdrawn: 500n, reclaimed: 0n, recipient: poor.user, deadline: await soon() };
    const byUser = await sign(f, f.other, "Withdrawal", message, { ref: poor });
    const call = f.hub.connect(f.system).withdraw(poor, message, byUser, "0x");
    await expect(call).to.changeTokenBalances(f.token, [f.other, f.hub], [0n, 0n]);
    await expect(call).to.emit(f.hub, "ClaimRecorded").withArgs(poor.system, poor.token, 0n, poor.user, 500n);
    expect((await f.hub.channelOf(f.ref)).collateral).to.equal(1_000n);
  });

  it("case 2, 3: sets a payout aside that the recipient or token blocks", async () => {
    const f = await loadFixture(deployHub);
    const token = await hostileToken(f);
    const ref = await listAs(f, token, Backing.Collateral);
    await f.hub.connect(f.user).deposit(ref, 1_000n);
    let owed = 0n;
    for (const mode of [Mode.Revert, Mode.ReturnFalse, Mode.BurnGas]) {
      await token.setMode(mode, f.user);
      owed += 10n;
      const { message, byUser, bySystem } = await withdrawal(f, owed, { ref });
      const call = f.hub.withdraw(ref, message, byUser, bySystem, { gasLimit: 1_000_000n });
      await expect(call).to.changeTokenBalances(token, [f.user, f.hub], [0n, 0n]);
      await expect(call).to.emit(f.hub, "PayoutOwed").withArgs(ref.token, ref.user, 10n);
      expect(await f.hub.owed(token, f.user)).to.equal(owed);
    }
  });

  it("case 3: pays tokens that return nothing, or far too much", async () => {
    const f = await loadFixture(deployHub);
    const token = await hostileToken(f);
    const ref = await listAs(f, token, Backing.Collateral);
    await f.hub.connect(f.user).deposit(ref, 1_000n);
    let total = 0n;
    for (const mode of [Mode.ReturnNothing, Mode.ReturnHuge]) {
      await token.setMode(mode, f.user);
      total += 10n;
      const { message, byUser, bySystem } = await withdrawal(f, total, { ref });
      await expect(f.hub.withdraw(ref, message, byUser, bySystem)).to.changeTokenBalances(
        token,
        [f.user, f.hub],
        [10n, -10n],
      );
    }
  });

  it("case 1: a token that re-enters on payout is turned away", async () => {
    const f = await loadFixture(deployHub);
    const token = await hostileToken(f);
    const ref = await listAs(f, token, Backing.Collateral);
    await f.hub.connect(f.user).deposit(ref, 1_000n);
    const { message, byUser, bySystem } = await withdrawal(f, 100n, { ref });
    await token.setCallback(f.hub, f.hub.interface.encodeFunctionData("withdraw", [ref, message, byUser, bySystem]));
    await token.setMode(Mode.Reenter, f.user);
    await f.hub.withdraw(ref, message, byUser, bySystem);
    expect(await token.balanceOf(f.user)).to.equal(999_100n);
    expect(await token.answer()).to.equal(ethers.id("ReentrancyGuardReentrantCall()").slice(0, 10));
  });

  it("case 6: lets contract wallets sign by ERC-1271, as they stand now", async () => {
    const f = await loadFixture(deployHub);
    const wallet = await ethers.deployContract("HostileAccount", [f.user]);
    const ref = { ...f.ref, user: await wallet.getAddress() };
    await f.hub.connect(f.user).deposit(ref, 1_000n);
    const { message, byUser, bySystem } = await withdrawal(f, 100n, { ref, recipient: ref.user });
    await wallet.setOwner(f.other);
    await expect(f.hub.withdraw(ref, message, byUser, bySystem)).to.be.revertedWithCustomError(
      f.errors,
      "Hub_InvalidUserSignature",
    );
    await wallet.setOwner(f.user);
    await expect(f.hub.withdraw(ref, message, byUser, bySystem)).to.changeTokenBalances(f.token, [wallet], [100n]);
  });

  it("lets a system that is a contract consent by ERC-1271", async () => {
    const f = await loadFixture(deployHub);
    const system = await ethers.deployContract("HostileAccount", [f.signer]);
    const listing = f.hub.interface.encodeFunctionData("addAsset", [f.ref.token, { backing: 3, ...SETTINGS }]);
    await system.act(f.hub, 0n, listing);
    const ref = { ...f.ref, system: await system.getAddress() };
    await f.hub.connect(f.user).deposit(ref, 1_000n);
    const { message, byUser, bySystem } = await withdrawal(f, 100n, { ref });
    await f.hub.withdraw(ref, message, byUser, bySystem);
    expect((await f.hub.channelOf(ref)).withdrawn).to.equal(100n);
    await system.setOwner(f.other);
    const next = await withdrawal(f, 200n, { ref });
    await expect(f.hub.withdraw(ref, next.message, next.byUser, next.bySystem)).to.be.revertedWithCustomError(
      f.errors,
      "Hub_InvalidSystemSignature",
    );
  });

  describe("reverts", () => {
    const refused = async (
      f: Fixture,
      values: { withdrawn?: bigint; reclaimed?: bigint; recipient?: string; deadline?: bigint },
      ref: Ref = f.ref,
    ) => {
      const message = { withdrawn: 1n, reclaimed: 0n, recipient: f.ref.user, deadline: await soon(), ...values };
      const byUser = await sign(f, f.user, "Withdrawal", message, { ref });
      const bySystem = await sign(f, f.signer, "Withdrawal", message, { ref });
      return f.hub.withdraw(ref, message, byUser, bySystem);
    };

    it("with Hub_StaleWithdrawal when no total rises, or one falls", async () => {
      const f = await loadFixture(deployFunded);
      await (await refused(f, { withdrawn: 10n, reclaimed: 10n })).wait();
      for (const values of [
        { withdrawn: 10n, reclaimed: 10n },
        { withdrawn: 9n, reclaimed: 11n },
        { withdrawn: 11n, reclaimed: 9n },
      ]) {
        await expect(refused(f, values))
          .to.be.revertedWithCustomError(f.errors, "Hub_StaleWithdrawal")
          .withArgs(idOf(f.ref), 10n, 10n);
      }
    });

    it("with Hub_InsufficientCollateral when the system reclaims more than the user leaves", async () => {
      const f = await loadFixture(deployFunded);
      await expect(refused(f, { withdrawn: 900n, reclaimed: 101n }))
        .to.be.revertedWithCustomError(f.errors, "Hub_InsufficientCollateral")
        .withArgs(idOf(f.ref), 100n, 101n);
    });

    it("with Hub_AmountTooLarge beyond uint120", async () => {
      const f = await loadFixture(deployFunded);
      await expect(refused(f, { reclaimed: 2n ** 120n }))
        .to.be.revertedWithCustomError(f.errors, "Hub_AmountTooLarge")
        .withArgs(2n ** 120n, 2n ** 120n - 1n);
    });

    it("with Hub_BadDeadline when it has passed, or is further away than a challenge period", async () => {
      const f = await loadFixture(deployFunded);
      const time = await now();
      for (const deadline of [time - 1n, time + SETTINGS.challengePeriod + 100n]) {
        await expect(refused(f, { deadline })).to.be.revertedWithCustomError(f.errors, "Hub_BadDeadline");
      }
    });

    it("with Hub_InvalidAddress for a recipient that would lose the money", async () => {
      const f = await loadFixture(deployFunded);
      for (const recipient of [ethers.ZeroAddress, await f.hub.getAddress()]) {
        await expect(refused(f, { recipient }))
          .to.be.revertedWithCustomError(f.errors, "Hub_InvalidAddress")
          .withArgs(recipient);
      }
    });

    it("case 9: with Hub_InvalidAddress for a user that is the system or the hub under another name", async () => {
      const f = await loadFixture(deployFunded);
      for (const user of [f.ref.system, await f.hub.getAddress(), ethers.ZeroAddress]) {
        await expect(
          f.hub.connect(f.system).withdraw({ ...f.ref, user }, (await withdrawal(f, 1n)).message, "0x", "0x"),
        )
          .to.be.revertedWithCustomError(f.errors, "Hub_InvalidAddress")
          .withArgs(user);
      }
    });

    it("with Hub_UnknownAsset for a token that is not listed", async () => {
      const f = await loadFixture(deployFunded);
      const ref = { ...f.ref, token: await f.other.getAddress() };
      await expect(refused(f, {}, ref))
        .to.be.revertedWithCustomError(f.errors, "Hub_UnknownAsset")
        .withArgs(ref.system, ref.token);
    });

    it("with Hub_ChannelClosing while a close is pending", async () => {
      const f = await loadFixture(deployFunded);
      await closeByUser(f);
      await expect(refused(f, {})).to.be.revertedWithCustomError(f.errors, "Hub_ChannelClosing").withArgs(idOf(f.ref));
    });

    it("with the side whose signature is missing", async () => {
      const f = await loadFixture(deployFunded);
      const { message, byUser, bySystem } = await withdrawal(f, 1n);
      await expect(f.hub.withdraw(f.ref, message, "0x", bySystem)).to.be.revertedWithCustomError(
        f.errors,
        "Hub_InvalidUserSignature",
      );
      await expect(f.hub.withdraw(f.ref, message, byUser, "0x")).to.be.revertedWithCustomError(
        f.errors,
        "Hub_InvalidSystemSignature",
      );
    });
  });
});
