import type { JsonRpcProvider, Wallet } from "ethers";

import { HubClient, type Deployment } from "../chain";
import { Outbox, type FeePolicy, type Item } from "../chain/outbox";
import { Repeating } from "../chain/repeating";
import { agreeing, rpcNode, Watcher, type Finality } from "../chain/watch";
import type { StarledgerError } from "../errors";
import type { ChannelId } from "../protocol";
import type { Store } from "../store";
import type { AccountService } from "./accountService";
import { ChainFollower, type PendingDeposit } from "./chainFollower";
import { Settlement, type SettlementPolicy } from "./settlement";

/** Transactions of one sender that are under way at once at most. */
const WINDOW = 16;

/** What stands between an account service and its chain. */
export interface ChainSideOptions {
  readonly service: AccountService;
  readonly store: Store;
  /** The first is sent to, all are read from. */
  readonly providers: readonly [JsonRpcProvider, ...JsonRpcProvider[]];
  /** How many of them must say the same. */
  readonly quorum: number;
  readonly deployment: Pick<Deployment, "hub" | "registry" | "deployedAtBlock">;
  readonly finality: Finality;
  /** Whether the chain is another one with every start, so that nothing is known of it. */
  readonly startsAnew?: boolean;
  /** Keys that pay for gas; withdrawals are settled by the system's own, if it is among them. */
  readonly senders: readonly Wallet[];
  readonly fees: FeePolicy;
  readonly settlement: SettlementPolicy;
  /** Milliseconds between two looks at the chain. */
  readonly interval: number;
  /** Wei that a sender should have at least. */
  readonly leastBalance: bigint;
  /** Unix seconds. */
  readonly now: () => bigint;
  readonly onTrouble: (error: StarledgerError) => void;
  readonly onFinished?: (item: Item) => void;
  /** A withdrawal that the hub refused, with the error's data. */
  readonly onRefused?: (channelId: ChannelId, reason: string) => void;
}

/** The chain of one system: what happens there is taken in, what is due there is sent (section 9). */
export class ChainSide {
  private repeating: Repeating | undefined;

  private constructor(
    private readonly options: ChainSideOptions,
    private readonly watcher: Watcher,
    private readonly outbox: Outbox,
    private readonly follower: ChainFollower,
    private readonly settlement: Settlement | undefined,
  ) {}

  /** Goes on where the store says that it was. */
  static async create(options: ChainSideOptions): Promise<ChainSide> {
    const { service, store, providers, deployment, now, onTrouble, leastBalance, fees, senders } = options;
    const { system } = service.identity;
    const { hub, registry, deployedAtBlock } = deployment;
    const kept = await store.cursors.of(system);
    const start = { block: Math.max(0, Number(deployedAtBlock) - 1) };
    const cursor = options.startsAnew === true ? start : (kept ?? start);
    // What is final for one of them is final for all: a payout that is over is off the books by then.
    let final = cursor.block;
    const outbox = new Outbox({
      provider: providers[0],
      store: store.outbox,
      senders,
      policy: fees,
      window: WINDOW,
      leastBalance,
      now,
      finalBlock: () => Promise.resolve(final),
      onFinished: options.onFinished ?? (() => undefined),
      onTrouble,
    });
    const settles = senders.some(({ address }) => address.toLowerCase() === system);
    const settlement = settles ? new Settlement(service, outbox, hub, options.settlement) : undefined;
    const client = new HubClient(hub, providers[0]);
    const follower = new ChainFollower(service, client, kept?.opened ?? 0n, (channelId, reason) => {
      settlement?.refuse(channelId);
      options.onRefused?.(channelId, reason);
    });
    const watcher = new Watcher({
      node: agreeing(providers.map(rpcNode), options.quorum),
      contracts: [hub, registry],
      finality: options.finality,
      cursor,
      onFinal: (blocks) => follower.onFinal(blocks),
      keep: async (next) => {
        await store.cursors.keep(system, { ...next, opened: follower.opened });
        final = next.block;
      },
      onPending: (blocks) => follower.onPending(blocks),
    });
    return new ChainSide(options, watcher, outbox, follower, settlement);
  }

  /** Looks again and again until it is stopped. */
  start(): void {
    this.repeating ??= new Repeating(() => this.look(), this.options.interval, this.options.onTrouble);
  }

  /**
   * Takes in the chain, hands over the withdrawals that are due, and looks after what is to be sent.
   * @throws chain_unreachable, nodes_disagree, store_failed; chain_rewritten: a final block is gone, and nothing is taken in or
   * sent any more
   */
  async look(): Promise<void> {
    await this.watcher.look();
    await this.settlement?.settle(this.options.now());
    await this.outbox.look();
  }

  async stop(): Promise<void> {
    await this.repeating?.stop();
  }

  pendingDeposits(): readonly PendingDeposit[] {
    return this.follower.pendingDeposits();
  }
}
