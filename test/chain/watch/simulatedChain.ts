import { fail } from "../../../src/errors";
import { keccakText, toAddress, type Hash } from "../../../src/protocol";
import type { ChainNode, Header, Log } from "../../../src/chain/watch";
import { PreimageRegistry__factory } from "../../../typechain-types";

export const REGISTRY = toAddress("0x00000000000000000000000000000000000000ff");
const events = PreimageRegistry__factory.createInterface();

interface Block extends Header {
  readonly preimages: readonly Hash[];
}

/** A chain in memory that mines, reorganises, and whose node fails when it is told to. */
export class SimulatedChain implements ChainNode {
  private blocks: Block[] = [{ ...block(0, keccakText("nothing"), "genesis"), preimages: [] }];
  private serial = 0;
  /** Questions from now until the node answers again. */
  failures = 0;
  /** The widest range that the node takes. */
  widest = Infinity;
  finalized = 0;

  get height(): number {
    return this.blocks.length - 1;
  }

  /** One block with some registrations. */
  mine(registrations: number): void {
    const parent = this.blocks[this.height]!;
    const preimages = Array.from({ length: registrations }, () => keccakText(`preimage ${(this.serial += 1)}`));
    this.blocks.push({ ...block(parent.number + 1, parent.hash, `${(this.serial += 1)}`), preimages });
  }

  /** The newest `depth` blocks vanish; `registrations.length` others come. */
  reorganise(depth: number, registrations: readonly number[]): void {
    this.blocks = this.blocks.slice(0, Math.max(1, this.blocks.length - depth));
    for (const count of registrations) this.mine(count);
  }

  /** What the blocks say, as far as `to`. */
  preimages(from: number, to = this.height): Hash[] {
    return this.blocks.slice(from, to + 1).flatMap(({ preimages }) => preimages);
  }

  header(number: number | "latest" | "finalized"): Promise<Header | undefined> {
    return this.answer(() => {
      const at = number === "latest" ? this.height : number === "finalized" ? this.finalized : number;
      const found = this.blocks[at];
      if (found === undefined) return undefined;
      const { hash, parent, time } = found;
      return { number: at, hash, parent, time };
    });
  }

  logs(_: unknown, from: number, to: number): Promise<Log[]> {
    return this.answer(() => {
      if (to - from >= this.widest) fail("chain_unreachable", { reason: "range too wide" });
      return this.blocks.slice(from, to + 1).flatMap(logsOf);
    });
  }

  private answer<T>(give: () => T): Promise<T> {
    return new Promise((resolve) => {
      if (this.failures > 0) {
        this.failures -= 1;
        fail("chain_unreachable");
      }
      resolve(give());
    });
  }
}

function block(number: number, parent: Hash, name: string): Header {
  return { number, hash: keccakText(`block ${name}`), parent, time: BigInt(number) * 12n };
}

function logsOf({ number, hash, time, preimages }: Block): Log[] {
  return preimages.map((preimage, index) => {
    const { topics, data } = events.encodeEventLog("PreimageRevealed", [preimage, preimage, time]);
    return { block: number, blockHash: hash, index, transaction: preimage, address: REGISTRY, topics, data };
  });
}
