import { expect } from "chai";
import { AbiCoder, concat, keccak256 } from "ethers";
import fc from "fast-check";

import {
  checkInclusion,
  sumCommitment,
  sumLeafHash,
  sumRoot,
  sumTree,
  UINT128_MAX,
  ZERO_HASH,
  type ChannelId,
  type SumLeaf,
  type SumNode,
} from "../../src/protocol";
import { expectError } from "../helpers/errors";
import { hash, id, uint } from "./arbitrary";

const leaf: fc.Arbitrary<SumLeaf> = fc.record({ channelId: id, salt: hash, balance: uint(120n) });
const leaves = fc.array(leaf, { minLength: 1, maxLength: 40 });
const chosen = fc.tuple(leaves, fc.nat()).map(([all, n]) => ({ all, position: n % all.length }));

const encode = (types: string[], values: unknown[]) => AbiCoder.defaultAbiCoder().encode(types, values);

describe("sum tree", () => {
  it("adds up all balances, and leads every leaf to its root", () => {
    fc.assert(
      fc.property(leaves, (all) => {
        const tree = sumTree(all);
        expect(tree.root.sum).to.equal(all.reduce((sum, { balance }) => sum + balance, 0n));
        all.forEach((one, position) => {
          expect(sumRoot(one, tree.path(position))).to.deep.equal(tree.root);
          checkInclusion(one, tree.path(position), tree.root);
        });
        const indexes = all.map((_, position) => Number(tree.path(position).index));
        expect(indexes.sort((a, b) => a - b)).to.deep.equal(all.map((_, index) => index));
      }),
    );
  });

  it("hashes as ethers does: a leaf twice, a node with the sums of both children", () => {
    fc.assert(
      fc.property(leaf, leaf, (a, b) => {
        const hashed = [a, b].map(({ channelId, salt, balance }) => ({
          hash: keccak256(keccak256(encode(["bytes32", "bytes32", "uint128"], [channelId, salt, balance]))),
          sum: balance,
        }));
        expect([sumLeafHash(a), sumLeafHash(b)]).to.deep.equal(hashed.map((node) => node.hash));
        const [left, right] = hashed.sort((x, y) => (x.hash < y.hash ? -1 : 1)) as [SumNode, SumNode];
        const words = [left, right].map((node) => encode(["bytes32", "uint128"], [node.hash, node.sum]));
        const { root } = sumTree([a, b]);
        expect(root.hash).to.equal(keccak256(concat(words)));
        expect(sumCommitment(root)).to.equal(keccak256(encode(["bytes32", "uint128"], [root.hash, root.sum])));
      }),
    );
  });

  it("puts the leaves in the order of their salted hashes, whatever the order given", () => {
    fc.assert(
      fc.property(leaves, (all) => {
        expect(sumTree([...all].reverse()).root).to.deep.equal(sumTree(all).root);
      }),
    );
  });

  it("refuses any other balance, salt, channel, index, sibling or total", async () => {
    await fc.assert(
      fc.asyncProperty(chosen, hash, async ({ all, position }, other) => {
        const [tree, own] = [sumTree(all), all[position]!];
        const path = tree.path(position);
        const refused = (changed: Partial<SumLeaf>, otherPath = path, root = tree.root) =>
          expectError(() => checkInclusion({ ...own, ...changed }, otherPath, root), "invalid_proof");
        await refused({ balance: own.balance + 1n });
        await refused({ salt: other });
        await refused({ channelId: other as string as ChannelId });
        await refused({}, path, { ...tree.root, sum: tree.root.sum + 1n });
        await refused({}, { ...path, index: path.index + (1n << BigInt(path.siblings.length)) });
        await refused({}, { ...path, index: -1n });
        for (let k = 0; k < path.siblings.length; k++) {
          const sibling = path.siblings[k]!;
          const swapped = (node: SumNode) => ({ ...path, siblings: path.siblings.with(k, node) });
          await refused({}, swapped({ ...sibling, sum: sibling.sum + 1n }));
          await refused({}, swapped({ ...sibling, hash: other }));
          await refused({}, { ...path, index: path.index ^ (1n << BigInt(k)) });
        }
      }),
    );
  });

  it("Maxwell's flaw: no neighbour can be shown another split of the same sum", async () => {
    fc.assert(
      fc.property(leaf, leaf, fc.bigInt(1n, 2n ** 100n), (a, b, moved) => {
        const tree = sumTree([a, b]);
        const shown = tree.path(0);
        const [sibling] = shown.siblings;
        const balance = a.balance + moved;
        fc.pre(sibling!.sum >= moved);
        const split = { ...shown, siblings: [{ ...sibling!, sum: sibling!.sum - moved }] };
        expect(sumRoot({ ...a, balance }, split).sum).to.equal(tree.root.sum);
        expect(sumRoot({ ...a, balance }, split).hash).to.not.equal(tree.root.hash);
      }),
    );
    // As the flaw was used: two customers of 10 each, a total of 10, and to each the other's balance shown as zero.
    const [first, second] = [leafOf(1, 10n), leafOf(2, 10n)];
    const cheat = sumTree([first, { ...second, balance: 0n }]);
    const { index, siblings } = cheat.path(1);
    const path = { index, siblings: [{ ...siblings[0]!, sum: 0n }] };
    expect(sumRoot(second, path).sum).to.equal(cheat.root.sum);
    await expectError(() => checkInclusion(second, path, cheat.root), "invalid_proof");
  });

  it("takes no node for a leaf: they are hashed from different lengths", () => {
    const { root } = sumTree([leafOf(1, 3n), leafOf(2, 6n)]);
    const forged = { channelId: root.hash as string as ChannelId, salt: ZERO_HASH, balance: root.sum };
    expect(sumLeafHash(forged)).to.not.equal(root.hash);
  });

  it("refuses sums beyond uint128, and what is negative", async () => {
    const [full, one] = [leafOf(1, UINT128_MAX), leafOf(2, 1n)];
    expect(sumTree([full]).root.sum).to.equal(UINT128_MAX);
    await expectError(() => sumTree([full, one]), "out_of_range", { name: "sum", got: UINT128_MAX + 1n });
    const under = (sum: bigint) => ({ index: 0n, siblings: [{ hash: ZERO_HASH, sum }] });
    await expectError(() => sumRoot(one, under(UINT128_MAX)), "out_of_range", { name: "sum" });
    await expectError(() => sumRoot(one, under(-1n)), "out_of_range", { name: "uint128", got: -1n });
    await expectError(() => sumTree([leafOf(1, -1n)]), "out_of_range", { name: "uint128", got: -1n });
  });

  it("has a zero root without leaves, the leaf for a root with one, and no path for others", async () => {
    expect(sumTree([]).root).to.deep.equal({ hash: ZERO_HASH, sum: 0n });
    const only = leafOf(1, 3n);
    const tree = sumTree([only]);
    expect(tree.root).to.deep.equal({ hash: sumLeafHash(only), sum: 3n });
    expect(tree.path(0)).to.deep.equal({ index: 0n, siblings: [] });
    await expectError(() => tree.path(1), "invalid_proof", { index: 1, leaves: 1 });
    await expectError(() => tree.path(-1), "invalid_proof", { index: -1 });
  });
});

function leafOf(n: number, balance: bigint): SumLeaf {
  const channelId = `0x${n.toString(16).padStart(64, "0")}` as ChannelId;
  return { channelId, salt: ZERO_HASH, balance };
}
