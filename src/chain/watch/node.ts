import type { JsonRpcProvider } from "ethers";

import { fail } from "../../errors";
import { toAddress, toHash, type Address, type Hash } from "../../protocol";
import { answered } from "../hubErrors";

/** A block as its header says it. */
export interface Header {
  readonly number: number;
  readonly hash: Hash;
  readonly parent: Hash;
  /** Unix seconds. */
  readonly time: bigint;
}

/** An event as a node reports it. */
export interface Log {
  readonly block: number;
  readonly blockHash: Hash;
  /** Its place in the block. */
  readonly index: number;
  readonly transaction: Hash;
  readonly address: Address;
  readonly topics: readonly string[];
  readonly data: string;
}

/** What a watcher asks of the chain. */
export interface ChainNode {
  /**
   * @returns undefined for a block that there is not, or not any more
   * @throws chain_unreachable
   */
  header(block: number | "latest" | "finalized"): Promise<Header | undefined>;
  /**
   * The events of some contracts in these blocks, in their order.
   * @throws chain_unreachable, also where the range is too wide for the node
   */
  logs(addresses: readonly Address[], from: number, to: number): Promise<Log[]>;
}

interface RawBlock {
  readonly number: string;
  readonly hash: string;
  readonly parentHash: string;
  readonly timestamp: string;
}

interface RawLog {
  readonly blockNumber: string;
  readonly blockHash: string;
  readonly logIndex: string;
  readonly transactionHash: string;
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
}

/** A node behind JSON-RPC. */
export function rpcNode(provider: JsonRpcProvider): ChainNode {
  const call = (method: string, parameters: unknown[]): Promise<unknown> =>
    answered(provider.send(method, parameters) as Promise<unknown>);
  return {
    header: async (block) => {
      const tag = typeof block === "number" ? quantity(block) : block;
      const raw = (await call("eth_getBlockByNumber", [tag, false])) as RawBlock | null;
      return raw === null ? undefined : read("eth_getBlockByNumber", () => headerOf(raw));
    },
    logs: async (addresses, from, to) => {
      const filter = { address: addresses, fromBlock: quantity(from), toBlock: quantity(to) };
      const raw = (await call("eth_getLogs", [filter])) as RawLog[];
      return read("eth_getLogs", () => raw.map(logOf));
    },
  };
}

function headerOf({ number, hash, parentHash, timestamp }: RawBlock): Header {
  return { number: placeOf(number), hash: toHash(hash), parent: toHash(parentHash), time: BigInt(placeOf(timestamp)) };
}

function logOf({ blockNumber, blockHash, logIndex, transactionHash, address, topics, data }: RawLog): Log {
  return {
    block: placeOf(blockNumber),
    blockHash: toHash(blockHash),
    index: placeOf(logIndex),
    transaction: toHash(transactionHash),
    address: toAddress(address),
    topics: topics.map(toHash),
    data,
  };
}

/** What a node says: whatever is not what was asked for is no answer. */
function read<T>(method: string, parse: () => T): T {
  try {
    return parse();
  } catch {
    return fail("chain_unreachable", { method, reason: "malformed answer" });
  }
}

function placeOf(text: string): number {
  return /^0x[\da-f]{1,13}$/i.test(text) ? Number(text) : fail("invalid_hex", { got: text });
}

function quantity(value: number): string {
  return `0x${value.toString(16)}`;
}
