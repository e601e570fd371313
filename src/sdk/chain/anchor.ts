import { hashStatement, STATEMENT_TOPIC, type Address, type LiabilityStatement } from "../../protocol";
import { ANCHOR } from "./abi";
import type { BlockTag, ChainNode } from "./chainNode";
import { flag, number } from "./hub";

/** The contract where systems publish what they owe, as the user's own node shows it. */
export class Anchor {
  constructor(
    readonly address: Address,
    readonly node: ChainNode,
  ) {}

  /**
   * Whether root and total of a period were published, and its statement recorded, as of a block.
   * @throws chain_unreachable
   */
  async has(statement: LiabilityStatement, tag: BlockTag): Promise<boolean> {
    const { system, token, period, root, total } = statement;
    const [isAnchored, recordedAt] = await Promise.all([
      this.read("isAnchored", [system, token, period, root, total], tag),
      this.read("recordedAt", [system, STATEMENT_TOPIC, hashStatement(statement)], tag),
    ]);
    return flag(isAnchored) && number(recordedAt) !== 0n;
  }

  private read(name: string, inputs: readonly unknown[], tag: BlockTag) {
    return this.node.read({ to: this.address, abi: ANCHOR, name, inputs }, tag);
  }
}
