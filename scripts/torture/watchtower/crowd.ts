import type { JsonRpcProvider, TransactionRequest } from "ethers";

import type { LocalNode } from "../../../src/chain/localNode";

/** Loops until its gas is used up. */
const FURNACE = "0x635b6000566000526004601cf3";
const GAS = 3_000_000n;
/** Transactions that wait at least: more than a block takes. */
const WAITING = 16;
/** The accounts of the node that are the crowd. */
const MEMBERS = [4, 5, 6, 7] as const;

type Account = ReturnType<LocalNode["account"]>;

/** Others who want into the same blocks, and drive the base fee up to what they are ready to pay. */
export class Crowd {
  private readonly members: readonly Account[];

  private constructor(
    private readonly provider: JsonRpcProvider,
    node: LocalNode,
    private readonly most: bigint,
    private readonly offer: TransactionRequest,
  ) {
    this.members = MEMBERS.map((index) => node.account(index));
  }

  /**
   * Gathers while blocks are mined at once.
   * @param most wei per gas: as long as blocks ask for less, there are more of them
   * @param tip wei per gas
   */
  static async gather(node: LocalNode, most: bigint, tip: bigint): Promise<Crowd> {
    const builder = node.account(MEMBERS[0]);
    const sent = await builder.sendTransaction({ data: FURNACE });
    const { contractAddress: to } = (await sent.wait())!;
    const offer = { to: to!, gasLimit: GAS, maxFeePerGas: 2n * most, maxPriorityFeePerGas: tip };
    return new Crowd(node.provider, node, most, offer);
  }

  /** Makes sure that enough of them wait for the next block. */
  async press(): Promise<void> {
    if ((await this.provider.getBlock("latest"))!.baseFeePerGas! > this.most) return;
    const each = WAITING / MEMBERS.length;
    for (const member of this.members) {
      const [mined, asked] = await Promise.all([
        this.provider.getTransactionCount(member.address, "latest"),
        this.provider.getTransactionCount(member.address, "pending"),
      ]);
      for (let waiting = asked - mined; waiting < each; waiting++) await member.sendTransaction(this.offer);
    }
  }
}
