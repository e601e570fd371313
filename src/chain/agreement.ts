import { isCallException } from "ethers";

import { fail, StarledgerError } from "../errors";

/** Asks one node by JSON-RPC. */
export type Ask = (method: string, params: readonly unknown[]) => Promise<unknown>;

/** Milliseconds that nodes are still waited for when enough of them have said how far they are: one that lags is no measure. */
const GRACE = 250;

/** What is compared of an answer: nodes add fields of their own. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  eth_getBlockByNumber: ["number", "hash", "parentHash", "timestamp", "baseFeePerGas"],
  eth_getLogs: ["address", "topics", "data", "blockNumber", "blockHash", "transactionHash", "logIndex"],
  eth_getTransactionByHash: ["hash", "to", "input", "value", "nonce"],
  eth_getTransactionReceipt: ["transactionHash", "blockHash", "status", "gasUsed", "effectiveGasPrice"],
};
/** Where honest nodes differ, the one in the middle is as good as any. */
const ESTIMATES = new Set(["eth_estimateGas", "eth_gasPrice", "eth_maxPriorityFeePerGas"]);
/** The place of the block in a question's parameters. */
const BLOCKS: Readonly<Record<string, number>> = {
  eth_call: 1,
  eth_estimateGas: 1,
  eth_getBalance: 1,
  eth_getCode: 1,
  eth_getTransactionCount: 1,
};

/**
 * Several nodes as one (section 9): believed is what at least `quorum` of them say alike, so that one that lags, lies or is
 * away does no harm.
 * @throws nodes_disagree where so many do not; chain_unreachable where so many do not answer; what so many throw alike
 */
export function agreement(nodes: readonly Ask[], quorum: number): Ask {
  if (quorum < 1 || quorum > nodes.length) fail("out_of_range", { quorum, nodes: nodes.length });

  /** The newest block that so many have, as a quantity: some are ahead of the others. */
  const newest = async (tag: "latest" | "finalized"): Promise<string | undefined> => {
    const blocks = await answers(nodes, quorum, (ask) => ask("eth_getBlockByNumber", [tag, false]));
    const numbers = blocks.map((block) => (block === null ? -1 : Number((block as { number: string }).number)));
    const number = numbers.sort((a, b) => b - a)[quorum - 1]!;
    return number < 0 ? undefined : quantity(number);
  };

  return async (method, params) => {
    if (method === "eth_sendRawTransaction") return await firstOf(nodes.map((ask) => ask(method, params)));
    if (method === "eth_blockNumber") return await newest("latest");
    if (method === "eth_getBlockByNumber" && (params[0] === "latest" || params[0] === "finalized")) {
      const number = await newest(params[0]);
      return number === undefined ? null : await agreed(nodes, quorum, method, [number, ...params.slice(1)]);
    }
    // What nodes say of the latest block differs while one of them is behind.
    const place = BLOCKS[method];
    const tag = place === undefined ? undefined : (params[place] ?? "latest");
    const asked = tag === "latest" ? [...params.slice(0, place), await newest("latest")] : params;
    return ESTIMATES.has(method)
      ? await middle(nodes, quorum, method, asked)
      : await agreed(nodes, quorum, method, asked);
  };
}

/** As soon as so many say the same. */
async function agreed(nodes: readonly Ask[], quorum: number, method: string, params: readonly unknown[]) {
  const counts = new Map<string, number>();
  return await new Promise<unknown>((resolve, reject) => {
    let [open, answered, unreached]: [number, number, unknown] = [nodes.length, 0, undefined];
    const count = (text: string, settle: () => void): void => {
      answered += 1;
      const number = (counts.get(text) ?? 0) + 1;
      counts.set(text, number);
      if (number === quorum) settle();
    };
    const end = (): void => {
      if ((open -= 1) > 0) return;
      if (answered < quorum) reject(asError(unreached));
      // A transaction that too few know is as good as forgotten.
      else if (method === "eth_getTransactionByHash") resolve(null);
      else
        reject(new StarledgerError("nodes_disagree", { method, answers: String(counts.size), quorum: String(quorum) }));
    };
    for (const ask of nodes) {
      ask(method, params)
        .then(
          (answer) => count(essenceOf(method, answer), () => resolve(answer)),
          (error: unknown) => {
            // What the chain itself refuses is an answer too.
            if (isCallException(error)) count(`refused ${error.data}`, () => reject(error));
            else unreached = error;
          },
        )
        .finally(end);
    }
  });
}

/** The one in the middle of the answers; what most of the nodes refuse is refused. */
async function middle(nodes: readonly Ask[], quorum: number, method: string, params: readonly unknown[]) {
  const given = await answers(nodes, quorum, (ask) =>
    ask(method, params).catch((error: unknown) => (isCallException(error) ? error : Promise.reject(asError(error)))),
  );
  const refusals = given.filter(isCallException);
  const estimates = given.filter((one) => typeof one === "string").map(BigInt);
  if (refusals.length > estimates.length) throw refusals[0]!;
  const sorted = estimates.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return `0x${sorted[Math.floor((sorted.length - 1) / 2)]!.toString(16)}`;
}

/** What at least `quorum` answer, and whoever else does within the grace. */
async function answers(nodes: readonly Ask[], quorum: number, put: (ask: Ask) => Promise<unknown>): Promise<unknown[]> {
  const given: unknown[] = [];
  let unreached: unknown;
  await new Promise<void>((resolve) => {
    let open = nodes.length;
    for (const ask of nodes) {
      put(ask)
        .then(
          (answer) => {
            given.push(answer);
            if (given.length === quorum) setTimeout(resolve, GRACE).unref();
          },
          (error: unknown) => (unreached = error),
        )
        .finally(() => (open -= 1) === 0 && resolve());
    }
  });
  if (given.length < quorum) throw asError(unreached);
  return [...given];
}

/** Whoever takes it first; if nobody does, the reason of one. */
async function firstOf(sending: readonly Promise<unknown>[]): Promise<unknown> {
  try {
    return await Promise.any(sending);
  } catch (error) {
    throw asError((error as AggregateError).errors[0]);
  }
}

function essenceOf(method: string, answer: unknown): string {
  const fields = FIELDS[method];
  if (fields === undefined || answer === null) return JSON.stringify(answer);
  const pick = (one: unknown) => fields.map((name) => (one as Record<string, unknown>)[name]);
  return JSON.stringify(Array.isArray(answer) ? answer.map(pick) : pick(answer));
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new StarledgerError("chain_unreachable");
}

function quantity(value: number): string {
  return `0x${value.toString(16)}`;
}
