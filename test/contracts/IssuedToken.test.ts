import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";

async function deployToken() {
  const [issuer, minter, holder, spender] = await ethers.getSigners();
  const token = await ethers.deployContract("IssuedToken", ["Points", "PT", 6, issuer!, 1_000n]);
  await token.grantRole(await token.MINTER_ROLE(), minter!);
  return { token, issuer: issuer!, minter: minter!, holder: holder!, spender: spender! };
}

describe("IssuedToken", () => {
  it("knows its issuer, decimals and cap", async () => {
    const { token, issuer } = await loadFixture(deployToken);
    expect([await token.issuer(), await token.decimals(), await token.cap(), await token.symbol()]).to.deep.equal([
      await issuer.getAddress(),
      6n,
      1_000n,
      "PT",
    ]);
  });

  it("is minted by role only, up to the cap", async () => {
    const { token, issuer, minter, holder } = await loadFixture(deployToken);
    await expect(token.connect(minter).mint(holder, 1_000n)).to.changeTokenBalances(token, [holder], [1_000n]);
    await expect(token.connect(minter).mint(holder, 1n))
      .to.be.revertedWithCustomError(token, "IssuedToken_CapExceeded")
      .withArgs(1_001n, 1_000n);
    await expect(token.connect(issuer).mint(holder, 1n))
      .to.be.revertedWithCustomError(token, "AccessControlUnauthorizedAccount")
      .withArgs(await issuer.getAddress(), await token.MINTER_ROLE());
  });

  it("is burned by its holders, which makes room again", async () => {
    const { token, minter, holder } = await loadFixture(deployToken);
    await token.connect(minter).mint(holder, 1_000n);
    await token.connect(holder).burn(400n);
    await token.connect(minter).mint(holder, 400n);
    expect(await token.totalSupply()).to.equal(1_000n);
  });

  it("takes a permit", async () => {
    const { token, holder, spender } = await loadFixture(deployToken);
    const deadline = BigInt(await time.latest()) + 100n;
    const domain = {
      name: "Points",
      version: "1",
      chainId: (await ethers.provider.getNetwork()).chainId,
      verifyingContract: await token.getAddress(),
    };
    const types = {
      Permit: [
        { name: "owner", type: "address" },
        { name: "spender", type: "address" },
        { name: "value", type: "uint256" },
        { name: "nonce", type: "uint256" },
        { name: "deadline", type: "uint256" },
      ],
    };
    const message = { owner: holder.address, spender: spender.address, value: 5n, nonce: 0n, deadline };
    const { v, r, s } = ethers.Signature.from(await holder.signTypedData(domain, types, message));
    await token.permit(holder, spender, 5n, deadline, v, r, s);
    expect(await token.allowance(holder, spender)).to.equal(5n);
  });
});
