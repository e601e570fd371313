import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";

import { defendable } from "../../../scripts/gas/defendable";
import { challengeOf, closeMany, proofOf } from "../../../scripts/gas/massExit";
import { deployHub, pass, SETTINGS } from "../helpers/fixture";

describe("a mass exit (case 20)", () => {
  it("every close of one moment is answered by itself, many in one block, and settles by the answer", async () => {
    const f = await loadFixture(deployHub);
    const closed = await closeMany(f, 20, 10);
    await ethers.provider.send("evm_setAutomine", [false]);
    const sent = [];
    for (const channel of closed) sent.push(await challengeOf(f, channel, 150_000));
    await ethers.provider.send("evm_mine", []);
    await ethers.provider.send("evm_setAutomine", [true]);
    const blocks = await Promise.all(sent.map(async ({ hash }) => ethers.provider.getTransactionReceipt(hash)));
    expect(new Set(blocks.map((receipt) => receipt?.blockNumber)).size).to.equal(1);
    expect(blocks.map((receipt) => receipt?.status)).to.deep.equal(closed.map(() => 1));

    for (const channel of closed) await proofOf(f, channel);
    await pass(2n * SETTINGS.challengePeriod + SETTINGS.lockLimit + SETTINGS.claimWindow);
    for (const { key, dispute, newest } of closed) {
      // 100 deposited, 20 paid, 9 received.
      await expect(f.hub.settle(key, dispute, newest.state)).to.changeTokenBalances(
        f.token,
        [key.user, f.system],
        [89n, 11n],
      );
    }
  });

  it("an answer to one close says nothing about another: it cannot be used up, nor block others", async () => {
    const f = await loadFixture(deployHub);
    const [first, second] = await closeMany(f, 2, 10);
    const foreign = { ...first!, newest: second!.newest };
    await expect(challengeOf(f, foreign)).to.be.revertedWithCustomError(f.errors, "Hub_InvalidUserSignature");
    await challengeOf(f, second!);
    await challengeOf(f, first!);
  });

  it("the number of closes that a period can defend is blocks × answers per block × share, rounded down", () => {
    const terms = { perBlock: 256, seconds: 3 * 86_400, blockSeconds: 12 };
    expect([0.1, 0.5, 1].map((share) => defendable({ ...terms, share }))).to.deep.equal([
      552_960, 2_764_800, 5_529_600,
    ]);
    expect(defendable({ perBlock: 7, seconds: 25, blockSeconds: 12, share: 0.5 })).to.equal(7);
    expect(defendable({ perBlock: 7, seconds: 11, blockSeconds: 12, share: 1 })).to.equal(0);
  });
});
