import type { ContractRunner, ContractTransactionReceipt } from "ethers";

import type { Address, Hash } from "../protocol";
import { PreimageRegistry__factory, type PreimageRegistry } from "../../typechain-types";
import { answered } from "./hubErrors";
import { mined } from "./transaction";

/** The registry of preimages (section 7); what is sent is sent by `runner`; a provider only reads. */
export class PreimageRegistryClient {
  private readonly registry: PreimageRegistry;

  constructor(
    readonly address: Address,
    runner: ContractRunner,
  ) {
    this.registry = PreimageRegistry__factory.connect(address, runner);
  }

  /** Registers preimages in one transaction; resolves when it is mined. One that is registered already stays as it is. */
  async register(preimages: readonly Hash[]): Promise<void> {
    if (preimages.length > 0) await this.reveal(preimages);
  }

  /** The same, with the receipt. */
  reveal(preimages: readonly Hash[]): Promise<ContractTransactionReceipt> {
    const [only] = preimages;
    const isOne = only !== undefined && preimages.length === 1;
    return mined(isOne ? this.registry.reveal(only) : this.registry.revealMany([...preimages]));
  }

  /** Unix seconds of the block that first showed the preimage of `hash`, as of `block`; undefined if none did. */
  async registeredAt(hash: Hash, block: number | "latest" | "finalized" = "finalized"): Promise<bigint | undefined> {
    const time = await answered(this.registry.revealedAt(hash, { blockTag: block }));
    return time === 0n ? undefined : time;
  }

  /** The registrations in these blocks, in their order. */
  async registrations(fromBlock: number, toBlock: number): Promise<{ preimage: Hash; time: bigint }[]> {
    const events = await this.registry.queryFilter(this.registry.filters.PreimageRevealed(), fromBlock, toBlock);
    return events.map(({ args }) => ({ preimage: args.preimage as Hash, time: args.time }));
  }
}
