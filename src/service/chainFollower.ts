import type { HubClient } from "../chain";
import type { FinalBlocks, PendingBlocks, Sighting } from "../chain/watch";
import { isLossAlone, type Channel, type LedgerEvent, type SeenAnswer, type SeenClose } from "../engine";
import { StarledgerError } from "../errors";
import {
  NO_FUNDS,
  readDispute,
  toHash,
  type Address,
  type ChannelId,
  type DisputeRecord,
  type Funds,
  type Hash,
} from "../protocol";
import type { AccountService } from "./accountService";

/** Channels that are asked for together: nodes and commits take many at once. */
const AT_ONCE = 100;
/** New accounts that are looked up with one final block; more wait for the next. */
const NEW_ACCOUNTS = 1_000;

/** A deposit that is not final yet. */
export interface PendingDeposit {
  readonly channelId: ChannelId;
  readonly amount: bigint;
  readonly transaction: Hash;
  /** Blocks on top of it, itself included. */
  readonly confirmations: number;
}

/**
 * Lets an account service act on what the chain says (section 9): deposits, withdrawals and settlements once they are final,
 * closes as soon as they are seen (S6). Whatever it is told twice changes nothing the second time.
 */
export class ChainFollower {
  private pending: readonly PendingDeposit[] = [];
  private latest: PendingBlocks["head"] | null = null;

  /**
   * @param openedUpTo the last event of the log whose new account was looked up on chain
   * @param onRefused hears of a withdrawal that the hub has refused in a transaction, with the error's data, at least once
   */
  constructor(
    private readonly service: AccountService,
    private readonly hub: Pick<HubClient, "channel" | "pendingClose">,
    private openedUpTo: bigint,
    private readonly onRefused: (channelId: ChannelId, transaction: Hash, reason: string) => Promise<void> = () =>
      Promise.resolve(),
  ) {}

  /** To be kept with the chain's cursor. */
  get opened(): bigint {
    return this.openedUpTo;
  }

  /** The latest block that was looked at. */
  get head(): PendingBlocks["head"] | null {
    return this.latest;
  }

  /** The deposits that wait for confirmations. */
  pendingDeposits(): readonly PendingDeposit[] {
    return this.pending;
  }

  /**
   * Takes in final blocks. Channels are read as of the last that is final, for few nodes keep the states of older ones: what
   * comes after these blocks is seen early, and changes nothing when it comes.
   * @throws chain_unreachable, and what {@link AccountService.submit} throws; the same blocks are to be taken in again then
   */
  async onFinal({ header, final, sightings }: FinalBlocks): Promise<void> {
    await this.observe(header.time, sightings);
    await this.followCloses(sightings);
    const opened = await this.service.events({
      after: this.openedUpTo,
      types: ["account.opened", "account.tokensAdded"],
      limit: NEW_ACCOUNTS,
    });
    const touched = new Set([
      ...channelsOf(sightings),
      ...this.undecided(header.time),
      ...opened.flatMap((event) => this.openedChannels(event)),
    ]);
    const channels = [...touched].flatMap((id) => this.service.channel(id) ?? []);
    const current = channels.filter(({ status }) => status !== "settled");
    for (let i = 0; i < current.length; i += AT_ONCE) {
      const some = current.slice(i, i + AT_ONCE);
      await Promise.all(some.map((channel) => this.update(channel, final, header.time)));
    }
    await this.tellRefused(sightings);
    this.openedUpTo = opened.at(-1)?.number ?? this.openedUpTo;
    if (header.number >= final) await this.service.noteFinal(header.time);
  }

  /** Freezes the channels that are being closed, and remembers the deposits on their way. */
  async onPending({ head, sightings }: PendingBlocks): Promise<void> {
    this.latest = head;
    this.pending = sightings.flatMap((one) => {
      if (one.type !== "deposited" || this.service.channel(one.channelId) === undefined) return [];
      const { channelId, amount, at } = one;
      return [{ channelId, amount, transaction: at.transaction, confirmations: head.number - at.block + 1 }];
    });
    for (const one of sightings) {
      if (one.type === "closing") await this.freeze(one.channelId, closeOf(one.record, one.at.transaction));
    }
  }

  /**
   * A block that counted as final is gone: freezes the channels of which the chain says something else now than what they
   * were credited with.
   * @throws chain_unreachable, store_failed
   */
  async onRewritten(): Promise<void> {
    const going = [...this.service.channels()].filter(({ status, freeze }) => status === "open" || isLossAlone(freeze));
    const touched = going.filter(({ funds }) => !isUntouched(funds));
    for (let i = 0; i < touched.length; i += AT_ONCE) {
      await Promise.all(
        touched.slice(i, i + AT_ONCE).map(async ({ id, key, funds: had }) => {
          const { epoch, closing, funds } = await this.hub.channel(key);
          const isSame = epoch === key.epoch && !closing && hasAll(funds, had);
          if (!isSame) await this.freeze(id);
        }),
      );
    }
  }

  /** Somebody may have paid into them before. */
  private openedChannels({ type, account, data }: LedgerEvent): ChannelId[] {
    if (type !== "account.opened" && type !== "account.tokensAdded") return [];
    return data.tokens.flatMap((token) => this.service.channelOf(account as Address, token)?.id ?? []);
  }

  /** Registrations, and the time up to which there are no others. */
  private async observe(finalTime: bigint, sightings: readonly Sighting[]): Promise<void> {
    const registered = sightings.flatMap((one) => (one.type === "registered" ? [one] : []));
    const [open] = this.service.openHtlcs();
    if (registered.length === 0 && open === undefined) return;
    await this.service.submit({
      type: "observeChain",
      finalTime,
      registered: registered.map(({ preimage, time }) => ({ preimage, time })),
    });
  }

  /** Closes, and what was shown on them. */
  private async followCloses(sightings: readonly Sighting[]): Promise<void> {
    for (const one of sightings) {
      if (!("channelId" in one) || this.service.channel(one.channelId) === undefined) continue;
      const { channelId, at } = one;
      const { transaction } = at;
      if (one.type === "closing") await this.freeze(channelId, closeOf(one.record, transaction));
      if (one.type === "replaced") {
        await this.answered(channelId, { shown: "state", version: one.version, transaction });
      }
      if (one.type === "penalised") await this.answered(channelId, { shown: "cheat", transaction });
    }
  }

  private async answered(channelId: ChannelId, answer: SeenAnswer): Promise<void> {
    await this.service.submit({ type: "observeAnswer", channelId, answer });
  }

  /** Brings a channel to what the block says of it, one epoch after the other. */
  private async update({ id, key, status, funds: had }: Channel, block: number, finalTime: bigint): Promise<void> {
    const { epoch, closing, funds } = await this.hub.channel(key, block);
    if (epoch > key.epoch) {
      const isLast = epoch === key.epoch + 1n;
      // What an epoch in between held went out with its own settlement.
      const settled = await this.settle(id, isLast && !closing ? funds : NO_FUNDS);
      const next = this.service.channelOf(key.user, key.token);
      if (settled && next !== undefined && (!isLast || closing)) await this.update(next, block, finalTime);
    } else if (closing) {
      const { record, transaction } = await this.hub.pendingClose(id);
      await this.freeze(id, closeOf(record, toHash(transaction)));
    } else if (status !== "frozen" || hasAll(funds, had)) {
      // One that was frozen since the chain has less of it stays so.
      await this.service.submit({ type: "updateFunds", channelId: id, funds, finalTime });
    }
  }

  /** Ends an epoch, unless locks are undecided: then it is tried again with the next final block. */
  private async settle(channelId: ChannelId, funds: Channel["funds"]): Promise<boolean> {
    await this.freeze(channelId);
    try {
      await this.service.submit({ type: "settleEpoch", channelId, funds });
      return true;
    } catch (error) {
      if (error instanceof StarledgerError && error.code === "lock_pending") return false;
      throw error;
    }
  }

  /** Those for which time decides, not an event: deadlines that have passed, and epochs whose locks were not decided. */
  private undecided(finalTime: bigint): ChannelId[] {
    const isOver = (deadline: bigint | undefined): boolean => deadline !== undefined && deadline < finalTime;
    return [...this.service.waitingChannels()].filter((id) => {
      const { status, pending, closing, freeze } = this.service.channel(id)!;
      const isClosing = status === "frozen" && !isLossAlone(freeze);
      return isClosing || isOver(pending?.deadline) || isOver(closing?.deadline);
    });
  }

  private async tellRefused(sightings: readonly Sighting[]): Promise<void> {
    for (const one of sightings) {
      if (one.type !== "withdrawalFailed" || one.system !== this.service.identity.system) continue;
      const channel = this.service.channelOf(one.user, one.token);
      if (channel?.pending) await this.onRefused(channel.id, one.at.transaction, one.reason);
    }
  }

  private async freeze(channelId: ChannelId, close?: SeenClose): Promise<void> {
    const channel = this.service.channel(channelId);
    if (channel === undefined || channel.status === "settled") return;
    if (close === undefined) await this.service.submit({ type: "freeze", channelId });
    else if (channel.freeze?.transaction !== close.transaction) {
      await this.service.submit({ type: "freeze", channelId, close });
    }
  }
}

function closeOf(record: DisputeRecord, transaction: Hash): SeenClose {
  const { bySystem, humble, version, challengeEnd } = readDispute(record);
  return { transaction, bySystem, humble, version, challengeEnd };
}

function channelsOf(sightings: readonly Sighting[]): Set<ChannelId> {
  return new Set(sightings.flatMap((one) => ("channelId" in one ? [one.channelId] : [])));
}

/** What only rises. */
function sumsOf({ deposited, withdrawn, reclaimed }: Funds): readonly bigint[] {
  return [deposited, withdrawn, reclaimed];
}

/** Whether nothing that was taken in is gone. */
function hasAll(funds: Funds, had: Funds): boolean {
  return sumsOf(funds).every((sum, at) => sum >= sumsOf(had)[at]!);
}

function isUntouched(funds: Funds): boolean {
  return sumsOf(funds).every((sum) => sum === 0n);
}
