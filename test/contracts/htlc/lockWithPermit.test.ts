import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";

import { HASH, NATIVE, deploy, lockOf, type Fixture } from "../helpers/htlc";

describe("HTLC.lockWithPermit", () => {
  async function permit(f: Fixture, value = 1_000n) {
    await f.token.connect(f.payer).approve(f.htlc, 0n);
    const deadline = f.expiry;
    const domain = {
      name: "Test token",
      version: "1",
      chainId: (await ethers.provider.getNetwork()).chainId,
      verifyingContract: await f.token.getAddress(),
    };
    const fields = { owner: "address", spender: "address", value: "uint256", nonce: "uint256", deadline: "uint256" };
    const types = { Permit: Object.entries(fields).map(([name, type]) => ({ name, type })) };
    const message = { owner: f.payer.address, spender: await f.htlc.getAddress(), value, nonce: 0n, deadline };
    const { v, r, s } = ethers.Signature.from(await f.payer.signTypedData(domain, types, message));
    return [deadline, v, r, s] as const;
  }

  it("needs no approval before", async () => {
    const f = await loadFixture(deploy);
    const signed = await permit(f);
    const locking = f.htlc.connect(f.payer).lockWithPermit(HASH, f.token, 1_000n, f.expiry, f.payee, ...signed);
    await expect(locking).to.changeTokenBalances(f.token, [f.payer, f.htlc], [-1_000n, 1_000n]);
    await expect(locking).to.emit(f.htlc, "Locked").withArgs(HASH, f.token, f.payee, f.payer);
    expect((await lockOf(f)).amount).to.equal(1_000n);
    expect(await f.token.allowance(f.payer, f.htlc)).to.equal(0n);
  });

  it("works although somebody used the permit first", async () => {
    const f = await loadFixture(deploy);
    const [deadline, v, r, s] = await permit(f);
    await f.token.connect(f.other).permit(f.payer, f.htlc, 1_000n, deadline, v, r, s);
    await f.htlc.connect(f.payer).lockWithPermit(HASH, f.token, 1_000n, f.expiry, f.payee, deadline, v, r, s);
    expect((await lockOf(f)).amount).to.equal(1_000n);
  });

  it("takes nothing from the signer of a permit that somebody else sends", async () => {
    const f = await loadFixture(deploy);
    const [deadline, v, r, s] = await permit(f);
    await f.token.connect(f.other).approve(f.htlc, 0n);
    await expect(f.htlc.connect(f.other).lockWithPermit(HASH, f.token, 1_000n, f.expiry, f.payee, deadline, v, r, s))
      .to.be.revertedWithCustomError(f.token, "ERC20InsufficientAllowance")
      .withArgs(f.htlc, 0n, 1_000n);
  });

  it("relies on the allowance alone for a token without permits, and takes no native coin", async () => {
    const f = await loadFixture(deploy);
    const signed = [0n, 27, ethers.ZeroHash, ethers.ZeroHash] as const;
    await f.htlc.connect(f.payer).lockWithPermit(HASH, f.hostile, 5n, f.expiry, f.payee, ...signed);
    expect((await lockOf(f, { token: f.hostile })).amount).to.equal(5n);
    await expect(f.htlc.connect(f.payer).lockWithPermit(HASH, NATIVE, 5n, f.expiry, f.payee, ...signed))
      .to.be.revertedWithCustomError(f.htlc, "HTLC_WrongValue")
      .withArgs(0n, 5n);
  });
});
