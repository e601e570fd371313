import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";

import { Mode } from "../helpers/fixture";
import { GUARD, HASH, PREIMAGE, deploy, lock, lockOf, type Fixture } from "../helpers/htlc";

describe("HTLC, case 1: re-entrancy through a token's hook", () => {
  /** Every function that moves money, called with anything. */
  function calls(f: Fixture): Record<string, string> {
    const encode = f.htlc.interface.encodeFunctionData.bind(f.htlc.interface);
    const [hash, { address }] = [ethers.ZeroHash, f.payer];
    return {
      lock: encode("lock", [hash, address, 1n, 1n, address]),
      lockWithPermit: encode("lockWithPermit", [hash, address, 1n, 1n, address, 0n, 27, hash, hash]),
      claim: encode("claim", [hash, address, 1n, address, address]),
      claimMany: encode("claimMany", [address, address, []]),
      claimTo: encode("claimTo", [hash, address, 1n, address, address]),
      claimWithPermission: encode("claimWithPermission", [hash, address, 1n, address, address, 0n, "0x"]),
      refund: encode("refund", [hash, address, address, address]),
    };
  }

  it("is turned away by every function, while tokens come in and while they go out", async () => {
    const f = await loadFixture(deploy);
    await lock(f, { token: f.hostile });
    for (const [name, data] of Object.entries(calls(f))) {
      await f.hostile.setCallback(f.htlc, data);
      await f.hostile.setMode(Mode.Reenter, ethers.ZeroAddress);
      await lock(f, { token: f.hostile, payer: f.other });
      expect(await f.hostile.answer(), `${name} on the way in`).to.equal(GUARD);
      await f.htlc.claim(PREIMAGE, f.hostile, 1_000n, f.payee, f.other);
      expect(await f.hostile.answer(), `${name} on the way out`).to.equal(GUARD);
      expect((await lockOf(f, { token: f.hostile })).amount).to.equal(1_000n);
    }
  });

  it("cannot count one payment for two locks", async () => {
    const f = await loadFixture(deploy);
    const data = f.htlc.interface.encodeFunctionData("lock", [
      HASH,
      await f.hostile.getAddress(),
      1_000n,
      f.expiry,
      f.payee.address,
    ]);
    await f.hostile.setCallback(f.htlc, data);
    await f.hostile.setMode(Mode.Reenter, ethers.ZeroAddress);
    await lock(f, { token: f.hostile });
    expect((await lockOf(f, { token: f.hostile })).amount).to.equal(1_000n);
    expect(await f.hostile.balanceOf(f.htlc)).to.equal(1_000n);
  });
});
