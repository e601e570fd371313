import { Transaction } from "ethers";
import { network } from "hardhat";

import type { Random } from "../../../scripts/torture/random";
import { toAddress, type Address, type Hash, type Hex } from "../../../src/protocol";
import type { Outside } from "../quiet";

/** Blocks on top of one that make it final; no reorganisation goes deeper. */
export const DEPTH = 4;
const GWEI = 10n ** 9n;

interface Block {
  readonly number: number;
  /** Unix seconds. */
  readonly time: bigint;
  /** Of the chain as it was when this was its last block. */
  readonly snapshot: unknown;
}

interface Sent {
  readonly raw: string;
  readonly seen: Seen;
  /** The chain's last block then. */
  readonly after: number;
}

/** What everybody can read of a transaction. */
export interface Seen {
  readonly hash: Hash;
  readonly from: Address;
  readonly nonce: number;
  readonly to: Address;
  readonly data: Hex;
  readonly value: bigint;
  /** Wei per unit of gas. */
  readonly tip: bigint;
}

/** Transactions that are remembered. */
const REMEMBERED = 100;

/** Questions whose answers are the same until the next block comes or vanishes, if they are not about what waits. */
const OF_BLOCKS = new Set(["eth_blockNumber", "eth_call", "eth_getBalance", "eth_getBlockByNumber", "eth_getLogs"]);

/** The state of Hardhat's network that every run begins with. */
let beginning: unknown;

/**
 * The chain: the real contracts on an EVM of this process. Blocks come, vanish and grow dear when the driver says so, and only one
 * question is answered at a time, so that nothing depends on the threads below.
 */
export class Evm {
  private blocks: Block[] = [];
  private sent: Sent[] = [];
  /** Whose transactions no node forgets: they are not there any more to send them again. */
  readonly gone = new Set<Address>();
  private readonly history: Seen[] = [];
  /** Of {@link OF_BLOCKS}, as of the last block. */
  private readonly answers = new Map<string, unknown>();
  private last: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly outside: Outside,
    /** Unix seconds. */
    private readonly now: () => bigint,
  ) {}

  /** As it was when the contracts were deployed, and nothing else. */
  static async open(outside: Outside, now: () => bigint): Promise<Evm> {
    const evm = new Evm(outside, now);
    if (beginning !== undefined) await evm.ask("evm_revert", [beginning]);
    beginning = await evm.ask("evm_snapshot");
    await evm.ask("evm_setAutomine", [false]);
    for (let i = 0; i <= DEPTH; i++) await evm.mine();
    return evm;
  }

  get final(): Block {
    return this.blocks.at(-1 - DEPTH) ?? this.blocks[0]!;
  }

  get head(): Block {
    return this.blocks.at(-1)!;
  }

  /** Whether nothing waits to be mined, or to be final. */
  async isIdle(): Promise<boolean> {
    const waiting = (await this.ask("eth_pendingTransactions")) as unknown[];
    const counts = this.blocks
      .slice(-DEPTH)
      .map(({ number }) => this.ask("eth_getBlockTransactionCountByNumber", [`0x${number.toString(16)}`]));
    return waiting.length === 0 && (await Promise.all(counts)).every((count) => Number(count) === 0);
  }

  /** What waits to be mined. */
  async waiting(): Promise<readonly Seen[]> {
    const hashes = (await this.ask("eth_pendingTransactions")) as { readonly hash: Hash }[];
    const pending = new Set(hashes.map(({ hash }) => hash));
    return this.sent.filter(({ seen }) => pending.has(seen.hash)).map(({ seen }) => seen);
  }

  /** Whether the node has the transaction, mined or not. */
  async knows(hash: Hash): Promise<boolean> {
    return (await this.ask("eth_getTransactionByHash", [hash])) !== null;
  }

  /** How many transactions of a sender are mined. */
  async minedOf(sender: Address): Promise<number> {
    return Number(await this.ask("eth_getTransactionCount", [sender, "latest"]));
  }

  /** The node forgets something that waits, and nothing of its sender's waits for: what it was, if anything. */
  async forget(random: Random): Promise<Seen | undefined> {
    const waiting = await this.waiting();
    const last = waiting.filter(
      ({ from, nonce }) => !this.gone.has(from) && waiting.every((one) => one.from !== from || one.nonce <= nonce),
    );
    const one = last[random.between(0, last.length - 1)];
    if (one !== undefined) await this.ask("hardhat_dropTransaction", [one.hash]);
    return one;
  }

  /** What was sent last, mined or not. */
  get past(): readonly Seen[] {
    return this.history;
  }

  /** What a party asks its node, and is told when the driver has nothing else to do. */
  async request(method: string, params: readonly unknown[] = []): Promise<unknown> {
    return await this.outside.wait(() => this.inTurn(() => this.answer(method, params)));
  }

  /** The next block, with what fits of what was sent. */
  async mine(): Promise<void> {
    const { time: before } = this.blocks.at(-1) ?? { time: 0n };
    const time = before < this.now() ? this.now() : before + 1n;
    await this.ask("evm_setNextBlockTimestamp", [Number(time)]);
    await this.ask("evm_mine");
    this.answers.clear();
    const number = Number(await this.ask("eth_blockNumber"));
    this.blocks.push({ number, time, snapshot: await this.ask("evm_snapshot") });
    this.blocks.splice(0, this.blocks.length - 2 * DEPTH);
    this.sent = this.sent.filter(({ after }) => after >= this.blocks[0]!.number);
  }

  /** The last `depth` blocks vanish; what was in them comes again, is late or is forgotten. */
  async reorganise(depth: number, random: Random): Promise<void> {
    const kept = this.blocks.at(-1 - depth)!;
    await this.ask("evm_revert", [kept.snapshot]);
    this.answers.clear();
    const place = this.blocks.indexOf(kept);
    const again = { ...kept, snapshot: await this.ask("evm_snapshot") };
    this.blocks.splice(place, this.blocks.length - place, again);
    const lost = this.sent.filter(({ after }) => after >= kept.number);
    this.sent = this.sent.filter(({ after }) => after < kept.number);
    const forgotten = new Set<Address>();
    for (const { raw, seen } of lost) {
      const { from } = seen;
      // What a sender sent after something that is forgotten could not be mined.
      if (random.chance(0.3) && !this.gone.has(from)) forgotten.add(from);
      if (!forgotten.has(from)) await this.send(raw, seen).catch(() => undefined);
    }
    for (let i = 0; i <= depth; i++) await this.mine();
  }

  /** The next block costs so much, and those after it hardly less. */
  async spike(gwei: number): Promise<void> {
    await this.ask("hardhat_setNextBlockBaseFeePerGas", [`0x${(BigInt(gwei) * GWEI).toString(16)}`]);
  }

  /** What a contract answers, as of the last block: for whoever checks. */
  async call(to: Hex, data: string): Promise<Hex> {
    return (await this.ask("eth_call", [{ to, data }, "latest"])) as Hex;
  }

  private async answer(method: string, params: readonly unknown[]): Promise<unknown> {
    if (method === "eth_sendRawTransaction") return await this.send(params[0] as string);
    // Otherwise it would go by the machine's clock.
    if (method === "eth_estimateGas") {
      const time = this.head.time < this.now() ? this.now() : this.head.time + 1n;
      await this.ask("evm_setNextBlockTimestamp", [Number(time)]);
    }
    const final = `0x${this.final.number.toString(16)}`;
    const asked = params.map((one) => (one === "finalized" ? final : one));
    return OF_BLOCKS.has(method) && !asked.includes("pending")
      ? await this.askOnce(method, asked)
      : await this.ask(method, asked);
  }

  /** Most ask what somebody else has asked of the same block. */
  private async askOnce(method: string, params: readonly unknown[]): Promise<unknown> {
    const question = JSON.stringify([method, params]);
    const known = this.answers.get(question);
    if (known !== undefined) return known;
    const answer = await this.ask(method, params);
    this.answers.set(question, answer);
    return answer;
  }

  private async send(raw: string, seen?: Seen): Promise<Hash> {
    const hash = (await this.ask("eth_sendRawTransaction", [raw])) as Hash;
    const read = seen ?? readTransaction(raw, hash);
    this.sent.push({ raw, seen: read, after: this.head.number });
    this.history.push(read);
    this.history.splice(0, this.history.length - REMEMBERED);
    return hash;
  }

  private async inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.last.then(act);
    this.last = turn.catch(() => undefined);
    return await turn;
  }

  private async ask(method: string, params: readonly unknown[] = []): Promise<unknown> {
    return await network.provider.request({ method, params: [...params] });
  }
}

function readTransaction(raw: string, hash: Hash): Seen {
  const { from, nonce, to, data, value, maxPriorityFeePerGas } = Transaction.from(raw);
  const tip = maxPriorityFeePerGas ?? 0n;
  return { hash, from: toAddress(from!), nonce, to: toAddress(to!), data: data as Hex, value, tip };
}
