import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";

import { closeByUser, deployFunded, idOf, now, SETTINGS, sign, soon, type Fixture } from "../helpers/fixture";

async function closing(f: Fixture, net: bigint, deadline?: bigint) {
  const message = { net, deadline: deadline ?? (await soon()) };
  return {
    message,
    byUser: await sign(f, f.user, "Closing", message),
    bySystem: await sign(f, f.signer, "Closing", message),
  };
}

describe("ChannelHub.closeCooperatively", () => {
  for (const [net, toUser, toSystem] of [
    [-400n, 600n, 400n],
    [0n, 1_000n, 0n],
    [-1_000n, 0n, 1_000n],
    [-(2n ** 127n), 0n, 1_000n],
  ] as const) {
    it(`pays both at once with net ${net}`, async () => {
      const f = await loadFixture(deployFunded);
      const { message, byUser, bySystem } = await closing(f, net);
      const call = f.hub.connect(f.other).closeCooperatively(f.ref, message, byUser, bySystem);
      await expect(call).to.changeTokenBalances(f.token, [f.user, f.system, f.hub], [toUser, toSystem, -1_000n]);
      await expect(call).to.emit(f.hub, "ChannelClosed").withArgs(idOf(f.ref), toUser, toSystem);
      const channel = await f.hub.channelOf(f.ref);
      expect([channel.epoch, channel.id, channel.deposited, channel.collateral, channel.withdrawn]).to.deep.equal([
        1n,
        idOf(f.ref, 1n),
        0n,
        0n,
        0n,
      ]);
    });
  }

  it("leaves a claim for what the collateral lacks", async () => {
    const f = await loadFixture(deployFunded);
    const { message, byUser, bySystem } = await closing(f, 2n ** 127n - 1n);
    const call = f.hub.closeCooperatively(f.ref, message, byUser, bySystem);
    await expect(call).to.changeTokenBalances(f.token, [f.user, f.hub], [1_000n, -1_000n]);
    await expect(call)
      .to.emit(f.hub, "ClaimRecorded")
      .withArgs(f.ref.system, f.ref.token, 0n, f.ref.user, 2n ** 127n - 1n);
  });

  it("counts what was withdrawn", async () => {
    const f = await loadFixture(deployFunded);
    const taken = { withdrawn: 100n, reclaimed: 50n, recipient: f.ref.user, deadline: await soon() };
    await f.hub.connect(f.system).withdraw(f.ref, taken, await sign(f, f.user, "Withdrawal", taken), "0x");
    const { message, byUser, bySystem } = await closing(f, -200n);
    await expect(f.hub.closeCooperatively(f.ref, message, byUser, bySystem)).to.changeTokenBalances(
      f.token,
      [f.user, f.system],
      [700n, 150n],
    );
  });

  it("makes everything signed for the epoch void (case 5)", async () => {
    const f = await loadFixture(deployFunded);
    const { message, byUser, bySystem } = await closing(f, -400n);
    await f.hub.closeCooperatively(f.ref, message, byUser, bySystem);
    await f.hub.connect(f.user).deposit(f.ref, 1_000n);
    await expect(f.hub.closeCooperatively(f.ref, message, byUser, bySystem)).to.be.revertedWithCustomError(
      f.errors,
      "Hub_InvalidUserSignature",
    );
  });

  it("reverts with Hub_ChannelClosing while a close is pending", async () => {
    const f = await loadFixture(deployFunded);
    const { message, byUser, bySystem } = await closing(f, -400n);
    await closeByUser(f);
    await expect(f.hub.closeCooperatively(f.ref, message, byUser, bySystem))
      .to.be.revertedWithCustomError(f.errors, "Hub_ChannelClosing")
      .withArgs(idOf(f.ref));
  });

  it("reverts with Hub_BadDeadline outside the deadline's bounds", async () => {
    const f = await loadFixture(deployFunded);
    const time = await now();
    for (const deadline of [time - 1n, time + SETTINGS.challengePeriod + 100n]) {
      const { message, byUser, bySystem } = await closing(f, 0n, deadline);
      await expect(f.hub.closeCooperatively(f.ref, message, byUser, bySystem)).to.be.revertedWithCustomError(
        f.errors,
        "Hub_BadDeadline",
      );
    }
  });

  it("case 9: reverts with Hub_InvalidAddress for a system's channel with itself", async () => {
    const f = await loadFixture(deployFunded);
    const { message } = await closing(f, 100n);
    await expect(f.hub.connect(f.system).closeCooperatively({ ...f.ref, user: f.ref.system }, message, "0x", "0x"))
      .to.be.revertedWithCustomError(f.errors, "Hub_InvalidAddress")
      .withArgs(f.ref.system);
  });

  it("reverts without the user's, or without the system's signature", async () => {
    const f = await loadFixture(deployFunded);
    const { message, byUser, bySystem } = await closing(f, 0n);
    await expect(f.hub.closeCooperatively(f.ref, message, bySystem, bySystem)).to.be.revertedWithCustomError(
      f.errors,
      "Hub_InvalidUserSignature",
    );
    await expect(f.hub.closeCooperatively(f.ref, message, byUser, byUser)).to.be.revertedWithCustomError(
      f.errors,
      "Hub_InvalidSystemSignature",
    );
  });
});
