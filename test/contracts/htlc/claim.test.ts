import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import type { AddressLike } from "ethers";
import { ethers } from "hardhat";

import { at, HOUR, Mode } from "../helpers/fixture";
import { ENDED, HASH, NATIVE, PREIMAGE, claim, deploy, deployLocked, idOf, lock, lockOf } from "../helpers/htlc";

describe("HTLC.claim", () => {
  it("pays the recipient whoever sends it, shows the preimage and frees the slot", async () => {
    const f = await loadFixture(deployLocked);
    const claiming = claim(f);
    await expect(claiming).to.changeTokenBalances(
      f.token,
      [f.payee, f.payer, f.other, f.htlc],
      [1_000n, 0n, 0n, -1_000n],
    );
    await expect(claiming)
      .to.emit(f.htlc, "Claimed")
      .withArgs(await idOf(f), PREIMAGE);
    expect(await lockOf(f)).to.deep.equal({ id: await idOf(f), ...ENDED });
    expect((await lockOf(f, { token: NATIVE })).amount).to.equal(500n);
  });

  it("pays native coin", async () => {
    const f = await loadFixture(deployLocked);
    const claiming = claim(f, { token: NATIVE, amount: 500n });
    await expect(claiming).to.changeEtherBalances([f.payee, f.payer, f.htlc], [500n, 0n, -500n]);
    await expect(claiming)
      .to.emit(f.htlc, "Claimed")
      .withArgs(await idOf(f, NATIVE), PREIMAGE);
    expect(await f.token.balanceOf(f.htlc)).to.equal(1_000n);
  });

  it("case 17: is possible up to the second before the expiry, and reverts with HTLC_Expired from then on", async () => {
    const f = await loadFixture(deployLocked);
    await at(f.expiry - 1n);
    await claim(f);
    await at(f.expiry);
    await expect(claim(f, { token: NATIVE, amount: 500n }))
      .to.be.revertedWithCustomError(f.htlc, "HTLC_Expired")
      .withArgs(f.expiry, f.expiry);
  });

  it("reverts with HTLC_UnknownLock for any other preimage, token, amount, recipient or payer, and twice", async () => {
    const f = await loadFixture(deployLocked);
    const as = f.htlc.connect(f.payee);
    const wrong = ethers.id("wrong");
    const unknown = async (
      call: Promise<unknown>,
      hash: string,
      ...parties: [AddressLike, AddressLike, AddressLike]
    ) => {
      const { id } = await f.htlc.lockOf(hash, ...parties);
      await expect(call).to.be.revertedWithCustomError(f.htlc, "HTLC_UnknownLock").withArgs(id);
    };
    const { token, payer, payee, other, hostile } = f;
    await unknown(as.claim(wrong, token, 1_000n, payee, payer), ethers.sha256(wrong), token, payee, payer);
    await unknown(as.claim(HASH, token, 1_000n, payee, payer), ethers.sha256(HASH), token, payee, payer);
    await unknown(as.claim(PREIMAGE, hostile, 1_000n, payee, payer), HASH, hostile, payee, payer);
    await unknown(as.claim(PREIMAGE, token, 999n, payee, payer), HASH, token, payee, payer);
    await unknown(as.claim(PREIMAGE, token, 0n, other, payer), HASH, token, other, payer);
    await unknown(as.claim(PREIMAGE, token, 1_000n, payee, other), HASH, token, payee, other);
    await claim(f);
    await unknown(claim(f), HASH, token, payee, payer);
  });

  it("buys no preimage with less: a payer who locks a smaller amount after its refund is not claimed from", async () => {
    const f = await loadFixture(deployLocked);
    await at(f.expiry);
    await f.htlc.refund(HASH, f.token, f.payee, f.payer);
    await lock(f, { amount: 1n, expiry: f.expiry + HOUR });
    await expect(claim(f))
      .to.be.revertedWithCustomError(f.htlc, "HTLC_UnknownLock")
      .withArgs(await idOf(f));
  });

  it("case 3: pays in tokens that return nothing or far too much", async () => {
    const f = await loadFixture(deploy);
    for (const [n, mode] of [Mode.ReturnNothing, Mode.ReturnHuge].entries()) {
      await lock(f, { token: f.hostile });
      await f.hostile.setMode(mode, ethers.ZeroAddress);
      await claim(f, { token: f.hostile });
      expect(await f.hostile.balanceOf(f.payee)).to.equal(1_000n * BigInt(n + 1));
      await f.hostile.setMode(Mode.Normal, ethers.ZeroAddress);
    }
  });

  it("case 2: reverts with HTLC_TransferFailed when the token refuses, and leaves the lock live", async () => {
    const f = await loadFixture(deploy);
    await lock(f, { token: f.hostile });
    for (const mode of [Mode.Revert, Mode.ReturnFalse, Mode.BurnGas]) {
      await f.hostile.setMode(mode, f.payee);
      const call = f.htlc.claim(PREIMAGE, f.hostile, 1_000n, f.payee, f.payer, { gasLimit: 1_000_000 });
      await expect(call)
        .to.be.revertedWithCustomError(f.htlc, "HTLC_TransferFailed")
        .withArgs(f.hostile, f.payee, 1_000n);
    }
    await f.hostile.setMode(Mode.Normal, ethers.ZeroAddress);
    await claim(f, { token: f.hostile });
    expect(await f.hostile.balanceOf(f.payee)).to.equal(1_000n);
  });

  it("case 2: reverts with HTLC_TransferFailed when the recipient refuses or burns native coin", async () => {
    const f = await loadFixture(deploy);
    const recipient = await ethers.deployContract("HostileAccount", [f.payee]);
    await lock(f, { token: NATIVE, amount: 500n, recipient });
    // Refuse, burn gas
    for (const mode of [1, 2]) {
      await recipient.setMode(mode);
      await expect(f.htlc.claim(PREIMAGE, NATIVE, 500n, recipient, f.payer, { gasLimit: 1_000_000 }))
        .to.be.revertedWithCustomError(f.htlc, "HTLC_TransferFailed")
        .withArgs(NATIVE, recipient, 500n);
    }
    expect((await lockOf(f, { token: NATIVE, recipient })).amount).to.equal(500n);
  });
});
