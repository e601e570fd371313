import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";

import { deployHub, idOf } from "../helpers/fixture";

describe("ChannelHub.commitCollateral", () => {
  it("covers the channel without being the user's money", async () => {
    const f = await loadFixture(deployHub);
    const commit = f.hub.connect(f.system).commitCollateral(f.ref, 700n);
    await expect(commit).to.changeTokenBalances(f.token, [f.system, f.hub], [-700n, 700n]);
    await expect(commit).to.emit(f.hub, "CollateralCommitted").withArgs(idOf(f.ref), 700n);
    const { deposited, collateral } = await f.hub.channelOf(f.ref);
    expect([deposited, collateral]).to.deep.equal([0n, 700n]);
  });

  it("reverts as deposit does", async () => {
    const f = await loadFixture(deployHub);
    const unknown = { ...f.ref, system: await f.other.getAddress() };
    await expect(f.hub.connect(f.user).commitCollateral(unknown, 1n))
      .to.be.revertedWithCustomError(f.errors, "Hub_UnknownAsset")
      .withArgs(unknown.system, unknown.token);
    await expect(f.hub.connect(f.user).commitCollateral({ ...f.ref, user: f.ref.system }, 1n))
      .to.be.revertedWithCustomError(f.errors, "Hub_InvalidAddress")
      .withArgs(f.ref.system);
  });
});
