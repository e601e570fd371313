import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";
import { ethers } from "hardhat";

import { challenge, prove, settle } from "../helpers/disputes";
import {
  appoint,
  Backing,
  closeBySystem,
  closeByUser,
  deployHub,
  disputeOf,
  NO_SIGNATURE,
  note,
  NoticeKind,
  pass,
  SETTINGS,
  sign,
  soon,
  state,
  type Fixture,
} from "../helpers/fixture";

const COIN = ethers.ZeroAddress;
const FEE = SETTINGS.staleFee;
const ACCEPT = 0;
const REFUSE = 1;

/** A channel of native coin with 1,000 wei in it, and a bond of 5,000. */
async function nativeChannel() {
  const f = await deployHub();
  const ref = { ...f.ref, token: COIN };
  await f.hub.connect(f.system).addAsset(COIN, { backing: Backing.Collateral, ...SETTINGS });
  await f.hub.connect(f.user).deposit(ref, 1_000n, { value: 1_000n });
  await f.hub.connect(f.system).fundBond(ref.system, COIN, 5_000n, { value: 5_000n });
  return { f, ref };
}

/** The same for a contract wallet, signed for by the user's key until it adds or changes something. */
async function walletChannel() {
  const { f } = await nativeChannel();
  const wallet = await ethers.deployContract("HostileAccount", [f.user], { value: 10n ** 6n });
  const ref = { ...f.ref, token: COIN, user: await wallet.getAddress() };
  await f.hub.connect(f.other).deposit(ref, 1_000n, { value: 1_000n });
  const act = (name: string, values: readonly unknown[], value = 0n) =>
    wallet.act(f.hub, value, f.hub.interface.encodeFunctionData(name as never, values as never));
  return { f, wallet, ref, act };
}

/** What the call moved between all parties: the hub pays the sum. */
async function expectCoins(
  f: Fixture,
  call: Promise<ContractTransactionResponse>,
  { user = 0n, system = 0n, tower = 0n }: Partial<Record<"user" | "system" | "tower", bigint>>,
): Promise<void> {
  await expect(call).to.changeEtherBalances(
    [f.user, f.system, f.tower, f.hub],
    [user, system, tower, -(user + system + tower)],
  );
}

describe("channels of native coin", () => {
  it("take deposits, collateral and reserves of exactly what is sent", async () => {
    const { f, ref } = await loadFixture(nativeChannel);
    const paid = f.hub.connect(f.system).commitCollateral(ref, 30n, { value: 30n });
    await expect(paid).to.changeEtherBalances([f.system, f.hub], [-30n, 30n]);
    await f.hub.connect(f.other).fundReserve(ref.system, COIN, 40n, { value: 40n });
    const { deposited, collateral } = await f.hub.channelOf(ref);
    const { reserve, bond } = await f.hub.assetOf(ref.system, COIN);
    expect([deposited, collateral, reserve, bond]).to.deep.equal([1_000n, 1_030n, 40n, 5_000n]);
    for (const call of [
      f.hub.connect(f.system).commitCollateral(ref, 30n, { value: 29n }),
      f.hub.connect(f.system).fundReserve(ref.system, COIN, 30n, { value: 29n }),
      f.hub.connect(f.system).fundBond(ref.system, COIN, 30n, { value: 29n }),
    ]) {
      await expect(call).to.be.revertedWithCustomError(f.errors, "Hub_WrongValue").withArgs(29n, 30n);
    }
  });

  it("withdraw, also in a batch, and give the system back what it reclaims", async () => {
    const { f, ref } = await loadFixture(nativeChannel);
    const first = { withdrawn: 100n, reclaimed: 50n, recipient: ref.user, deadline: await soon() };
    const byUser = await sign(f, f.user, "Withdrawal", first, { ref });
    const bySystem = await sign(f, f.signer, "Withdrawal", first, { ref });
    await expectCoins(f, f.hub.connect(f.other).withdraw(ref, first, byUser, bySystem), { user: 100n, system: 50n });
    const second = { ...first, withdrawn: 300n };
    const item = {
      user: ref.user,
      withdrawal: second,
      userSignature: await sign(f, f.user, "Withdrawal", second, { ref }),
    };
    await expectCoins(f, f.hub.connect(f.system).withdrawBatch(COIN, [item]), { user: 200n });
  });

  it("close by consent, and pay both", async () => {
    const { f, ref } = await loadFixture(nativeChannel);
    const closing = { net: -300n, deadline: await soon() };
    const byUser = await sign(f, f.user, "Closing", closing, { ref });
    await expectCoins(f, f.hub.connect(f.system).closeCooperatively(ref, closing, byUser, "0x"), {
      user: 700n,
      system: 300n,
    });
  });

  it("close and settle, and pay both", async () => {
    const { f, ref } = await loadFixture(nativeChannel);
    const shown = { version: 1n, net: -400n };
    const dispute = await closeByUser(f, { shown, ref });
    await expectCoins(f, settle(f, dispute, shown, { ref }), { user: 600n, system: 400n });
  });

  it("take the fee of a humble close beside the channel's own coins, and give it back or away", async () => {
    for (const [newest, user, system] of [
      [{ version: 2n, net: -500n }, 500n + FEE, 500n],
      [{ version: 3n, net: -500n }, 500n, 500n + FEE],
    ] as const) {
      const { f, ref } = await loadFixture(nativeChannel);
      const before = await ethers.provider.getBalance(f.hub);
      const dispute = await closeByUser(f, { shown: { version: 1n, net: -400n }, humble: true, ref });
      expect((await ethers.provider.getBalance(f.hub)) - before).to.equal(FEE);
      await challenge(f, dispute, newest, { ref });
      await expectCoins(f, settle(f, dispute, newest, { ref }), { user, system });
    }
  });

  it("take no coins with an ordinary close (case 14)", async () => {
    const { f, ref } = await loadFixture(nativeChannel);
    const order = { party: ref.user, humble: false, deadline: await soon(), signature: "0x" };
    await expect(f.hub.connect(f.user).close(ref, state(), note(), NO_SIGNATURE, NO_SIGNATURE, order, { value: 1n }))
      .to.be.revertedWithCustomError(f.errors, "Hub_WrongValue")
      .withArgs(1n, 0n);
  });

  it("pay the user's undisputed due at once when the system closes", async () => {
    const { f, ref } = await loadFixture(nativeChannel);
    const before = await ethers.provider.getBalance(f.user);
    const dispute = await closeBySystem(f, { shown: { version: 1n, net: -400n }, ref });
    expect((await ethers.provider.getBalance(f.user)) - before).to.equal(600n);
    await expectCoins(f, settle(f, dispute, { version: 1n, net: -400n }, { ref }), { system: 400n });
  });

  it("penalise a user: all coins to the system, but for what it promised its watchtower", async () => {
    const { f, ref } = await loadFixture(nativeChannel);
    const dispute = await closeByUser(f, { shown: { version: 1n }, ref });
    const appointment = await appoint(f, ref.system, f.signer, { ref });
    const call = challenge(f, dispute, { version: 3n, net: -400n }, { sender: f.tower, appointment, ref });
    // A tenth of the 600 that the evidence would have left the user.
    await expect(call).to.changeEtherBalances([f.system, f.hub], [940n, -1_000n]);
    expect((await f.hub.channelOf(ref)).epoch).to.equal(1n);
  });

  it("penalise a system: all coins to the user, shared with its watchtower, then the award", async () => {
    const { f, ref } = await loadFixture(nativeChannel);
    const dispute = await closeBySystem(f, { shown: { version: 1n, net: -900n }, ref });
    const appointment = await appoint(f, ref.user, f.user, { ref });
    await challenge(f, dispute, { version: 2n, net: -700n }, { sender: f.tower, appointment, ref });
    // 100 were paid at once; 200 more are due, and of the 700 left a tenth is the tower's.
    await expectCoins(f, settle(f, dispute, { version: 2n, net: -700n }, { ref }), { user: 200n + 630n, tower: 70n });
    await pass(await f.hub.noticePeriod(ref.system));
    await expectCoins(f, f.hub.connect(f.other).collectAward(ref.system, COIN, 0n), { user: 450n });
    await expectCoins(f, f.hub.connect(f.other).collectAward(ref.system, COIN, 1n), { tower: 50n });
  });

  it("count notes", async () => {
    const { f, ref } = await loadFixture(nativeChannel);
    const shown = { version: 1n, net: -400n };
    const dispute = await closeByUser(f, { shown, ref });
    await prove(f, dispute, { seq: 1n, credited: 150n }, { standing: shown, ref });
    await expectCoins(f, settle(f, dispute, shown, { ref }), { user: 750n, system: 250n });
  });

  it("leave a claim for what is missing, which the reserve pays in coins", async () => {
    const { f, ref } = await loadFixture(nativeChannel);
    const shown = { version: 1n, net: 500n };
    const dispute = await closeByUser(f, { shown, ref });
    await expectCoins(f, settle(f, dispute, shown, { ref }), { user: 1_000n });
    await f.hub.connect(f.other).fundReserve(ref.system, COIN, 400n, { value: 400n });
    await expectCoins(f, f.hub.connect(f.other).collectClaim(ref.system, COIN, 0n), { user: 400n });
    expect((await f.hub.claimOf(ref.system, COIN, 0n)).amount).to.equal(100n);
  });

  it("give the system its reserve and bond back after a notice", async () => {
    const { f, ref } = await loadFixture(nativeChannel);
    const hub = f.hub.connect(f.system);
    await hub.fundReserve(ref.system, COIN, 300n, { value: 300n });
    await hub.giveNotice(NoticeKind.Reserve, COIN, 300n);
    await hub.giveNotice(NoticeKind.Bond, COIN, 5_000n);
    await pass(await f.hub.noticePeriod(ref.system));
    await expectCoins(f, hub.executeNotice(NoticeKind.Reserve, COIN), { system: 300n });
    await expectCoins(f, hub.executeNotice(NoticeKind.Bond, COIN), { system: 5_000n });
  });
});

describe("a recipient that refuses native coin stops nothing (case 2)", () => {
  it("in a withdrawal: it waits, and goes where the recipient says", async () => {
    const { f, wallet, ref, act } = await loadFixture(walletChannel);
    await wallet.setMode(REFUSE);
    const withdrawal = { withdrawn: 400n, reclaimed: 0n, recipient: ref.user, deadline: await soon() };
    const bySystem = await sign(f, f.signer, "Withdrawal", withdrawal, { ref });
    const call = act("withdraw", [ref, withdrawal, "0x", bySystem]);
    await expect(call).to.emit(f.hub, "PayoutOwed").withArgs(COIN, ref.user, 400n);
    expect(await f.hub.owed(COIN, ref.user)).to.equal(400n);
    const collected = act("collectOwed", [COIN, f.ref.user]);
    await expect(collected).to.changeEtherBalances([f.user, f.hub], [400n, -400n]);
    expect(await f.hub.owed(COIN, ref.user)).to.equal(0n);
  });

  it("in a cooperative closing: the system is paid all the same", async () => {
    const { f, wallet, ref, act } = await loadFixture(walletChannel);
    await wallet.setMode(REFUSE);
    const closing = { net: -300n, deadline: await soon() };
    const bySystem = await sign(f, f.signer, "Closing", closing, { ref });
    await expectCoins(f, act("closeCooperatively", [ref, closing, "0x", bySystem]), { system: 300n });
    expect(await f.hub.owed(COIN, ref.user)).to.equal(700n);
  });

  it("in a close by the system: what is paid at once is set aside, and counts as paid", async () => {
    const { f, wallet, ref, act } = await loadFixture(walletChannel);
    await act("addUserSigner", [ref, f.ref.user]);
    await wallet.setMode(REFUSE);
    const dispute = await closeBySystem(f, { shown: { version: 1n, net: -400n }, ref });
    expect(await f.hub.owed(COIN, ref.user)).to.equal(600n);
    await expectCoins(f, settle(f, dispute, { version: 1n, net: -400n }, { ref }), { system: 400n });
    expect(await f.hub.owed(COIN, ref.user)).to.equal(600n);
  });

  it("in a settlement after the wallet's own humble close, whose fee waits as well", async () => {
    const { f, wallet, ref, act } = await loadFixture(walletChannel);
    const order = { party: ref.user, humble: true, deadline: await soon(), signature: "0x" };
    const closed = await act("close", [ref, state(), note(), NO_SIGNATURE, NO_SIGNATURE, order], FEE);
    const dispute = disputeOf(f, await closed.wait());
    await wallet.setMode(REFUSE);
    await settle(f, dispute, {}, { ref });
    expect(await f.hub.owed(COIN, ref.user)).to.equal(1_000n + FEE);
    await wallet.setMode(ACCEPT);
    await expect(act("collectOwed", [COIN, ref.user])).to.changeEtherBalances(
      [wallet, f.hub],
      [1_000n + FEE, -1_000n - FEE],
    );
  });

  it("as a penalised user's system: its forfeit waits for it", async () => {
    const f = await loadFixture(deployHub);
    const system = await ethers.deployContract("HostileAccount", [f.signer], { value: 10n ** 6n });
    const ref = { ...f.ref, system: await system.getAddress(), token: COIN };
    const act = (name: string, values: readonly unknown[]) =>
      system.act(f.hub, 0n, f.hub.interface.encodeFunctionData(name as never, values as never));
    await act("addAsset", [COIN, { backing: Backing.Collateral, ...SETTINGS }]);
    await act("addSigner", [await f.signer.getAddress()]);
    await f.hub.connect(f.user).deposit(ref, 1_000n, { value: 1_000n });
    await system.setMode(REFUSE);
    const dispute = await closeByUser(f, { shown: { version: 1n }, ref });
    await challenge(f, dispute, { version: 3n, net: -400n }, { ref });
    expect(await f.hub.owed(COIN, ref.system)).to.equal(1_000n);
    await expect(act("collectOwed", [COIN, f.ref.user])).to.changeEtherBalances([f.user, f.hub], [1_000n, -1_000n]);
  });
});
