import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";

import { at, Mode } from "../helpers/fixture";
import { NATIVE, PREIMAGE, deploy, idOf, lock, lockOf, type Fixture } from "../helpers/htlc";

describe("HTLC.claimMany", () => {
  const preimages = [0, 1, 2].map((n) => ethers.id(`preimage ${n}`));

  async function deployMany() {
    const f = await deploy();
    for (const [n, preimage] of preimages.entries()) {
      await lock(f, { hash: ethers.sha256(preimage), amount: 10n ** BigInt(n) });
    }
    return f;
  }

  const items = (f: Fixture) =>
    preimages.map((preimage, n) => ({ preimage, amount: 10n ** BigInt(n), payer: f.payer.address }));

  it("pays one recipient all its locks of a token at once, whoever sends it", async () => {
    const f = await loadFixture(deployMany);
    const batch = f.htlc.connect(f.other);
    expect(await batch.claimMany.staticCall(f.token, f.payee, items(f))).to.equal(111n);
    const claiming = batch.claimMany(f.token, f.payee, items(f));
    await expect(claiming).to.changeTokenBalances(f.token, [f.payee, f.other, f.htlc], [111n, 0n, -111n]);
    for (const preimage of preimages) {
      await expect(claiming)
        .to.emit(f.htlc, "Claimed")
        .withArgs(await idOf(f, f.token, ethers.sha256(preimage)), preimage);
    }
  });

  it("pays native coin, from several payers", async () => {
    const f = await loadFixture(deploy);
    await lock(f, { token: NATIVE, amount: 5n });
    await lock(f, { token: NATIVE, amount: 6n, payer: f.other });
    const both = [
      { preimage: PREIMAGE, amount: 5n, payer: f.payer },
      { preimage: PREIMAGE, amount: 6n, payer: f.other },
    ];
    await expect(f.htlc.claimMany(NATIVE, f.payee, both)).to.changeEtherBalances([f.payee, f.htlc], [11n, -11n]);
  });

  it("leaves out what somebody claimed first, what has expired, and what is not as told", async () => {
    const f = await loadFixture(deployMany);
    const [first, second, third] = items(f);
    await f.htlc.connect(f.other).claim(first!.preimage, f.token, 1n, f.payee, f.payer);
    const early = ethers.id("early");
    await lock(f, { hash: ethers.sha256(early), amount: 7n, expiry: f.expiry - 10n });
    await at(f.expiry - 10n);
    const batch = [
      first!,
      { ...first!, preimage: early, amount: 7n },
      { ...second!, amount: 11n },
      { ...third!, payer: f.other.address },
      { ...third!, preimage: ethers.id("wrong") },
      second!,
      second!,
    ];
    const claiming = f.htlc.claimMany(f.token, f.payee, batch);
    await expect(claiming).to.changeTokenBalances(f.token, [f.payee, f.htlc], [10n, -10n]);
    expect((await (await claiming).wait())!.logs).to.have.length(2);
  });

  it("reverts with HTLC_NothingToClaim when nothing is left, or nothing was asked for", async () => {
    const f = await loadFixture(deployMany);
    await f.htlc.claimMany(f.token, f.payee, items(f));
    for (const batch of [items(f), []]) {
      await expect(f.htlc.claimMany(f.token, f.payee, batch)).to.be.revertedWithCustomError(
        f.htlc,
        "HTLC_NothingToClaim",
      );
    }
  });

  it("reverts with HTLC_TransferFailed as a whole when its one recipient is refused, and all stay live", async () => {
    const f = await loadFixture(deploy);
    await lock(f, { token: f.hostile });
    await f.hostile.setMode(Mode.Revert, f.payee);
    await expect(f.htlc.claimMany(f.hostile, f.payee, [{ preimage: PREIMAGE, amount: 1_000n, payer: f.payer }]))
      .to.be.revertedWithCustomError(f.htlc, "HTLC_TransferFailed")
      .withArgs(f.hostile, f.payee, 1_000n);
    expect((await lockOf(f, { token: f.hostile })).amount).to.equal(1_000n);
  });
});
