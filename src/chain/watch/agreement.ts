import { fail, StarledgerError } from "../../errors";
import type { ChainNode, Header } from "./node";

/**
 * Several nodes as one: believed is what at least `quorum` of them say alike, so that one that lags, lies or is away does
 * no harm.
 * @throws nodes_disagree where so many do not
 */
export function agreeing(nodes: readonly ChainNode[], quorum: number): ChainNode {
  if (quorum < 1 || quorum > nodes.length) fail("out_of_range", { quorum, nodes: nodes.length });

  /** The newest block that so many have, by number: some are ahead of the others. */
  const newest = async (tag: "latest" | "finalized"): Promise<number | undefined> => {
    const heads = await answers(nodes, quorum, (node) => node.header(tag));
    const numbers = heads.flatMap((head) => head?.number ?? []).sort((a, b) => b - a);
    return numbers[quorum - 1];
  };

  return {
    header: async (block) => {
      const number = typeof block === "number" ? block : await newest(block);
      if (number === undefined) return undefined;
      return agreed<Header | undefined>(await answers(nodes, quorum, (node) => node.header(number)), quorum);
    },
    logs: async (addresses, from, to) =>
      agreed(await answers(nodes, quorum, (node) => node.logs(addresses, from, to)), quorum),
  };
}

/** Those of the nodes that answer; if they are too few, the reason of one that does not. */
async function answers<T>(
  nodes: readonly ChainNode[],
  quorum: number,
  ask: (node: ChainNode) => Promise<T>,
): Promise<T[]> {
  const settled = await Promise.allSettled(nodes.map(ask));
  const given = settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  if (given.length >= quorum) return given;
  const failed = settled.find((one) => one.status === "rejected");
  const reason: unknown = failed?.reason;
  throw reason instanceof StarledgerError ? reason : new StarledgerError("chain_unreachable");
}

function agreed<T>(given: readonly T[], quorum: number): T {
  const counts = new Map<string, number>();
  for (const value of given) {
    const text = JSON.stringify([value], (_, part: unknown) => (typeof part === "bigint" ? `${part}n` : part));
    const count = (counts.get(text) ?? 0) + 1;
    if (count === quorum) return value;
    counts.set(text, count);
  }
  return fail("nodes_disagree", { answers: counts.size, quorum });
}
