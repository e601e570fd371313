import { expect } from "chai";
import { ethers } from "hardhat";

import { PreimageRegistryClient } from "../../src/chain";
import { hashOfPreimage, keccakText, toAddress } from "../../src/protocol";

describe("PreimageRegistryClient", () => {
  async function deployed(): Promise<PreimageRegistryClient> {
    const contract = await ethers.deployContract("PreimageRegistry");
    const [signer] = await ethers.getSigners();
    return new PreimageRegistryClient(toAddress(await contract.getAddress()), signer!);
  }

  const timeOf = async (block: number): Promise<bigint> => BigInt((await ethers.provider.getBlock(block))!.timestamp);

  it("registers one or many, and says when each became public", async () => {
    const registry = await deployed();
    const preimages = ["a", "b", "c"].map(keccakText);
    const hashes = preimages.map(hashOfPreimage);
    const before = await ethers.provider.getBlockNumber();
    await registry.register([]);
    expect(await ethers.provider.getBlockNumber()).to.equal(before);
    await registry.register(preimages.slice(0, 1));
    await registry.register(preimages);
    const [first, second] = [await timeOf(before + 1), await timeOf(before + 2)];
    const times = await Promise.all(hashes.map((hash) => registry.registeredAt(hash, "latest")));
    expect(times).to.deep.equal([first, second, second]);
    expect(await registry.registeredAt(hashOfPreimage(keccakText("d")), "latest")).to.equal(undefined);
    expect(await registry.registrations(before + 1, before + 2)).to.deep.equal([
      { preimage: preimages[0], time: first },
      { preimage: preimages[1], time: second },
      { preimage: preimages[2], time: second },
    ]);
  });

  it("knows nothing of a block before the registration", async () => {
    const registry = await deployed();
    const preimage = keccakText("a");
    const block = await ethers.provider.getBlockNumber();
    await registry.register([preimage]);
    expect(await registry.registeredAt(hashOfPreimage(preimage), block)).to.equal(undefined);
    expect(await registry.registeredAt(hashOfPreimage(preimage))).to.equal(await timeOf(block + 1));
  });
});
