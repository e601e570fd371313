import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";

import { at, Mode } from "../helpers/fixture";
import { ENDED, HASH, NATIVE, PREIMAGE, deploy, deployLocked, idOf, lock, lockOf } from "../helpers/htlc";

describe("HTLC.claimTo", () => {
  it("case 2: lets a recipient that its token blocks have the money elsewhere", async () => {
    const f = await loadFixture(deploy);
    await lock(f, { token: f.hostile });
    await f.hostile.setMode(Mode.Revert, f.payee);
    const claiming = f.htlc.connect(f.payee).claimTo(PREIMAGE, f.hostile, 1_000n, f.payer, f.relayer);
    await expect(claiming).to.changeTokenBalances(f.hostile, [f.relayer, f.payee, f.htlc], [1_000n, 0n, -1_000n]);
    await expect(claiming)
      .to.emit(f.htlc, "Claimed")
      .withArgs(await idOf(f, f.hostile), PREIMAGE);
    expect(await lockOf(f, { token: f.hostile })).to.include(ENDED);
  });

  it("lets a contract that refuses native coin have it elsewhere", async () => {
    const f = await loadFixture(deploy);
    const recipient = await ethers.deployContract("HostileAccount", [f.payee]);
    await recipient.setMode(1);
    await lock(f, { token: NATIVE, amount: 500n, recipient });
    const data = f.htlc.interface.encodeFunctionData("claimTo", [
      PREIMAGE,
      NATIVE,
      500n,
      f.payer.address,
      f.relayer.address,
    ]);
    await expect(recipient.act(f.htlc, 0n, data)).to.changeEtherBalances([f.relayer, recipient], [500n, 0n]);
  });

  it("is the recipient's alone: anybody else's lock is another, which does not exist", async () => {
    const f = await loadFixture(deployLocked);
    await expect(f.htlc.connect(f.other).claimTo(PREIMAGE, f.token, 1_000n, f.payer, f.other))
      .to.be.revertedWithCustomError(f.htlc, "HTLC_UnknownLock")
      .withArgs(await idOf(f, f.token, HASH, f.other));
  });

  it("reverts with HTLC_InvalidRecipient for nobody and the contract itself, with HTLC_Expired at the expiry", async () => {
    const f = await loadFixture(deployLocked);
    const as = f.htlc.connect(f.payee);
    for (const to of [ethers.ZeroAddress, await f.htlc.getAddress()]) {
      await expect(as.claimTo(PREIMAGE, f.token, 1_000n, f.payer, to))
        .to.be.revertedWithCustomError(f.htlc, "HTLC_InvalidRecipient")
        .withArgs(to);
    }
    await at(f.expiry);
    await expect(as.claimTo(PREIMAGE, f.token, 1_000n, f.payer, f.payee))
      .to.be.revertedWithCustomError(f.htlc, "HTLC_Expired")
      .withArgs(f.expiry, f.expiry);
  });
});
