import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";

import {
  Backing,
  closeBySystem,
  closeByUser,
  deployHub,
  hostileToken,
  idOf,
  listAs,
  Mode,
  now,
  pass,
  SETTINGS,
  state,
  disputeOf,
  note,
  deployFunded,
} from "../helpers/fixture";

const WAIT = SETTINGS.challengePeriod + SETTINGS.claimWindow;

describe("ChannelHub.settle", () => {
  it("pays the user its due and the system the rest, and opens the next epoch with what came in meanwhile", async () => {
    const f = await loadFixture(deployFunded);
    const shown = { version: 3n, net: -400n, noteSeq: 1n, noteCredited: 20n };
    const dispute = await closeByUser(f, { shown, credit: { seq: 2n, credited: 70n } });
    await f.hub.connect(f.other).deposit(f.ref, 33n);
    await f.hub.connect(f.system).commitCollateral(f.ref, 11n);
    await pass(WAIT);
    const call = f.hub.connect(f.other).settle(f.ref, dispute, state(shown));
    await expect(call).to.changeTokenBalances(f.token, [f.user, f.system, f.hub], [650n, 350n, -1_000n]);
    await expect(call).to.emit(f.hub, "ChannelSettled").withArgs(idOf(f.ref), 650n, 350n);
    const channel = await f.hub.channelOf(f.ref);
    expect([channel.id, channel.epoch, channel.closing, channel.deposited, channel.collateral]).to.deep.equal([
      idOf(f.ref, 1n),
      1n,
      false,
      33n,
      44n,
    ]);
    expect([channel.withdrawn, channel.reclaimed, channel.nextDeposited]).to.deep.equal([0n, 0n, 0n]);
  });

  it("pays no more than once: the undisputed due counts as received", async () => {
    const f = await loadFixture(deployFunded);
    const shown = { version: 1n, net: -400n };
    const dispute = await closeBySystem(f, { shown });
    await pass(WAIT);
    await expect(f.hub.settle(f.ref, dispute, state(shown))).to.changeTokenBalances(
      f.token,
      [f.user, f.system, f.hub],
      [0n, 400n, -400n],
    );
    const { systemCloses, lastSystemClose } = await f.hub.assetOf(f.ref.system, f.ref.token);
    expect([systemCloses, lastSystemClose]).to.deep.equal([0n, await now()]);
  });

  it("case 11: survives the extremes of every number", async () => {
    const f = await loadFixture(deployFunded);
    const most = 2n ** 128n - 1n;
    for (const [epoch, shown, credit] of [
      [0n, { version: 1n, net: 2n ** 127n - 1n, noteCredited: 0n }, { seq: 1n, credited: most }],
      [
        1n,
        { version: 1n, net: -(2n ** 127n), noteCredited: most, noteSeq: 1n, locked: most },
        { seq: 1n, credited: 0n },
      ],
    ] as const) {
      const dispute = await closeByUser(f, { shown, credit, epoch });
      await pass(WAIT);
      await f.hub.settle(f.ref, dispute, state(shown));
    }
    const claim = await f.hub.claimOf(f.ref.system, f.ref.token, 0n);
    expect(claim.amount).to.equal(2n ** 127n - 1n + most);
    expect((await f.hub.assetOf(f.ref.system, f.ref.token)).claimCount).to.equal(1n);
  });

  it("case 10: pays from no other channel's collateral", async () => {
    const f = await loadFixture(deployFunded);
    const poor = { ...f.ref, user: await f.other.getAddress() };
    await f.hub.connect(f.other).deposit(poor, 500n);
    const dispute = await closeByUser(f, { shown: { version: 1n, net: 5_000n } });
    await pass(WAIT);
    const call = f.hub.settle(f.ref, dispute, state({ version: 1n, net: 5_000n }));
    await expect(call).to.changeTokenBalances(f.token, [f.user, f.system, f.hub], [1_000n, 0n, -1_000n]);
    expect((await f.hub.channelOf(poor)).collateral).to.equal(500n);
  });

  it("case 2: nobody can stop it by refusing money", async () => {
    const f = await loadFixture(deployHub);
    const token = await hostileToken(f);
    const ref = await listAs(f, token, Backing.Collateral);
    await f.hub.connect(f.user).deposit(ref, 1_000n);
    const shown = { version: 1n, net: -400n };
    const dispute = await closeByUser(f, { shown, ref });
    await pass(WAIT);
    await token.setMode(Mode.BurnGas, ethers.ZeroAddress);
    await f.hub.settle(ref, dispute, state(shown), { gasLimit: 2_000_000n });
    expect([await f.hub.owed(token, f.user), await f.hub.owed(token, f.system)]).to.deep.equal([600n, 400n]);
    await token.setMode(Mode.Normal, ethers.ZeroAddress);
    await expect(f.hub.connect(f.user).collectOwed(token, f.other)).to.changeTokenBalances(token, [f.other], [600n]);
  });

  it("reverts with Hub_InsufficientGas rather than let a payout fail for want of gas", async () => {
    const f = await loadFixture(deployFunded);
    const dispute = await closeByUser(f);
    await pass(WAIT);
    await expect(f.hub.settle(f.ref, dispute, state(), { gasLimit: 200_000n })).to.be.revertedWithCustomError(
      f.errors,
      "Hub_InsufficientGas",
    );
  });

  describe("given a humble close in a channel of native coin", () => {
    it("pays a contract that refuses coins later", async () => {
      const f = await loadFixture(deployHub);
      const wallet = await ethers.deployContract("HostileAccount", [f.user], { value: 10n ** 6n });
      await f.hub.connect(f.system).addAsset(ethers.ZeroAddress, { backing: Backing.Collateral, ...SETTINGS });
      const ref = { ...f.ref, user: await wallet.getAddress(), token: ethers.ZeroAddress };
      await f.hub.connect(f.other).deposit(ref, 700n, { value: 700n });
      const order = { party: ref.user, humble: true, deadline: (await now()) + 3_600n, signature: "0x" };
      const data = f.hub.interface.encodeFunctionData("close", [ref, state(), note(), "0x", "0x", order]);
      const receipt = await (await wallet.act(f.hub, SETTINGS.staleFee, data)).wait();
      const dispute = disputeOf(f, receipt);
      await pass(2n * SETTINGS.challengePeriod + SETTINGS.claimWindow);
      await wallet.setMode(1);
      await f.hub.settle(ref, dispute, state());
      expect(await f.hub.owed(ethers.ZeroAddress, wallet)).to.equal(700n + SETTINGS.staleFee);
      const collect = f.hub.interface.encodeFunctionData("collectOwed", [ethers.ZeroAddress, ref.user]);
      await expect(wallet.act(f.hub, 0n, collect))
        .to.be.revertedWithCustomError(f.errors, "Hub_TransferFailed")
        .withArgs(ethers.ZeroAddress, ref.user, 700n + SETTINGS.staleFee);
      await wallet.setMode(0);
      await expect(wallet.act(f.hub, 0n, collect)).to.changeEtherBalances(
        [wallet, f.hub],
        [700n + SETTINGS.staleFee, -700n - SETTINGS.staleFee],
      );
    });
  });

  describe("reverts", () => {
    it("with Hub_NotNow before the claim window is over, also counted from the last lock", async () => {
      const f = await loadFixture(deployFunded);
      const late = (await now()) + 5n * 86_400n;
      const shown = { version: 1n, locked: 1n, locksExpiry: late };
      const dispute = await closeByUser(f, { shown });
      await pass(WAIT);
      await expect(f.hub.settle(f.ref, dispute, state(shown)))
        .to.be.revertedWithCustomError(f.errors, "Hub_NotNow")
        .withArgs(late + SETTINGS.claimWindow, ethers.MaxUint256);
      await pass(3n * 86_400n);
      await f.hub.settle(f.ref, dispute, state(shown));
    });

    it("with Hub_WrongState for another state than the one that stands", async () => {
      const f = await loadFixture(deployFunded);
      const dispute = await closeByUser(f, { shown: { version: 1n } });
      await pass(WAIT);
      await expect(f.hub.settle(f.ref, dispute, state({ version: 1n, net: 1n }))).to.be.revertedWithCustomError(
        f.errors,
        "Hub_WrongState",
      );
    });

    it("with Hub_ChannelOpen the second time", async () => {
      const f = await loadFixture(deployFunded);
      const dispute = await closeByUser(f);
      await pass(WAIT);
      await f.hub.settle(f.ref, dispute, state());
      await expect(f.hub.settle(f.ref, dispute, state()))
        .to.be.revertedWithCustomError(f.errors, "Hub_ChannelOpen")
        .withArgs(idOf(f.ref, 1n));
    });
  });
});
