import { expect } from "chai";

import { rpcNode, Watcher, type FinalBlocks, type PendingBlocks, type WatcherOptions } from "../../../src/chain/watch";
import { startNode, type LocalNode } from "../../../src/chain/localNode";
import { PreimageRegistryClient } from "../../../src/chain";
import { keccakText, toAddress, type Hash } from "../../../src/protocol";
import { PreimageRegistry__factory } from "../../../typechain-types";
import { expectError } from "../../helpers/errors";

describe("Watcher, on a node", () => {
  let node: LocalNode;
  let registry: PreimageRegistryClient;
  let taken: FinalBlocks[];
  let pending: PendingBlocks | undefined;
  const preimages = ["a", "b", "c", "d"].map(keccakText);

  before(async () => {
    node = await startNode();
    const contract = await new PreimageRegistry__factory(node.account(0)).deploy();
    registry = new PreimageRegistryClient(toAddress(await contract.getAddress()), node.account(0));
  });
  after(() => node.stop());

  beforeEach(() => {
    taken = [];
    pending = undefined;
  });

  async function watcher(options: Partial<WatcherOptions> = {}): Promise<Watcher> {
    return new Watcher({
      node: rpcNode(node.provider),
      contracts: [registry.address],
      finality: { confirmations: 3 },
      cursor: { block: await node.provider.getBlockNumber() },
      onFinal: (blocks) => Promise.resolve(void taken.push(blocks)),
      keep: () => Promise.resolve(),
      onPending: (blocks) => Promise.resolve(void (pending = blocks)),
      ...options,
    });
  }

  const mine = (blocks: number): Promise<unknown> => node.provider.send("hardhat_mine", [`0x${blocks.toString(16)}`]);
  const seen = (blocks: { sightings: FinalBlocks["sightings"] }): Hash[] =>
    blocks.sightings.flatMap((one) => (one.type === "registered" ? [one.preimage] : []));
  /** The chain goes back to where `act` began, and another branch grows. */
  async function undone(act: () => Promise<unknown>): Promise<void> {
    const snapshot: unknown = await node.provider.send("evm_snapshot", []);
    await act();
    await node.provider.send("evm_revert", [snapshot]);
    (node.account(0) as unknown as { reset(): void }).reset();
    await node.pass(1_000n);
  }

  it("tells what is pending, and takes it in once it is deep enough", async () => {
    const watching = await watcher();
    await registry.register(preimages.slice(0, 2));
    await watching.look();
    const { timestamp, hash } = (await node.provider.getBlock("latest"))!;
    expect(seen(pending!)).to.deep.equal(preimages.slice(0, 2));
    expect([pending!.head.hash, pending!.head.time, pending!.reorganised]).to.deep.equal([hash, BigInt(timestamp), 0]);
    expect(taken).to.deep.equal([]);
    await mine(3);
    await watching.look();
    expect(taken.flatMap(seen)).to.deep.equal(preimages.slice(0, 2));
    expect(taken.at(-1)!.header.hash).to.equal(hash);
    expect(seen(pending!)).to.deep.equal([]);
    await mine(3);
    await watching.look();
    expect(taken.flatMap(seen)).to.deep.equal(preimages.slice(0, 2));
  });

  it("case 16: forgets what a reorganisation undid, and takes in its other place once", async () => {
    const watching = await watcher();
    await undone(async () => {
      await registry.register([preimages[2]!]);
      await mine(1);
      await watching.look();
      expect(seen(pending!)).to.deep.equal([preimages[2]]);
    });
    await watching.look();
    expect([seen(pending!), pending!.reorganised]).to.deep.equal([[], 2]);
    await mine(1);
    await registry.register([preimages[2]!]);
    await mine(3);
    await watching.look();
    expect(taken.flatMap(seen)).to.deep.equal([preimages[2]]);
  });

  it("case 16: takes in nothing more when a final block is gone, not after a restart either", async () => {
    const kept: WatcherOptions["cursor"][] = [];
    const keep = (cursor: WatcherOptions["cursor"]): Promise<void> => Promise.resolve(void kept.push(cursor));
    const watching = await watcher({ keep });
    await undone(async () => {
      await registry.register([preimages[3]!]);
      await mine(4);
      await watching.look();
    });
    await mine(6);
    const restarted = await watcher({ cursor: kept.at(-1)! });
    for (const one of [watching, restarted]) await expectError(() => one.look(), "chain_rewritten");
    expect(taken.flatMap(seen)).to.deep.equal([preimages[3]]);
  });

  it("goes by the chain's own finality where it is told to", async () => {
    const watching = await watcher({ finality: "finalized" });
    await mine(40);
    await watching.look();
    const finalized = (await node.provider.getBlock("finalized"))!;
    expect(taken.at(-1)?.header.number).to.equal(finalized.number);
  });
});
