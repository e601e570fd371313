import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";

import { sumCommitment, sumTree, toHash, UINT128_MAX, type ChannelId, type SumLeaf } from "../../src/protocol";

const TOKEN = ethers.getAddress(`0x${"ab".repeat(20)}`);

async function deploy() {
  const [system, other] = await ethers.getSigners();
  if (!system || !other) throw new Error("the network has too few accounts");
  return { contract: await ethers.deployContract("LiabilityAnchor"), system, other };
}

type Fixture = Awaited<ReturnType<typeof deploy>>;

const LEAVES: SumLeaf[] = Array.from({ length: 11 }, (_, i) => ({
  channelId: toHash(ethers.id(`channel ${i}`)) as string as ChannelId,
  salt: toHash(ethers.id(`salt ${i}`)),
  balance: BigInt(i) * 10n ** 18n,
}));
const TREE = sumTree(LEAVES);

/** The same with the tree of `LEAVES` anchored as period 0. */
async function deployAnchored() {
  const f = await deploy();
  await f.contract.connect(f.system).anchor(TOKEN, 0n, TREE.root.hash, TREE.root.sum);
  return f;
}

type Path = ReturnType<typeof TREE.path>;

function isIncluded(
  f: Fixture,
  leaf: SumLeaf,
  path: Path,
  { system = f.system.address, token = TOKEN, period = 0n } = {},
) {
  const { channelId, salt, balance } = leaf;
  const siblings = path.siblings.map(({ hash, sum }) => ({ hash, sum }));
  return f.contract.verifyInclusion(system, token, period, channelId, salt, balance, path.index, siblings);
}

describe("LiabilityAnchor.anchor", () => {
  it("commits to root and total of a period of the sender, for good", async () => {
    const f = await loadFixture(deploy);
    const { hash, sum } = TREE.root;
    await expect(f.contract.connect(f.system).anchor(TOKEN, 0n, hash, sum))
      .to.emit(f.contract, "LiabilitiesAnchored")
      .withArgs(f.system, TOKEN, 0n, hash, sum);
    expect(await f.contract.anchorOf(f.system, TOKEN, 0n)).to.equal(sumCommitment(TREE.root));
    const anchored = (...changed: [string, string, bigint, string, bigint]) => f.contract.isAnchored(...changed);
    expect(await anchored(f.system.address, TOKEN, 0n, hash, sum)).to.equal(true);
    expect(await anchored(f.other.address, TOKEN, 0n, hash, sum)).to.equal(false);
    expect(await anchored(f.system.address, ethers.ZeroAddress, 0n, hash, sum)).to.equal(false);
    expect(await anchored(f.system.address, TOKEN, 1n, hash, sum)).to.equal(false);
    expect(await anchored(f.system.address, TOKEN, 0n, ethers.ZeroHash, sum)).to.equal(false);
    expect(await anchored(f.system.address, TOKEN, 0n, hash, sum - 1n)).to.equal(false);
  });

  it("numbers periods without gaps, for each system and token by itself", async () => {
    const f = await loadFixture(deployAnchored);
    const root = ethers.id("root");
    await f.contract.connect(f.system).anchor(TOKEN, 1n, root, 1n);
    await f.contract.connect(f.system).anchor(ethers.ZeroAddress, 0n, root, 2n);
    await f.contract.connect(f.other).anchor(TOKEN, 0n, root, 3n);
    for (const [system, token, period, total] of [
      [f.system, TOKEN, 1n, 1n],
      [f.system, ethers.ZeroAddress, 0n, 2n],
      [f.other, TOKEN, 0n, 3n],
    ] as const) {
      expect(await f.contract.isAnchored(system, token, period, root, total)).to.equal(true);
    }
    for (const [sender, period] of [
      [f.system, 3n],
      [f.other, 2n ** 64n - 1n],
    ] as const) {
      await expect(f.contract.connect(sender).anchor(TOKEN, period, root, 1n))
        .to.be.revertedWithCustomError(f.contract, "Anchor_PeriodSkipped")
        .withArgs(sender, TOKEN, period);
    }
  });

  it("reverts with Anchor_AlreadyAnchored for a period that has an anchor, the same or another", async () => {
    const f = await loadFixture(deployAnchored);
    for (const [root, total] of [
      [TREE.root.hash, TREE.root.sum],
      [ethers.ZeroHash, 0n],
    ] as const) {
      await expect(f.contract.connect(f.system).anchor(TOKEN, 0n, root, total))
        .to.be.revertedWithCustomError(f.contract, "Anchor_AlreadyAnchored")
        .withArgs(f.system, TOKEN, 0n);
    }
  });

  it("anchors a period without liabilities", async () => {
    const f = await loadFixture(deploy);
    await f.contract.anchor(TOKEN, 0n, ethers.ZeroHash, 0n);
    expect(await f.contract.isAnchored(f.system, TOKEN, 0n, ethers.ZeroHash, 0n)).to.equal(true);
  });
});

describe("LiabilityAnchor.verifyInclusion", () => {
  it("finds every leaf in the tree, in any period that was anchored", async () => {
    const f = await loadFixture(deployAnchored);
    const only = sumTree([LEAVES[3]!]);
    await f.contract.connect(f.system).anchor(TOKEN, 1n, only.root.hash, only.root.sum);
    for (const [position, leaf] of LEAVES.entries()) {
      expect(await isIncluded(f, leaf, TREE.path(position)), `leaf ${position}`).to.equal(true);
    }
    expect(await isIncluded(f, LEAVES[3]!, only.path(0), { period: 1n })).to.equal(true);
    expect(await isIncluded(f, LEAVES[3]!, TREE.path(3), { period: 1n })).to.equal(false);
  });

  it("finds it under no other system, token or period, not even where nothing was anchored", async () => {
    const f = await loadFixture(deployAnchored);
    const path = TREE.path(0);
    for (const elsewhere of [{ system: f.other.address }, { token: ethers.ZeroAddress }, { period: 1n }]) {
      expect(await isIncluded(f, LEAVES[0]!, path, elsewhere)).to.equal(false);
    }
  });

  it("refuses any other channel, salt, balance, index or sibling", async () => {
    const f = await loadFixture(deployAnchored);
    const [leaf, path] = [LEAVES[5]!, TREE.path(5)];
    const other = toHash(ethers.id("other"));
    const depth = BigInt(path.siblings.length);
    expect(await isIncluded(f, { ...leaf, channelId: other as string as ChannelId }, path)).to.equal(false);
    expect(await isIncluded(f, { ...leaf, salt: other }, path)).to.equal(false);
    expect(await isIncluded(f, { ...leaf, balance: leaf.balance + 1n }, path)).to.equal(false);
    expect(await isIncluded(f, leaf, { ...path, index: path.index + (1n << depth) })).to.equal(false);
    expect(await isIncluded(f, leaf, { ...path, siblings: path.siblings.slice(1) })).to.equal(false);
    for (const [k, sibling] of path.siblings.entries()) {
      const replaced = (changed: object) => ({ ...path, siblings: path.siblings.with(k, { ...sibling, ...changed }) });
      expect(await isIncluded(f, leaf, replaced({ hash: other }))).to.equal(false);
      expect(await isIncluded(f, leaf, replaced({ sum: sibling.sum + 1n }))).to.equal(false);
      expect(await isIncluded(f, leaf, { ...path, index: path.index ^ (1n << BigInt(k)) })).to.equal(false);
    }
  });

  it("Maxwell's flaw: cannot be shown the neighbour's balance as less, and its own as more", async () => {
    const f = await loadFixture(deploy);
    const pair = [LEAVES[1]!, { ...LEAVES[2]!, balance: 0n }];
    const cheat = sumTree(pair);
    await f.contract.connect(f.system).anchor(TOKEN, 0n, cheat.root.hash, cheat.root.sum);
    const { index, siblings } = cheat.path(1);
    const shown = { index, siblings: [{ ...siblings[0]!, sum: 0n }] };
    expect(await isIncluded(f, { ...pair[1]!, balance: LEAVES[1]!.balance }, shown)).to.equal(false);
    expect(await isIncluded(f, pair[1]!, cheat.path(1))).to.equal(true);
  });

  it("case 11: refuses sums beyond uint128, however they were anchored", async () => {
    const f = await loadFixture(deploy);
    const leaf = { ...LEAVES[1]!, balance: 10n };
    const sibling = { hash: toHash(ethers.id("sibling")), sum: UINT128_MAX - 9n };
    // The root of a tree whose total has wrapped to zero.
    const own = sumTree([leaf]).root;
    const encoded = ethers.AbiCoder.defaultAbiCoder().encode(
      ["bytes32", "uint128", "bytes32", "uint128"],
      [own.hash, own.sum, sibling.hash, sibling.sum],
    );
    await f.contract.connect(f.system).anchor(TOKEN, 0n, ethers.keccak256(encoded), 0n);
    expect(await isIncluded(f, leaf, { index: 0n, siblings: [sibling] })).to.equal(false);
    // One less and it is a tree like any other.
    const full = { ...sibling, sum: UINT128_MAX - 10n };
    const words = [own.hash, own.sum, full.hash, full.sum];
    const root = ethers.solidityPackedKeccak256(["bytes32", "uint256", "bytes32", "uint256"], words);
    await f.contract.connect(f.system).anchor(TOKEN, 1n, root, UINT128_MAX);
    expect(await isIncluded(f, leaf, { index: 0n, siblings: [full] }, { period: 1n })).to.equal(true);
  });
});

describe("LiabilityAnchor.anchorRecord", () => {
  it("records when the sender first showed a hash, for good", async () => {
    const { contract, system, other } = await loadFixture(deploy);
    const [topic, hash] = [ethers.id("journal"), ethers.id("record")];
    const call = await contract.connect(system).anchorRecord(topic, hash);
    const first = BigInt(await time.latest());
    await expect(call).to.emit(contract, "RecordAnchored").withArgs(system, topic, hash, first);
    await time.increase(100);
    await expect(contract.connect(system).anchorRecord(topic, hash)).to.not.emit(contract, "RecordAnchored");
    expect(await contract.recordedAt(system, topic, hash)).to.equal(first);
    for (const elsewhere of [
      [other.address, topic, hash],
      [system.address, hash, hash],
      [system.address, topic, topic],
    ] as const) {
      expect(await contract.recordedAt(...elsewhere)).to.equal(0n);
    }
  });
});
