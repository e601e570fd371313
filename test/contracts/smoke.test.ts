import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import {
  closeByUser,
  complete,
  deployHub,
  pass,
  SETTINGS,
  NO_APPOINTMENT,
  closeBySystem,
  idOf,
  issued,
} from "./helpers/fixture";
import { state } from "./helpers/messages";

describe("smoke", () => {
  it("user closes and settles", async () => {
    const f = await loadFixture(deployHub);
    await f.hub.connect(f.user).deposit(f.ref, 1000n);
    const s = { version: 3n, net: -400n };
    const d = await closeByUser(f, { shown: s });
    await expect(f.hub.settle(f.ref, d, state(s))).to.be.reverted;
    await pass(SETTINGS.challengePeriod + SETTINGS.claimWindow);
    const tx = f.hub.settle(f.ref, d, state(s));
    await expect(tx).to.changeTokenBalances(f.token, [f.user, f.system, f.hub], [600n, 400n, -1000n]);
    console.log((await (await tx).wait())?.gasUsed);
  });
  it("user cheats", async () => {
    const f = await loadFixture(deployHub);
    await f.hub.connect(f.user).deposit(f.ref, 1000n);
    const d = await closeByUser(f, { shown: { version: 1n, net: 0n } });
    const e = await complete(f, { version: 3n, net: -400n });
    const tx = f.hub.connect(f.other).challenge(f.ref, d, e.state, e.userSignature, e.systemSignature, NO_APPOINTMENT);
    await expect(tx).to.changeTokenBalances(f.token, [f.user, f.system, f.hub], [0n, 1000n, -1000n]);
    console.log((await (await tx).wait())?.gasUsed);
  });
  it("system cheats with a note", async () => {
    const f = await loadFixture(deployHub);
    await f.hub.connect(f.user).deposit(f.ref, 1000n);
    await f.hub.connect(f.system).fundBond(f.system, f.token, 5000n);
    const d = await closeBySystem(f, { shown: { version: 1n, net: -900n } });
    const e = await issued(f, { seq: 1n, credited: 300n });
    await f.hub.connect(f.user).prove(f.ref, d, state(), e.note, e.systemSignature, [], NO_APPOINTMENT);
    await pass(SETTINGS.challengePeriod + SETTINGS.claimWindow);
    await expect(f.hub.settle(f.ref, d, state({ version: 1n, net: -900n })))
      .to.emit(f.hub, "ChannelSettled")
      .withArgs(idOf(f.ref), 300n, 600n, true);
  });
});
