import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";

import { at, Mode } from "../helpers/fixture";
import { ENDED, HASH, NATIVE, claim, deploy, deployLocked, idOf, lock, lockOf } from "../helpers/htlc";

describe("HTLC.refund", () => {
  it("pays the payer back whoever sends it, and frees the slot", async () => {
    const f = await loadFixture(deployLocked);
    await at(f.expiry);
    const refunding = f.htlc.connect(f.other).refund(HASH, f.token, f.payee, f.payer);
    await expect(refunding).to.changeTokenBalances(f.token, [f.payer, f.payee, f.htlc], [1_000n, 0n, -1_000n]);
    await expect(refunding)
      .to.emit(f.htlc, "Refunded")
      .withArgs(await idOf(f));
    expect(await lockOf(f)).to.deep.equal({ id: await idOf(f), ...ENDED });
    await expect(f.htlc.connect(f.other).refund(HASH, NATIVE, f.payee, f.payer)).to.changeEtherBalances(
      [f.payer, f.payee, f.htlc],
      [500n, 0n, -500n],
    );
  });

  it("case 17: reverts with HTLC_NotExpired up to the second before the expiry", async () => {
    const f = await loadFixture(deployLocked);
    await at(f.expiry - 1n);
    await expect(f.htlc.refund(HASH, f.token, f.payee, f.payer))
      .to.be.revertedWithCustomError(f.htlc, "HTLC_NotExpired")
      .withArgs(f.expiry, f.expiry - 1n);
    await at(f.expiry);
    await f.htlc.refund(HASH, f.token, f.payee, f.payer);
  });

  it("reverts with HTLC_UnknownLock after a claim or a refund, or for a lock that never was", async () => {
    const f = await loadFixture(deployLocked);
    await claim(f);
    await at(f.expiry);
    await f.htlc.refund(HASH, NATIVE, f.payee, f.payer);
    for (const [token, recipient] of [
      [f.token, f.payee],
      [NATIVE, f.payee],
      [f.token, f.other],
    ] as const) {
      await expect(f.htlc.refund(HASH, token, recipient, f.payer))
        .to.be.revertedWithCustomError(f.htlc, "HTLC_UnknownLock")
        .withArgs(await idOf(f, token, HASH, recipient));
    }
  });

  it("case 2: reverts with HTLC_TransferFailed when the payer is refused, and can be sent again", async () => {
    const f = await loadFixture(deploy);
    await lock(f, { token: f.hostile });
    await at(f.expiry);
    await f.hostile.setMode(Mode.ReturnFalse, f.payer);
    await expect(f.htlc.refund(HASH, f.hostile, f.payee, f.payer))
      .to.be.revertedWithCustomError(f.htlc, "HTLC_TransferFailed")
      .withArgs(f.hostile, f.payer, 1_000n);
    await f.hostile.setMode(Mode.Normal, ethers.ZeroAddress);
    await expect(f.htlc.refund(HASH, f.hostile, f.payee, f.payer)).to.changeTokenBalances(
      f.hostile,
      [f.payer, f.htlc],
      [1_000n, -1_000n],
    );
  });
});
