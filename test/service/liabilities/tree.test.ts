import { expect } from "chai";

import { checkInclusion, keccakText, liabilitySalt, sumTree, type ChannelId } from "../../../src/protocol";
import { buildTree, CHUNK, pathOf, type LiabilityTree } from "../../../src/service/liabilities/tree";

const SECRET = keccakText("secret");

const liabilitiesOf = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    channelId: keccakText(`channel ${i}`) as string as ChannelId,
    balance: BigInt(i) * 10n ** 18n,
    version: BigInt(i),
    seq: 1n,
  }));

const leafOf = ({ channelId, balance }: { readonly channelId: ChannelId; readonly balance: bigint }) => {
  return { channelId, balance, salt: liabilitySalt(SECRET, channelId) };
};

describe("the tree of a publication", () => {
  const chunkOf = ({ levels }: LiabilityTree) => {
    return (level: number, number: number) =>
      Promise.resolve(levels[level / 8]!.slice(number * CHUNK, (number + 1) * CHUNK));
  };

  for (const count of [0, 1, 2, 3, 255, 256, 257, 1_000, 5_000]) {
    it(`of ${count} channels is the one that the protocol defines, with the same paths`, async () => {
      const liabilities = liabilitiesOf(count);
      let pauses = 0;
      const tree = await buildTree(liabilities, SECRET, () => Promise.resolve((pauses += 1)));
      const want = sumTree(liabilities.map(leafOf));
      expect(tree.root).to.deep.equal(want.root);
      expect(tree.leaves.map(({ channelId }) => channelId)).to.deep.equal(
        liabilities.map(({ channelId }) => channelId).sort(),
      );
      expect(pauses).to.be.greaterThanOrEqual(Math.floor(count / 128));
      const positions = new Map(liabilities.map(({ channelId }, i) => [channelId, i]));
      const step = Math.ceil(count / 10) || 1;
      for (let i = 0; i < count; i += step) {
        const leaf = tree.leaves[i]!;
        const path = await pathOf(leaf.index, count, chunkOf(tree));
        expect(path).to.deep.equal(want.path(positions.get(leaf.channelId)!));
        checkInclusion(leafOf(leaf), path, tree.root);
      }
    });
  }
});
