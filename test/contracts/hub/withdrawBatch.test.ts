import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";

import { deployFunded, idOf, sign, soon, type Fixture } from "../helpers/fixture";

describe("ChannelHub.withdrawBatch", () => {
  const item = async (f: Fixture, owner: Fixture["user"], withdrawn: bigint) => {
    const ref = { ...f.ref, user: await owner.getAddress() };
    const message = { withdrawn, reclaimed: 0n, recipient: ref.user, deadline: await soon() };
    return {
      user: ref.user,
      withdrawal: message,
      userSignature: await sign(f, owner, "Withdrawal", message, { ref }),
    };
  };

  it("settles each item by itself; one that fails is reported", async () => {
    const f = await loadFixture(deployFunded);
    await f.hub.connect(f.other).deposit({ ...f.ref, user: await f.other.getAddress() }, 500n);
    const bad = { ...(await item(f, f.user, 5n)), userSignature: "0x" };
    const items = [bad, await item(f, f.user, 100n), await item(f, f.user, 100n), await item(f, f.other, 200n)];
    const call = f.hub.connect(f.system).withdrawBatch(f.token, items);
    await expect(call).to.changeTokenBalances(f.token, [f.user, f.other, f.hub], [100n, 200n, -300n]);
    const stale = f.errors.interface.encodeErrorResult("Hub_StaleWithdrawal", [idOf(f.ref), 100n, 0n]);
    await expect(call).to.emit(f.hub, "WithdrawalFailed").withArgs(f.ref.system, f.ref.token, f.ref.user, stale);
    const receipt = await (await call).wait();
    const failed = receipt?.logs.filter((log) => f.hub.interface.parseLog(log)?.name === "WithdrawalFailed");
    expect(failed).to.have.length(2);
  });

  it("acts for the sending system alone", async () => {
    const f = await loadFixture(deployFunded);
    const items = [await item(f, f.user, 100n)];
    const call = f.hub.connect(f.other).withdrawBatch(f.token, items);
    await expect(call).to.changeTokenBalances(f.token, [f.user, f.hub], [0n, 0n]);
    await expect(call).to.emit(f.hub, "WithdrawalFailed");
  });

  it("case 9: the hub, which sends each item to itself, consents to none", async () => {
    const f = await loadFixture(deployFunded);
    await f.hub.connect(f.other).fundReserve(f.system, f.token, 500n);
    const alias = { ...(await item(f, f.user, 100n)), user: await f.hub.getAddress(), userSignature: "0x" };
    const call = f.hub.connect(f.system).withdrawBatch(f.token, [alias]);
    await expect(call).to.changeTokenBalances(f.token, [f.user, f.system, f.hub], [0n, 0n, 0n]);
    const reason = f.errors.interface.encodeErrorResult("Hub_InvalidAddress", [alias.user]);
    await expect(call).to.emit(f.hub, "WithdrawalFailed").withArgs(f.ref.system, f.ref.token, alias.user, reason);
  });

  it("case 3: a wallet that burns all gas fails alone", async () => {
    const f = await loadFixture(deployFunded);
    const wallet = await ethers.deployContract("HostileAccount", [f.other]);
    await wallet.setMode(2);
    const hostile = { ...(await item(f, f.user, 7n)), user: await wallet.getAddress() };
    const call = f.hub
      .connect(f.system)
      .withdrawBatch(f.token, [hostile, await item(f, f.user, 100n)], { gasLimit: 4_000_000n });
    await expect(call).to.changeTokenBalances(f.token, [f.user], [100n]);
  });

  it("reverts with Hub_InsufficientGas rather than let items fail for want of gas", async () => {
    const f = await loadFixture(deployFunded);
    const items = [await item(f, f.user, 100n)];
    await expect(
      f.hub.connect(f.system).withdrawBatch(f.token, items, { gasLimit: 600_000n }),
    ).to.be.revertedWithCustomError(f.errors, "Hub_InsufficientGas");
  });
});
