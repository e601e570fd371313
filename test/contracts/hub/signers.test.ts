import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";

import { SimpleMerkleTree } from "@openzeppelin/merkle-tree";

import {
  appoint,
  closeBySystem,
  closeByUser,
  complete,
  deployFunded,
  deployHub,
  disputeOf,
  expectPaid,
  idOf,
  issued,
  NO_APPOINTMENT,
  NO_SIGNATURE,
  note,
  sign,
  soon,
  state,
  type Fixture,
} from "../helpers/fixture";
import { settle } from "../helpers/disputes";
import { lockTree } from "../helpers/locks";
import { structHash, TYPES } from "../helpers/messages";

describe("ChannelHub.addSigner", () => {
  it("lets a key sign for the sending system at once", async () => {
    const f = await loadFixture(deployHub);
    await expect(f.hub.connect(f.system).addSigner(f.other))
      .to.emit(f.hub, "SignerAdded")
      .withArgs(f.ref.system, await f.other.getAddress());
    expect(await f.hub.isSigner(f.system, f.other)).to.equal(true);
    expect(await f.hub.isSigner(f.other, f.other)).to.equal(false);
    const { state, userSignature } = await complete(f, { version: 1n });
    const signature = await sign(f, f.other, "State", state);
    await f.hub.checkpoint(f.ref, state, userSignature, signature);
  });

  it("is not implied by being the system: the account that holds the money need not sign states", async () => {
    const f = await loadFixture(deployHub);
    const { state, userSignature } = await complete(f, { version: 1n });
    const signature = await sign(f, f.system, "State", state);
    await expect(
      f.hub.connect(f.other).checkpoint(f.ref, state, userSignature, signature),
    ).to.be.revertedWithCustomError(f.errors, "Hub_InvalidSystemSignature");
  });

  it("reverts with Hub_InvalidAddress for no key", async () => {
    const f = await loadFixture(deployHub);
    await expect(f.hub.connect(f.system).addSigner(ethers.ZeroAddress))
      .to.be.revertedWithCustomError(f.errors, "Hub_InvalidAddress")
      .withArgs(ethers.ZeroAddress);
  });
});

describe("ChannelHub.addUserSigner", () => {
  it("adds one key for this epoch, and never invalidates the user's own", async () => {
    const f = await loadFixture(deployHub);
    await expect(f.hub.connect(f.user).addUserSigner(f.ref, f.other))
      .to.emit(f.hub, "UserSignerAdded")
      .withArgs(idOf(f.ref), await f.other.getAddress());
    expect(await f.hub.userSigner(idOf(f.ref))).to.equal(await f.other.getAddress());
    const own = await complete(f, { version: 1n });
    await f.hub.checkpoint(f.ref, own.state, own.userSignature, own.systemSignature);
    const added = await complete(f, { version: 2n });
    const byAdded = await sign(f, f.other, "State", added.state);
    await f.hub.connect(f.system).checkpoint(f.ref, added.state, byAdded, added.systemSignature);
    expect((await f.hub.channelOf(f.ref)).checkpoint).to.equal(2n);
  });

  it("counts in its epoch only", async () => {
    const f = await loadFixture(deployHub);
    await f.hub.connect(f.user).addUserSigner(f.ref, f.other);
    const closing = { net: 0n, deadline: await soon() };
    const signature = await sign(f, f.other, "Closing", closing);
    await f.hub.connect(f.system).closeCooperatively(f.ref, closing, signature, "0x");
    const { state, systemSignature } = await complete(f, { version: 1n }, 1n);
    const byAdded = await sign(f, f.other, "State", state, { epoch: 1n });
    await expect(f.hub.checkpoint(f.ref, state, byAdded, systemSignature)).to.be.revertedWithCustomError(
      f.errors,
      "Hub_InvalidUserSignature",
    );
  });

  it("reverts for another sender, a second key, no key, and while a close is pending", async () => {
    const f = await loadFixture(deployHub);
    const add = (sender: typeof f.user, key: string) => f.hub.connect(sender).addUserSigner(f.ref, key);
    const key = await f.tower.getAddress();
    await expect(add(f.other, key))
      .to.be.revertedWithCustomError(f.errors, "Hub_NotAllowed")
      .withArgs(await f.other.getAddress());
    await expect(add(f.user, ethers.ZeroAddress)).to.be.revertedWithCustomError(f.errors, "Hub_InvalidAddress");
    await add(f.user, key);
    await expect(add(f.user, f.ref.system))
      .to.be.revertedWithCustomError(f.errors, "Hub_SignerExists")
      .withArgs(idOf(f.ref), key);
    await closeByUser(f);
    await expect(add(f.user, key)).to.be.revertedWithCustomError(f.errors, "Hub_ChannelClosing");
  });
});

describe("signatures on states and notes", () => {
  const malformed = (signature: string): [string, string][] => {
    const { r, s, v } = ethers.Signature.from(signature);
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const high = ethers.toBeHex(order - BigInt(s), 32);
    return [
      ["with a high s", ethers.concat([r, high, ethers.toBeHex(v === 27 ? 28 : 27)])],
      ["that recovers nothing", ethers.concat([ethers.ZeroHash, ethers.ZeroHash, "0x1b"])],
      ["of 63 bytes", ethers.dataSlice(signature, 0, 63)],
      ["with a trailing byte", ethers.concat([signature, "0x00"])],
      ["with v 29", ethers.concat([r, s, "0x1d"])],
      ["that is empty", "0x"],
    ];
  };

  it("case 6: malformed ones are refused, of user and system alike", async () => {
    const f = await loadFixture(deployHub);
    const { state, userSignature, systemSignature } = await complete(f, { version: 1n });
    const call = (byUser: string, bySystem: string) =>
      f.hub.connect(f.other).checkpoint(f.ref, state, byUser, bySystem);
    for (const [, bad] of malformed(userSignature)) {
      await expect(call(bad, systemSignature)).to.be.revertedWithCustomError(f.errors, "Hub_InvalidUserSignature");
    }
    for (const [, bad] of malformed(systemSignature)) {
      await expect(call(userSignature, bad)).to.be.revertedWithCustomError(f.errors, "Hub_InvalidSystemSignature");
    }
  });

  it("take the compact form of 64 bytes too", async () => {
    const f = await loadFixture(deployHub);
    const { state, userSignature, systemSignature } = await complete(f, { version: 1n });
    const compact = (signature: string) => ethers.Signature.from(signature).compactSerialized;
    await f.hub.connect(f.other).checkpoint(f.ref, state, compact(userSignature), compact(systemSignature));
  });

  it("one signature on a batch root covers every leaf, and nothing else", async () => {
    const f = await loadFixture(deployHub);
    const { state, userSignature } = await complete(f, { version: 1n, net: 4n });
    const { note } = await issued(f, { seq: 1n, credited: 9n });
    const hashOf = (kind: "State" | "Note", message: object) =>
      ethers.TypedDataEncoder.hashStruct(kind, { [kind]: [...TYPES[kind]] }, { channelId: idOf(f.ref), ...message });
    const hashes = [hashOf("State", state), hashOf("Note", note), ethers.id("another"), ethers.id("and one more")];
    const tree = SimpleMerkleTree.of(
      hashes.map((hash) => ethers.keccak256(ethers.keccak256(hash))),
      { sortLeaves: false },
    );
    const signature = await f.signer.signTypedData(f.domain, { Batch: [...TYPES.Batch] }, { root: tree.root });
    const call = (proof: string[]) =>
      f.hub.connect(f.other).checkpoint(f.ref, state, userSignature, ethers.concat([signature, ...proof]));
    await expect(call(tree.getProof(1))).to.be.revertedWithCustomError(f.errors, "Hub_InvalidSystemSignature");
    await expect(call([])).to.be.revertedWithCustomError(f.errors, "Hub_InvalidSystemSignature");
    await call(tree.getProof(0));
    expect((await f.hub.channelOf(f.ref)).checkpoint).to.equal(1n);
  });

  it("case 5: are void for another chain, hub, channel, epoch, version, kind or direction", async () => {
    const f = await loadFixture(deployHub);
    const { state, userSignature, systemSignature } = await complete(f, { version: 1n });
    const message = { channelId: idOf(f.ref), ...state };
    const types = { State: [...TYPES.State] };
    const note = { ...state, seq: 1n, credited: 0n };
    const foreign = [
      await f.user.signTypedData({ ...f.domain, chainId: 1n }, types, message),
      await f.user.signTypedData({ ...f.domain, verifyingContract: f.ref.token }, types, message),
      await f.user.signTypedData(f.domain, types, { ...message, channelId: idOf({ ...f.ref, token: f.ref.user }) }),
      await f.user.signTypedData(f.domain, types, { ...message, channelId: idOf(f.ref, 1n) }),
      await f.user.signTypedData(f.domain, types, { ...message, version: 2n }),
      await f.user.signTypedData(f.domain, { Note: [...TYPES.Note] }, { channelId: idOf(f.ref), ...note }),
      systemSignature,
    ];
    for (const signature of foreign) {
      await expect(
        f.hub.connect(f.other).checkpoint(f.ref, state, signature, systemSignature),
      ).to.be.revertedWithCustomError(f.errors, "Hub_InvalidUserSignature");
    }
    await expect(
      f.hub.connect(f.other).checkpoint(f.ref, state, userSignature, userSignature),
    ).to.be.revertedWithCustomError(f.errors, "Hub_InvalidSystemSignature");
  });
});

describe("compact signatures of 64 bytes (case 6)", () => {
  const compact = (signature: string): string => ethers.Signature.from(signature).compactSerialized;
  const short = async (signing: Promise<string>): Promise<string> => compact(await signing);

  /** An appointment with its signature, the last 65 bytes, compact. */
  const shorten = (appointment: string): string =>
    ethers.concat([ethers.dataSlice(appointment, 0, -65), compact(ethers.dataSlice(appointment, -65))]);

  /** A complete state, both signatures compact. */
  const completeShort = async (f: Fixture, values: Parameters<typeof complete>[1]) => {
    const { state: shown, userSignature, systemSignature } = await complete(f, values);
    return { shown, user: compact(userSignature), system: compact(systemSignature) };
  };

  it("withdraw", async () => {
    const f = await loadFixture(deployFunded);
    const message = { withdrawn: 100n, reclaimed: 5n, recipient: f.ref.user, deadline: await soon() };
    const [byUser, bySystem] = [sign(f, f.user, "Withdrawal", message), sign(f, f.signer, "Withdrawal", message)];
    const call = f.hub.connect(f.other).withdraw(f.ref, message, await short(byUser), await short(bySystem));
    await expectPaid(f, call, { user: 100n, system: 5n });
  });

  it("withdraw in a batch", async () => {
    const f = await loadFixture(deployFunded);
    const withdrawal = { withdrawn: 100n, reclaimed: 0n, recipient: f.ref.user, deadline: await soon() };
    const userSignature = await short(sign(f, f.user, "Withdrawal", withdrawal));
    const call = f.hub.connect(f.system).withdrawBatch(f.token, [{ user: f.ref.user, withdrawal, userSignature }]);
    await expectPaid(f, call, { user: 100n });
  });

  it("close by consent", async () => {
    const f = await loadFixture(deployFunded);
    const closing = { net: -400n, deadline: await soon() };
    const [byUser, bySystem] = [sign(f, f.user, "Closing", closing), sign(f, f.signer, "Closing", closing)];
    const call = f.hub.connect(f.other).closeCooperatively(f.ref, closing, await short(byUser), await short(bySystem));
    await expectPaid(f, call, { user: 600n, system: 400n });
  });

  for (const party of ["user", "system"] as const) {
    it(`close by order of the ${party}, with state and note`, async () => {
      const f = await loadFixture(deployFunded);
      const own = await completeShort(f, { version: 1n, net: -400n });
      const credit = await issued(f, { seq: 1n, credited: 50n });
      const order = { party: f.ref[party], humble: false, deadline: await soon() };
      const [stateHash, noteHash] = (
        [
          ["State", own.shown],
          ["Note", credit.note],
        ] as const
      ).map(([kind, message]) => structHash(kind, { channelId: idOf(f.ref), ...message }));
      const signer = party === "user" ? f.user : f.signer;
      const signature = await short(sign(f, signer, "Close", { stateHash, noteHash, ...order }));
      const shown = [party === "user" ? own.system : own.user, compact(credit.systemSignature)] as const;
      await expect(
        f.hub.connect(f.other).close(f.ref, own.shown, credit.note, ...shown, { ...order, signature }),
      ).to.emit(f.hub, "ChannelClosing");
    });
  }

  it("challenge, prove and appoint a watchtower", async () => {
    const f = await loadFixture(deployFunded);
    const dispute = await closeBySystem(f, { shown: { version: 1n, net: -900n } });
    const appointed = await appoint(f, f.ref.user, f.user);
    const appointment = shorten(appointed);
    const newer = await completeShort(f, { version: 2n, net: -700n });
    await f.hub.connect(f.tower).challenge(f.ref, dispute, newer.shown, newer.user, newer.system, appointment);
    const { note: credit, systemSignature } = await issued(f, { seq: 1n, credited: 100n });
    const bySystem = compact(systemSignature);
    await f.hub.connect(f.other).prove(f.ref, dispute, newer.shown, credit, bySystem, [], appointment);
    // 100 paid at once; 300 more due, and a tenth of the 600 left is the tower's.
    await expectPaid(f, settle(f, dispute, { version: 2n, net: -700n }), { user: 300n + 540n, tower: 60n });
  });

  it("let the system's watchtower prove locks of a state", async () => {
    const f = await loadFixture(deployFunded);
    const tree = lockTree([100n], (await soon()) + 3_600n);
    const shown = { version: 1n, locked: 100n, locksExpiry: tree.expiry, locksRoot: tree.root };
    const dispute = await closeByUser(f, { shown });
    const appointed = await appoint(f, f.ref.system, f.signer);
    const appointment = shorten(appointed);
    const call = f.hub.connect(f.tower).proveLocksOfState(f.ref, dispute, state(shown), [tree.proof(0)], appointment);
    const treeHash = structHash("State", { channelId: idOf(f.ref), ...state(shown) });
    await expect(call).to.emit(f.hub, "LocksProven").withArgs(treeHash, 100n);
  });

  it("are refused with the parity changed, a byte missing, or bytes too many", async () => {
    const f = await loadFixture(deployFunded);
    const message = { withdrawn: 100n, reclaimed: 0n, recipient: f.ref.user, deadline: await soon() };
    const good = await short(sign(f, f.user, "Withdrawal", message));
    const bySystem = await sign(f, f.signer, "Withdrawal", message);
    const parity = BigInt(ethers.dataSlice(good, 32)) ^ (1n << 255n);
    const flipped = ethers.concat([ethers.dataSlice(good, 0, 32), ethers.toBeHex(parity, 32)]);
    for (const bad of [flipped, ethers.dataSlice(good, 0, 63), ethers.concat([good, "0x00", "0x00"])]) {
      await expect(f.hub.connect(f.other).withdraw(f.ref, message, bad, bySystem)).to.be.revertedWithCustomError(
        f.errors,
        "Hub_InvalidUserSignature",
      );
    }
  });
});

describe("a user that is a contract wallet (ERC-1271)", () => {
  async function walletChannel() {
    const f = await deployHub();
    const wallet = await ethers.deployContract("HostileAccount", [f.user], { value: 10n ** 6n });
    const ref = { ...f.ref, user: await wallet.getAddress() };
    await f.hub.connect(f.user).deposit(ref, 1_000n);
    const act = (name: string, values: readonly unknown[], value = 0n) =>
      wallet.act(f.hub, value, f.hub.interface.encodeFunctionData(name as never, values as never));
    return { f: { ...f, ref }, wallet, ref, act };
  }

  it("deposits for itself, and withdraws by its own transaction, without any signature", async () => {
    const { f, wallet, ref, act } = await loadFixture(walletChannel);
    await f.token.connect(f.user).transfer(wallet, 50n);
    await wallet.act(f.token, 0n, f.token.interface.encodeFunctionData("approve", [await f.hub.getAddress(), 50n]));
    await act("deposit", [ref, 50n]);
    expect((await f.hub.channelOf(ref)).deposited).to.equal(1_050n);
    const message = { withdrawn: 100n, reclaimed: 0n, recipient: ref.user, deadline: await soon() };
    const bySystem = await sign(f, f.signer, "Withdrawal", message);
    await expect(act("withdraw", [ref, message, "0x", bySystem])).to.changeTokenBalances(f.token, [wallet], [100n]);
  });

  it("consents to a closing as it stands now: its former owner no longer does (case 6)", async () => {
    const { f, wallet, ref } = await loadFixture(walletChannel);
    const closing = { net: -400n, deadline: await soon() };
    const [former, bySystem] = [await sign(f, f.user, "Closing", closing), await sign(f, f.signer, "Closing", closing)];
    await wallet.setOwner(f.other);
    const hub = f.hub.connect(f.tower);
    await expect(hub.closeCooperatively(ref, closing, former, bySystem)).to.be.revertedWithCustomError(
      f.errors,
      "Hub_InvalidUserSignature",
    );
    const now = await sign(f, f.other, "Closing", closing);
    await expect(hub.closeCooperatively(ref, closing, now, bySystem)).to.changeTokenBalances(
      f.token,
      [wallet, f.system],
      [600n, 400n],
    );
  });

  it("binds itself by its added key alone: ERC-1271 says nothing about states, orders and appointments", async () => {
    const { f, ref, act } = await loadFixture(walletChannel);
    const shown = await complete(f, { version: 1n, net: -400n }, 0n, ref);
    const { state: newest, userSignature, systemSignature } = shown;
    const hub = f.hub.connect(f.other);
    const refused = (call: Promise<unknown>, error = "Hub_InvalidUserSignature") =>
      expect(call).to.be.revertedWithCustomError(f.errors, error);
    await refused(hub.checkpoint(ref, newest, userSignature, systemSignature));
    const order = { party: ref.user, humble: false, deadline: await soon() };
    const stateHash = structHash("State", { channelId: idOf(ref), ...newest });
    const close = { stateHash, noteHash: ethers.ZeroHash, ...order };
    const signature = await sign(f, f.user, "Close", close, { ref });
    await refused(hub.close(ref, newest, note(), systemSignature, NO_SIGNATURE, { ...order, signature }));

    await act("addUserSigner", [ref, await f.user.getAddress()]);
    const closed = await hub.close(ref, newest, note(), systemSignature, NO_SIGNATURE, { ...order, signature });
    const dispute = disputeOf(f, await closed.wait());
    await expect(settle(f, dispute, { version: 1n, net: -400n }, { ref })).to.changeTokenBalances(
      f.token,
      [ref.user, f.system],
      [600n, 400n],
    );
  });

  it("appoints no watchtower by ERC-1271", async () => {
    const { f, ref } = await loadFixture(walletChannel);
    const dispute = await closeBySystem(f, { ref });
    const appointment = await appoint(f, ref.user, f.user, { ref });
    const { note: credit, systemSignature } = await issued(f, { seq: 1n, credited: 5n }, 0n, ref);
    await expect(
      f.hub.connect(f.tower).prove(ref, dispute, state(), credit, systemSignature, [], appointment),
    ).to.be.revertedWithCustomError(f.errors, "Hub_InvalidAppointment");
  });

  it("closes and challenges by its own transactions, which stand for its signature", async () => {
    const { f, ref, act } = await loadFixture(walletChannel);
    const dispute = await closeBySystem(f, { ref });
    const { state: newest, systemSignature } = await complete(f, { version: 1n, net: -400n }, 0n, ref);
    await act("challenge", [ref, dispute, newest, "0x", systemSignature, NO_APPOINTMENT]);
    // 1,000 were paid at once, for the system showed nothing; it convicted itself all the same.
    await expect(settle(f, dispute, { version: 1n, net: -400n }, { ref })).to.changeTokenBalances(
      f.token,
      [ref.user, f.system],
      [0n, 0n],
    );
    const order = { party: ref.user, humble: false, deadline: await soon(), signature: "0x" };
    await expect(act("close", [ref, state(), note(), NO_SIGNATURE, NO_SIGNATURE, order])).to.emit(
      f.hub,
      "ChannelClosing",
    );
  });

  it("a wallet whose check burns all gas, or reverts, has not signed", async () => {
    const { f, wallet, ref } = await loadFixture(walletChannel);
    await wallet.setMode(2);
    const closing = { net: 0n, deadline: await soon() };
    const [byUser, bySystem] = [await sign(f, f.user, "Closing", closing), await sign(f, f.signer, "Closing", closing)];
    await expect(
      f.hub.connect(f.other).closeCooperatively(ref, closing, byUser, bySystem, { gasLimit: 1_000_000n }),
    ).to.be.revertedWithCustomError(f.errors, "Hub_InvalidUserSignature");
  });
});

describe("what the other side's own transaction stands for", () => {
  it("its signature may be empty, and nobody else's", async () => {
    const f = await loadFixture(deployFunded);
    const { state: shown, userSignature, systemSignature } = await complete(f, { version: 1n });
    await expect(
      f.hub.connect(f.other).checkpoint(f.ref, shown, userSignature, NO_SIGNATURE),
    ).to.be.revertedWithCustomError(f.errors, "Hub_InvalidSystemSignature");
    await expect(f.hub.connect(f.other).checkpoint(f.ref, shown, "0x", systemSignature)).to.be.revertedWithCustomError(
      f.errors,
      "Hub_InvalidUserSignature",
    );
    await f.hub.connect(f.system).checkpoint(f.ref, shown, userSignature, NO_SIGNATURE);
    expect((await f.hub.channelOf(f.ref)).checkpoint).to.equal(1n);
  });
});
