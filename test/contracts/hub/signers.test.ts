import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";

import { closeByUser, complete, deployHub, idOf, issued, sign, soon } from "../helpers/fixture";
import { TYPES } from "../helpers/messages";
import { SimpleMerkleTree } from "@openzeppelin/merkle-tree";

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
