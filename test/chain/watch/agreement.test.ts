import { expect } from "chai";

import { agreeing, type ChainNode } from "../../../src/chain/watch";
import { keccakText } from "../../../src/protocol";
import { expectError } from "../../helpers/errors";
import { REGISTRY, SimulatedChain } from "./simulatedChain";

describe("agreeing nodes", () => {
  function grown(blocks: number): SimulatedChain {
    const chain = new SimulatedChain();
    for (let i = 0; i < blocks; i++) chain.mine(1);
    return chain;
  }

  /** A node that is behind the others. */
  function behind(chain: SimulatedChain, height: number): ChainNode {
    return {
      header: (block) => {
        const number = typeof block === "number" ? block : height;
        return number > height ? Promise.resolve(undefined) : chain.header(number);
      },
      logs: (addresses, from, to) => chain.logs(addresses, from, Math.min(to, height)),
    };
  }

  /** A node that shows another chain, and events that never were. */
  function lying(chain: SimulatedChain): ChainNode {
    return {
      header: async (block) => {
        const header = await chain.header(block);
        return header && { ...header, hash: keccakText(`lie ${header.number}`) };
      },
      logs: async (addresses, from, to) => {
        const logs = await chain.logs(addresses, from, to);
        return logs.map((log) => ({ ...log, data: `0x${"11".repeat(64)}` }));
      },
    };
  }

  it("are as far as so many of them are, whoever lags or is away", async () => {
    const chain = grown(5);
    const away = new SimulatedChain();
    away.failures = Infinity;
    const node = agreeing([chain, behind(chain, 3), away, chain], 2);
    expect((await node.header("latest"))!.number).to.equal(5);
    const three = agreeing([chain, behind(chain, 3), chain], 3);
    expect(await three.header("latest")).to.deep.equal(await chain.header(3));
    expect(await three.logs([REGISTRY], 1, 3)).to.deep.equal(await chain.logs([REGISTRY], 1, 3));
  });

  it("believe none that is alone with what it says (case 19)", async () => {
    const chain = grown(5);
    const node = agreeing([lying(chain), chain, chain], 2);
    expect(await node.header(4)).to.deep.equal(await chain.header(4));
    expect(await node.logs([REGISTRY], 1, 5)).to.deep.equal(await chain.logs([REGISTRY], 1, 5));
    await expectError(() => agreeing([lying(chain), chain], 2).header(4), "nodes_disagree", { answers: 2, quorum: 2 });
  });

  it("answer nothing while too few are there", async () => {
    const [chain, away] = [grown(2), new SimulatedChain()];
    away.failures = Infinity;
    await expectError(() => agreeing([chain, away], 2).header("latest"), "chain_unreachable");
    await expectError(() => Promise.resolve(agreeing([chain], 2)), "out_of_range", { quorum: 2, nodes: 1 });
  });
});
