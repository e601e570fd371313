import { setTimeout as delay } from "node:timers/promises";

import type { JsonRpcProvider } from "ethers";

import type { Random } from "../random";

const GWEI = 10n ** 9n;

/** What befalls the chain. */
export interface Hardships {
  /** Reorganisations still to come; the first is the deepest. */
  readonly reorgs: number;
  readonly deepest: number;
  /** Milliseconds from one block to the next. */
  readonly blockTime: number;
  readonly random: Random;
}

/** Of a hundred blocks, how many see a transaction dropped before they are mined, and how many a jump of the base fee. */
const [DROPS, SPIKES] = [0.15, 0.02];
/** Of a hundred blocks, how many a branch begins with that is going to be abandoned. */
const BRANCHES = 0.05;

/** A chain that mines on its own, forgets transactions, asks for much more at times, and abandons branches. */
export class HostileChain {
  reorgs = 0;
  deepestReorg = 0;
  dropped = 0;
  spikes = 0;
  private branch: { readonly snapshot: unknown; readonly depth: number; left: number } | undefined;
  private stopped = false;
  private running: Promise<void> | undefined;

  constructor(
    private readonly provider: JsonRpcProvider,
    private readonly hardships: Hardships,
  ) {}

  async start(): Promise<void> {
    await this.provider.send("evm_setAutomine", [false]);
    this.running = this.run();
  }

  /** Lets no more happen than blocks. */
  async calm(): Promise<void> {
    this.stopped = true;
    await this.running;
    if (this.branch !== undefined) await this.abandon(this.branch);
  }

  /** One by one: the hashes of those that the node mines at once do not lead from one to the next. */
  async mine(blocks: number): Promise<void> {
    for (let i = 0; i < blocks; i++) await this.provider.send("evm_mine", []);
  }

  private async run(): Promise<void> {
    const { random, blockTime } = this.hardships;
    while (!this.stopped) {
      if (random.chance(DROPS)) await this.drop();
      if (random.chance(SPIKES)) await this.spike();
      await this.step();
      await delay(blockTime);
    }
  }

  private async step(): Promise<void> {
    const { reorgs, random, deepest } = this.hardships;
    if (this.branch === undefined && this.reorgs < reorgs && random.chance(BRANCHES)) {
      const depth = this.reorgs === 0 ? deepest : random.between(1, deepest);
      this.branch = { snapshot: await this.provider.send("evm_snapshot", []), depth, left: depth };
    }
    await this.mine(1);
    if (this.branch !== undefined && (this.branch.left -= 1) === 0) await this.abandon(this.branch);
  }

  /** The blocks since the snapshot are gone; a longer branch takes their place. */
  private async abandon({ snapshot, depth, left }: NonNullable<HostileChain["branch"]>): Promise<void> {
    this.branch = undefined;
    await this.provider.send("evm_revert", [snapshot]);
    const mined = depth - left;
    if (mined === 0) return;
    // Other blocks than before, whatever is in them.
    await this.provider.send("evm_increaseTime", [1]);
    await this.mine(mined + 1);
    this.reorgs += 1;
    this.deepestReorg = Math.max(this.deepestReorg, mined);
  }

  private async drop(): Promise<void> {
    const { transactions } = (await this.provider.send("eth_getBlockByNumber", ["pending", false])) as {
      transactions: readonly string[];
    };
    const victim = transactions[this.hardships.random.between(0, transactions.length - 1)];
    if (victim === undefined) return;
    if (await this.provider.send("hardhat_dropTransaction", [victim])) this.dropped += 1;
  }

  /** Ten to a thousand times as much as usual. */
  private async spike(): Promise<void> {
    const baseFee = GWEI * BigInt(10 ** this.hardships.random.between(1, 3));
    await this.provider.send("hardhat_setNextBlockBaseFeePerGas", [`0x${baseFee.toString(16)}`]);
    this.spikes += 1;
  }
}
