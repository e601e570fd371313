import type { Interface, Result } from "ethers";

import { fail } from "../../errors";
import type { Address, Hash, Hex } from "../../protocol";
import { asChainError } from "./chainError";
import type { Eip1193Provider } from "./provider";

/** A block of the chain by number or name. */
export type BlockTag = bigint | "latest" | "finalized";

/** A block, as far as accounts need it. */
export interface Block {
  readonly number: bigint;
  /** Unix seconds. */
  readonly time: bigint;
  /** Wei per gas. */
  readonly baseFee: bigint;
}

/** A call of a contract's function. */
export interface Call {
  readonly to: Address;
  readonly abi: Interface;
  readonly name: string;
  readonly inputs: readonly unknown[];
}

/** An entry of a contract's log. */
export interface Log {
  readonly topics: readonly string[];
  readonly data: string;
  readonly blockNumber: Hex;
  readonly transactionHash: Hash;
}

/** A transaction that was mined; `gas` is what it used. */
export interface Receipt {
  readonly transaction: Hash;
  readonly gas: bigint;
}

/** How often a transaction's receipt is asked for, in milliseconds. */
const RECEIPT_INTERVAL = 500;
const RECEIPT_PATIENCE = 600_000;

/** A chain's node, with the project's own errors. Each call throws chain_unreachable or transaction_failed. */
export class ChainNode {
  constructor(readonly provider: Eip1193Provider) {}

  /** The number that signatures on this chain name (EIP-155). */
  async chainId(): Promise<bigint> {
    return quantityOf("eth_chainId", await this.ask("eth_chainId"));
  }

  /** @throws chain_unreachable if the node has no such block */
  async block(tag: BlockTag): Promise<Block> {
    const method = "eth_getBlockByNumber";
    const block = objectOf(method, await this.ask(method, [tagOf(tag), false]));
    if (block === null) return fail("chain_unreachable", { block: tag });
    const quantity = (name: string): bigint => quantityOf(method, block[name]);
    const baseFee = block["baseFeePerGas"] ?? null;
    return {
      number: quantity("number"),
      time: quantity("timestamp"),
      baseFee: baseFee === null ? 0n : quantity("baseFeePerGas"),
    };
  }

  /** Whether a contract is there now. */
  async hasCode(address: Address): Promise<boolean> {
    return (await this.ask("eth_getCode", [address, "latest"])) !== "0x";
  }

  /** What a function answers as of a block. */
  async read({ to, abi, name, inputs }: Call, tag: BlockTag = "latest", from?: Address): Promise<Result> {
    const data = abi.encodeFunctionData(name, inputs);
    const answer = await this.ask("eth_call", [{ to, data, ...(from !== undefined && { from }) }, tagOf(tag)]);
    try {
      return abi.decodeFunctionResult(name, answer as string);
    } catch {
      return fail("chain_unreachable", { contract: to, reason: `no answer to ${name}` });
    }
  }

  /** The logs of a contract between two blocks, oldest first. */
  async logs(address: Address, topics: readonly (string | null)[], from: bigint, to: bigint): Promise<readonly Log[]> {
    const filter = { address, topics, fromBlock: tagOf(from), toBlock: tagOf(to) };
    const logs = await this.ask("eth_getLogs", [filter]);
    return Array.isArray(logs) && logs.every(isLog) ? logs : malformed("eth_getLogs");
  }

  /** A transaction as it was sent; null if the node does not know it. */
  async transaction(hash: Hash): Promise<{ to: string | null; input: string } | null> {
    const method = "eth_getTransactionByHash";
    const found = objectOf(method, await this.ask(method, [hash]));
    if (found === null) return null;
    const { to = null, input } = found;
    return (to === null || isHex(to)) && isHex(input) ? { to, input } : malformed(method);
  }

  /**
   * Waits until a transaction is mined.
   * @throws transaction_failed if it reverted; chain_unreachable if it is not mined within ten minutes
   */
  async mined(transaction: Hash): Promise<Receipt> {
    for (const start = Date.now(); Date.now() - start < RECEIPT_PATIENCE; await pause()) {
      const method = "eth_getTransactionReceipt";
      const receipt = objectOf(method, await this.ask(method, [transaction]));
      if (receipt === null) continue;
      if (receipt["status"] !== "0x1") fail("transaction_failed", { transaction, reason: "it reverted" });
      return { transaction, gas: quantityOf(method, receipt["gasUsed"]) };
    }
    return fail("chain_unreachable", { transaction, reason: "it is not mined yet" });
  }

  /** Asks the node by JSON-RPC. */
  async ask(method: string, params: readonly unknown[] = []): Promise<unknown> {
    try {
      return await this.provider.request({ method, params });
    } catch (error) {
      throw asChainError(error);
    }
  }
}

/** Whatever is not what was asked for is no answer. */
function malformed(method: string): never {
  return fail("chain_unreachable", { method, reason: "malformed answer" });
}

function quantityOf(method: string, value: unknown): bigint {
  return typeof value === "string" && /^0x[\da-f]{1,64}$/i.test(value) ? BigInt(value) : malformed(method);
}

function objectOf(method: string, value: unknown): Readonly<Record<string, unknown>> | null {
  if (value === null) return null;
  return typeof value === "object" ? (value as Readonly<Record<string, unknown>>) : malformed(method);
}

function isHex(value: unknown): value is Hex {
  return typeof value === "string" && /^0x([\da-f]{2})*$/i.test(value);
}

function isLog(value: unknown): value is Log {
  const { topics, data, blockNumber, transactionHash } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const isPlaced = typeof blockNumber === "string" && /^0x[\da-f]{1,16}$/i.test(blockNumber);
  return Array.isArray(topics) && topics.every(isHex) && isHex(data) && isHex(transactionHash) && isPlaced;
}

function tagOf(tag: BlockTag): string {
  return typeof tag === "bigint" ? `0x${tag.toString(16)}` : tag;
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, RECEIPT_INTERVAL));
}
