import { setTimeout as delay } from "node:timers/promises";

import { readDispute, type ChannelId, type DisputeRecord } from "../../../src/protocol";
import type { MortalProcess } from "../mortalProcess";
import type { Accused } from "./accused";
import type { Court } from "./court";
import type { Crowd } from "./crowd";

/** Seconds from one block to the next. */
const BLOCK = 12n;
const GWEI = 10n ** 9n;

/** How the answers came. */
export interface Answering {
  readonly answered: ReadonlySet<ChannelId>;
  readonly late: number;
  readonly kills: number;
  readonly blocks: number;
  /** Seconds on the chain from the last close to the last answer. */
  readonly lastAnswerAfter: number;
  /** Gwei: of the block of the last close, and the most of any block until the last answer. */
  readonly baseFeeFrom: number;
  readonly baseFeeTo: number;
  /** What each close fixed. */
  readonly records: ReadonlyMap<ChannelId, DisputeRecord>;
}

interface Plan {
  readonly crowd: Crowd;
  readonly kills: number;
  /** Milliseconds between two blocks. */
  readonly pace: number;
}

/** What is still to be shown of each close, and until when. */
class Docket {
  readonly records = new Map<ChannelId, DisputeRecord>();
  readonly answered = new Set<ChannelId>();
  late = 0;
  private readonly open: Map<ChannelId, Set<string>>;

  constructor(
    private readonly court: Court,
    users: readonly Accused[],
  ) {
    this.open = new Map(users.map(({ party, answers }) => [party.id, new Set<string>(answers)]));
  }

  get isDone(): boolean {
    return this.open.size === 0;
  }

  get isClosed(): boolean {
    return this.records.size === this.open.size + this.answered.size + this.late;
  }

  /** Takes in a block, of time `now`. */
  async read(number: number, now: bigint): Promise<void> {
    const { contract, node } = this.court;
    const logs = await node.provider.getLogs({
      address: await contract.getAddress(),
      fromBlock: number,
      toBlock: number,
    });
    for (const log of logs) {
      const event = contract.interface.parseLog(log);
      const id = event?.args[0] as ChannelId;
      if (event?.name === "ChannelClosing") {
        const { close, note, funds, paid, stateHash } = event.args[2] as DisputeRecord;
        this.records.set(id, { close, note, funds, paid, stateHash });
      }
      if (event !== null && this.open.get(id)?.delete(event.name)) this.decide(id, now);
    }
  }

  /** Those whose time is over. */
  expire(now: bigint): void {
    for (const id of this.open.keys()) {
      const record = this.records.get(id);
      if (record === undefined || now < readDispute(record).challengeEnd) continue;
      this.open.delete(id);
      this.late += 1;
    }
  }

  private decide(id: ChannelId, now: bigint): void {
    if (this.open.get(id)!.size > 0) return;
    this.open.delete(id);
    if (now < readDispute(this.records.get(id)!).challengeEnd) this.answered.add(id);
    else this.late += 1;
  }
}

/** Mines, while the crowd presses and the tower is killed at times, until every close is answered or its time is over. */
export async function untilAnswered(
  court: Court,
  tower: MortalProcess,
  users: readonly Accused[],
  { crowd, kills: wanted, pace }: Plan,
): Promise<Answering> {
  const { provider } = court.node;
  const docket = new Docket(court, users);
  let { number, timestamp } = (await provider.getBlock("latest"))!;
  const first = number;
  let [kills, closedAt, baseFeeFrom, baseFeeTo] = [0, 0n, 0n, 0n];
  let restarting: Promise<unknown> = Promise.resolve();
  while (!docket.isDone) {
    await crowd.press();
    await provider.send("evm_setNextBlockTimestamp", [(timestamp += Number(BLOCK))]);
    await provider.send("evm_mine", []);
    number += 1;
    const now = BigInt(timestamp);
    await docket.read(number, now);
    docket.expire(now);
    const baseFee = (await provider.getBlock(number))!.baseFeePerGas!;
    if (closedAt === 0n) [closedAt, baseFeeFrom] = docket.isClosed ? [now, baseFee] : [0n, 0n];
    baseFeeTo = baseFee > baseFeeTo ? baseFee : baseFeeTo;
    // As if the machine had lost its power, at even shares of the work.
    if (kills < wanted && docket.answered.size * (wanted + 1) >= users.length * (kills + 1)) {
      kills += 1;
      await restarting;
      await tower.end("SIGKILL");
      restarting = tower.start();
    }
    await delay(pace);
  }
  await restarting;
  const { answered, late, records } = docket;
  const inGwei = (wei: bigint): number => Number(wei / GWEI);
  return {
    ...{ answered, late, kills, records, blocks: number - first, lastAnswerAfter: timestamp - Number(closedAt) },
    ...{ baseFeeFrom: inGwei(baseFeeFrom), baseFeeTo: inGwei(baseFeeTo) },
  };
}
