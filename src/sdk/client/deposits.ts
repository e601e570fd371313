import { maximum, type ChannelId, type Hash } from "../../protocol";
import { HUB } from "../chain/abi";
import type { Log } from "../chain/chainNode";
import { number, type Hub } from "../chain/hub";
import { RANGE, ranges } from "../chain/ranges";
import type { Channel } from "./channels";

/** Ranges of blocks that are searched back at most: a month, at twelve seconds a block. */
const RANGES = 22;

/** A deposit into a channel, whoever made it. */
export interface Deposit {
  /** Base units. */
  readonly amount: bigint;
  readonly transaction: Hash;
  readonly block: bigint;
  /** Of the block, in Unix seconds. */
  readonly time: bigint;
  /** Whether it is there for good, and so part of the balance. */
  readonly isFinal: boolean;
}

/** What was deposited into a channel in its epoch. */
export interface Deposits {
  /** Those of the last month, newest first. */
  readonly found: readonly Deposit[];
  /** Base units that were deposited before; 0 while a close is pending, for the hub does not say it then. */
  readonly earlier: bigint;
  /** The last block that is final. */
  readonly final: bigint;
}

type Found = Omit<Deposit, "isFinal">;

/** What is final and need not be searched for again. */
interface Kept {
  readonly upTo: bigint;
  readonly found: readonly Found[];
  readonly earlier: bigint;
}

/** The deposits of an account, as its own node has them in the hub's log. */
export class DepositLog {
  private readonly kept = new Map<ChannelId, Kept>();

  constructor(private readonly hub: Hub) {}

  /** @throws chain_unreachable */
  async read(channel: Channel): Promise<Deposits> {
    const { node } = this.hub;
    const { id } = channel.wallet;
    const [{ number: final }, { number: head }] = await Promise.all([node.block("finalized"), node.block("latest")]);
    const { upTo, found: before, earlier } = this.kept.get(id) ?? (await this.lookBack(channel, final));
    const found = [...before];
    for (const [from, to] of ranges(upTo + 1n, head)) found.unshift(...(await this.between(id, from, to)));
    // One of several nodes may be behind the one that was asked before.
    const last = maximum(final, upTo);
    this.kept.set(id, { upTo: last, found: found.filter(({ block }) => block <= last), earlier });
    return { found: found.map((one) => ({ ...one, isFinal: one.block <= last })), earlier, final: last };
  }

  /** Searches back from a final block until all that the hub has of the channel is found. */
  private async lookBack({ key, wallet: { id } }: Channel, final: bigint): Promise<Kept> {
    const { closing, funds } = await this.hub.channel(key, final);
    let missing = closing ? undefined : funds.deposited;
    const found: Found[] = [];
    for (let range = 0, to = final; range < RANGES && to >= 0n && missing !== 0n; range++, to -= RANGE) {
      const older = await this.between(id, maximum(0n, to - RANGE + 1n), to);
      found.push(...older);
      missing = missing && older.reduce((left, { amount }) => left - amount, missing);
    }
    return { upTo: final, found, earlier: missing ?? 0n };
  }

  /** Newest first. */
  private async between(id: ChannelId, from: bigint, to: bigint): Promise<Found[]> {
    const { topicHash } = HUB.getEvent("Deposited")!;
    const logs = await this.hub.node.logs(this.hub.address, [topicHash, id], from, to);
    return await Promise.all([...logs].reverse().map((log) => this.depositOf(log)));
  }

  private async depositOf({ data, topics, blockNumber, transactionHash: transaction }: Log): Promise<Found> {
    const { number: block, time } = await this.hub.node.block(BigInt(blockNumber));
    return { amount: number(HUB.decodeEventLog("Deposited", data, topics), "amount"), transaction, block, time };
  }
}
