import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";

const deployRegistry = () => ethers.deployContract("PreimageRegistry");

describe("PreimageRegistry", () => {
  it("records when a preimage became public, for good", async () => {
    const registry = await loadFixture(deployRegistry);
    const preimage = ethers.id("secret");
    const hash = ethers.sha256(preimage);
    const call = await registry.reveal(preimage);
    const first = BigInt(await time.latest());
    await expect(call).to.emit(registry, "PreimageRevealed").withArgs(hash, preimage, first);
    await time.increase(100);
    await expect(registry.reveal(preimage)).to.not.emit(registry, "PreimageRevealed");
    expect(await registry.revealedAt(hash)).to.equal(first);
  });

  it("takes many at once, and knows nothing of others", async () => {
    const registry = await loadFixture(deployRegistry);
    const preimages = [ethers.id("a"), ethers.id("b"), ethers.ZeroHash];
    await registry.revealMany(preimages);
    for (const preimage of preimages) expect(await registry.revealedAt(ethers.sha256(preimage))).to.not.equal(0n);
    expect(await registry.revealedAt(ethers.sha256(ethers.id("c")))).to.equal(0n);
  });
});
