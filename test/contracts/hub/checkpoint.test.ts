import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";

import { closeByUser, complete, deployHub, idOf } from "../helpers/fixture";

describe("ChannelHub.checkpoint", () => {
  it("stores complete states of rising versions, and keeps the totals withdrawn", async () => {
    const f = await loadFixture(deployHub);
    for (const version of [2n, 5n]) {
      const { state, userSignature, systemSignature } = await complete(f, { version, net: 3n });
      await expect(f.hub.checkpoint(f.ref, state, userSignature, systemSignature))
        .to.emit(f.hub, "StateCheckpointed")
        .withArgs(idOf(f.ref), version);
      expect((await f.hub.channelOf(f.ref)).checkpoint).to.equal(version);
    }
  });

  it("reverts with Hub_Stale for a version not above the stored one", async () => {
    const f = await loadFixture(deployHub);
    const { state, userSignature, systemSignature } = await complete(f, { version: 2n });
    await f.hub.checkpoint(f.ref, state, userSignature, systemSignature);
    await expect(f.hub.checkpoint(f.ref, state, userSignature, systemSignature))
      .to.be.revertedWithCustomError(f.errors, "Hub_Stale")
      .withArgs(idOf(f.ref), 2n, 2n);
  });

  it("reverts with Hub_ChannelClosing while a close is pending: it has no effect then", async () => {
    const f = await loadFixture(deployHub);
    const { state, userSignature, systemSignature } = await complete(f, { version: 2n });
    await closeByUser(f);
    await expect(f.hub.checkpoint(f.ref, state, userSignature, systemSignature))
      .to.be.revertedWithCustomError(f.errors, "Hub_ChannelClosing")
      .withArgs(idOf(f.ref));
  });

  it("reverts for a state that is not complete", async () => {
    const f = await loadFixture(deployHub);
    const { state, userSignature, systemSignature } = await complete(f, { version: 2n });
    await expect(f.hub.checkpoint(f.ref, state, "0x", systemSignature)).to.be.revertedWithCustomError(
      f.errors,
      "Hub_InvalidUserSignature",
    );
    await expect(f.hub.checkpoint(f.ref, state, userSignature, userSignature)).to.be.revertedWithCustomError(
      f.errors,
      "Hub_InvalidSystemSignature",
    );
  });
});
