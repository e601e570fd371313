import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import type { AddressLike, BigNumberish, Signer } from "ethers";
import { ethers } from "hardhat";

import { at } from "../helpers/fixture";
import {
  ENDED,
  NATIVE,
  PREIMAGE,
  claim,
  deploy,
  deployLocked,
  idOf,
  lock,
  lockOf,
  type Fixture,
} from "../helpers/htlc";

describe("HTLC.claimWithPermission", () => {
  interface Permission {
    id: string;
    lockedAt: BigNumberish;
    claimer: string;
    deadline: bigint;
  }

  /** The recipient's permission for the relayer, with anything changed. */
  async function permission(f: Fixture, changed: Partial<Permission> = {}, domain = {}, signer: Signer = f.payee) {
    const fields = { id: "bytes32", lockedAt: "uint64", claimer: "address", deadline: "uint64" };
    const types = { Permission: Object.entries(fields).map(([name, type]) => ({ name, type })) };
    const { id, lockedAt } = await lockOf(f);
    const message = { id, lockedAt, claimer: f.relayer.address, deadline: f.expiry, ...changed };
    return signer.signTypedData(
      {
        name: "Starledger HTLC",
        version: "1",
        chainId: (await ethers.provider.getNetwork()).chainId,
        verifyingContract: await f.htlc.getAddress(),
        ...domain,
      },
      types,
      message,
    );
  }

  function use(
    f: Fixture,
    signature: string,
    { sender = f.relayer, recipient = f.payee }: { sender?: Signer; recipient?: AddressLike } = {},
  ) {
    return f.htlc
      .connect(sender)
      .claimWithPermission(PREIMAGE, f.token, 1_000n, recipient, f.payer, f.expiry, signature);
  }

  it("pays the sender whom the recipient permitted", async () => {
    const f = await loadFixture(deployLocked);
    const claiming = use(f, await permission(f));
    await expect(claiming).to.changeTokenBalances(f.token, [f.relayer, f.payee, f.htlc], [1_000n, 0n, -1_000n]);
    await expect(claiming)
      .to.emit(f.htlc, "Claimed")
      .withArgs(await idOf(f), PREIMAGE);
    expect(await lockOf(f)).to.include(ENDED);
  });

  it("case 5: is void for another sender, lock, block, deadline, contract, chain, and by another signer", async () => {
    const f = await loadFixture(deployLocked);
    const refused = async (signature: string, sender = f.relayer) =>
      expect(use(f, signature, { sender }))
        .to.be.revertedWithCustomError(f.htlc, "HTLC_InvalidPermission")
        .withArgs(await idOf(f), sender);
    await refused(await permission(f), f.other);
    await refused(await permission(f, { id: await idOf(f, NATIVE) }));
    await refused(await permission(f, { lockedAt: (await lockOf(f)).lockedAt - 1n }));
    await refused(await permission(f, { deadline: f.expiry + 1n }));
    await refused(await permission(f, {}, { verifyingContract: await f.token.getAddress() }));
    await refused(await permission(f, {}, { chainId: 1n }));
    await refused(await permission(f, {}, { name: "Starledger" }));
    await refused(await permission(f, {}, {}, f.payer));
    await refused("0x");
    const { r, s } = ethers.Signature.from(await permission(f));
    await refused(ethers.concat([r, s]));
  });

  it("case 5: dies with its lock, and is worth nothing for a later one of the same id", async () => {
    const f = await loadFixture(deployLocked);
    const signature = await permission(f);
    await claim(f);
    await expect(use(f, signature)).to.be.revertedWithCustomError(f.htlc, "HTLC_UnknownLock");
    await lock(f);
    await expect(use(f, signature))
      .to.be.revertedWithCustomError(f.htlc, "HTLC_InvalidPermission")
      .withArgs(await idOf(f), f.relayer);
  });

  it("is good up to its deadline, and reverts with HTLC_PermissionExpired after it", async () => {
    const f = await loadFixture(deployLocked);
    const deadline = f.expiry - 10n;
    const signature = await permission(f, { deadline });
    const useIt = () =>
      f.htlc.connect(f.relayer).claimWithPermission(PREIMAGE, f.token, 1_000n, f.payee, f.payer, deadline, signature);
    await at(deadline + 1n);
    await expect(useIt())
      .to.be.revertedWithCustomError(f.htlc, "HTLC_PermissionExpired")
      .withArgs(deadline, deadline + 1n);
    const g = await loadFixture(deployLocked);
    const again = await permission(g, { deadline });
    await at(deadline);
    await g.htlc.connect(g.relayer).claimWithPermission(PREIMAGE, g.token, 1_000n, g.payee, g.payer, deadline, again);
    expect(await g.token.balanceOf(g.relayer)).to.equal(1_000n);
  });

  it("case 6: takes the ERC-1271 signature of a contract, while its owner stands by it", async () => {
    const f = await loadFixture(deploy);
    const wallet = await ethers.deployContract("HostileAccount", [f.payee]);
    await lock(f, { recipient: wallet });
    const { id, lockedAt } = await lockOf(f, { recipient: wallet });
    const signature = await permission(f, { id, lockedAt });
    await wallet.setOwner(f.other);
    await expect(use(f, signature, { recipient: wallet })).to.be.revertedWithCustomError(
      f.htlc,
      "HTLC_InvalidPermission",
    );
    await wallet.setOwner(f.payee);
    await expect(use(f, signature, { recipient: wallet })).to.changeTokenBalances(f.token, [f.relayer], [1_000n]);
  });
});
