import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";

import { at, HOUR, Mode } from "../helpers/fixture";
import { HASH, MAX_128, NATIVE, claim, deploy, deployLocked, idOf, lock, lockOf } from "../helpers/htlc";

describe("HTLC.lock", () => {
  it("takes tokens of the sender, and remembers amount, expiry and block in one slot", async () => {
    const f = await loadFixture(deploy);
    const locking = lock(f);
    await expect(locking).to.changeTokenBalances(f.token, [f.payer, f.payee, f.htlc], [-1_000n, 0n, 1_000n]);
    await expect(locking).to.emit(f.htlc, "Locked").withArgs(HASH, f.token, f.payee, f.payer);
    const { blockNumber } = (await (await locking).wait())!;
    const id = await idOf(f);
    expect(await lockOf(f)).to.deep.equal({ id, amount: 1_000n, expiry: f.expiry, lockedAt: BigInt(blockNumber) });
  });

  it("takes native coin", async () => {
    const f = await loadFixture(deploy);
    const locking = lock(f, { token: NATIVE, amount: 500n });
    await expect(locking).to.changeEtherBalances([f.payer, f.payee, f.htlc], [-500n, 0n, 500n]);
    await expect(locking).to.emit(f.htlc, "Locked").withArgs(HASH, NATIVE, f.payee, f.payer);
    expect(await lockOf(f, { token: NATIVE })).to.include({ amount: 500n, expiry: f.expiry });
  });

  it("case 4: locks what arrived of a fee-on-transfer token, and pays exactly that", async () => {
    const f = await loadFixture(deploy);
    await f.hostile.setMode(Mode.Fee, ethers.ZeroAddress);
    await lock(f, { token: f.hostile, hash: ethers.id("another"), payer: f.other });
    await lock(f, { token: f.hostile });
    expect((await lockOf(f, { token: f.hostile })).amount).to.equal(900n);
    expect(await f.hostile.balanceOf(f.htlc)).to.equal(1_800n);
    await expect(claim(f, { token: f.hostile })).to.be.revertedWithCustomError(f.htlc, "HTLC_UnknownLock");
    await expect(claim(f, { token: f.hostile, amount: 900n })).to.changeTokenBalances(
      f.hostile,
      [f.payee, f.htlc],
      [900n, -900n],
    );
  });

  it("holds locks of other hashes, recipients, tokens and payers beside each other", async () => {
    const f = await loadFixture(deployLocked);
    await lock(f, { hash: ethers.sha256(ethers.id("other")) });
    await lock(f, { recipient: f.other });
    await lock(f, { token: f.hostile });
    await lock(f, { payer: f.other });
    expect(await f.token.balanceOf(f.htlc)).to.equal(4_000n);
  });

  it("reverts with HTLC_LockExists while a lock of the same parties, token and hash is live", async () => {
    const f = await loadFixture(deployLocked);
    for (const token of [f.token, NATIVE]) {
      const again = lock(f, { token, amount: 1n, expiry: f.expiry + 1n });
      await expect(again)
        .to.be.revertedWithCustomError(f.htlc, "HTLC_LockExists")
        .withArgs(await idOf(f, token));
    }
  });

  it("can be made anew by the same payer once it has ended, by claim or refund", async () => {
    const f = await loadFixture(deployLocked);
    await claim(f);
    await lock(f, { amount: 7n });
    expect(await lockOf(f)).to.include({ amount: 7n, expiry: f.expiry });
    await at(f.expiry);
    await f.htlc.refund(HASH, f.token, f.payee, f.payer);
    await lock(f, { amount: 8n, expiry: f.expiry + HOUR });
    expect(await lockOf(f)).to.include({ amount: 8n, expiry: f.expiry + HOUR });
    expect(await f.token.balanceOf(f.htlc)).to.equal(8n);
  });

  it("reverts with HTLC_Expired at the expiry, not a second before", async () => {
    const f = await loadFixture(deploy);
    await at(f.expiry - 1n);
    await lock(f);
    await at(f.expiry);
    await expect(lock(f, { recipient: f.other }))
      .to.be.revertedWithCustomError(f.htlc, "HTLC_Expired")
      .withArgs(f.expiry, f.expiry);
  });

  it("reverts with HTLC_InvalidRecipient for the zero address and the contract itself", async () => {
    const f = await loadFixture(deploy);
    for (const recipient of [ethers.ZeroAddress, await f.htlc.getAddress()]) {
      await expect(lock(f, { recipient }))
        .to.be.revertedWithCustomError(f.htlc, "HTLC_InvalidRecipient")
        .withArgs(recipient);
    }
  });

  it("case 14: reverts with HTLC_WrongValue unless exactly the amount is sent, and none with a token", async () => {
    const f = await loadFixture(deploy);
    for (const [token, value, want] of [
      [NATIVE, 499n, 500n],
      [NATIVE, 501n, 500n],
      [f.token, 1n, 0n],
    ] as const) {
      await expect(lock(f, { token, amount: 500n, value }))
        .to.be.revertedWithCustomError(f.htlc, "HTLC_WrongValue")
        .withArgs(value, want);
    }
  });

  it("reverts with HTLC_InvalidAmount for nothing, and above uint128", async () => {
    const f = await loadFixture(deploy);
    await f.token.mint(f.payer, 2n ** 129n);
    for (const [token, amount] of [
      [f.token, 0n],
      [NATIVE, 0n],
      [f.token, MAX_128 + 1n],
    ] as const) {
      await expect(lock(f, { token, amount }))
        .to.be.revertedWithCustomError(f.htlc, "HTLC_InvalidAmount")
        .withArgs(amount, MAX_128);
    }
    await lock(f, { amount: MAX_128 });
    await expect(claim(f, { amount: MAX_128 })).to.changeTokenBalances(f.token, [f.payee], [MAX_128]);
  });

  it("reverts without allowance, and for an address that is no token", async () => {
    const f = await loadFixture(deploy);
    await f.token.connect(f.payer).approve(f.htlc, 999n);
    await expect(lock(f))
      .to.be.revertedWithCustomError(f.token, "ERC20InsufficientAllowance")
      .withArgs(f.htlc, 999n, 1_000n);
    await expect(lock(f, { token: f.other }))
      .to.be.revertedWithCustomError(f.htlc, "Hub_NotToken")
      .withArgs(f.other);
  });

  it("refuses a plain transfer of native coin", async () => {
    const f = await loadFixture(deploy);
    await expect(f.payer.sendTransaction({ to: f.htlc, value: 1n })).to.be.reverted;
  });
});
