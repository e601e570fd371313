import { answered, HubClient, type Deployment, type NodeProvider } from "../chain";
import { Outbox, type Budget, type FeePolicy, type SenderStatus } from "../chain/outbox";
import { Repeating } from "../chain/repeating";
import { rpcNode, Watcher, type Finality } from "../chain/watch";
import { StarledgerError } from "../errors";
import { toAddress, type Hash } from "../protocol";
import type { TransactionSigner } from "../signer";
import type { Store } from "../store";
import type { AccountService } from "./accountService";
import { ChainFollower, type PendingDeposit } from "./chainFollower";
import { Collector } from "./collector";
import { Disputes, type DisputeView } from "./disputes";
import { Publisher } from "./liabilities/publisher";
import { Settlement, type SettlementPolicy } from "./settlement";

/** Transactions of one sender that are under way at once at most. */
const WINDOW = 16;

/** What stands between an account service and its chain. */
export interface ChainSideOptions extends Budget {
  readonly service: AccountService;
  readonly store: Store;
  /** Of one node, or of several as one. */
  readonly provider: NodeProvider;
  readonly deployment: Pick<Deployment, "hub" | "registry" | "anchor" | "deployedAtBlock">;
  readonly finality: Finality;
  /** Whether the chain is another one with every start, so that nothing is known of it. */
  readonly startsAnew?: boolean;
  /** Keys that pay for gas; withdrawals are settled by the system's own, if it is among them. */
  readonly senders: readonly TransactionSigner[];
  readonly fees: FeePolicy;
  readonly settlement: SettlementPolicy;
  /** Seconds after which a payer that has not folded what it owes by a public preimage is closed on; null for never. */
  readonly closeAfter: bigint | null;
  /** Seconds from one publication of what is owed to the next; 0 for none but those that are asked for. */
  readonly proofInterval: bigint;
  /** Milliseconds between two looks at the chain, unless a node tells of a block sooner. */
  readonly interval: number;
  /** Unix seconds. */
  readonly now: () => bigint;
  readonly onTrouble: (error: StarledgerError) => void;
}

/** How a system keeps up with its chain, as of the last look. */
export interface ChainStatus {
  /** Blocks; null before the first look. */
  readonly head: number | null;
  /** Unix milliseconds; null before the first look. */
  readonly headTime: number | null;
  readonly final: number;
  readonly senders: readonly SenderStatus[];
  /** How often a node had forgotten a transaction. */
  readonly dropped: number;
}

/** The chain of one system: what happens there is taken in, what is due there is sent (section 9). */
export class ChainSide {
  private repeating: Repeating | undefined;
  private stopHearing: (() => void) | undefined;

  private constructor(
    private readonly options: ChainSideOptions,
    private readonly watcher: Watcher,
    private readonly outbox: Outbox,
    private readonly follower: ChainFollower,
    private readonly settlement: Settlement | undefined,
    private readonly disputes: Disputes,
    private readonly collector: Collector | undefined,
    /** Publishes what the system owes, if the system's key is among the senders. */
    readonly publisher: Publisher | undefined,
    private readonly finalBlock: () => number,
  ) {}

  /** Goes on where the store says that it was. */
  static async create(options: ChainSideOptions): Promise<ChainSide> {
    const { service, store, provider, deployment, now, onTrouble, senders } = options;
    const { system } = service.identity;
    const { hub, registry, deployedAtBlock } = deployment;
    const kept = await store.cursors.of(system);
    const start = { block: Math.max(0, Number(deployedAtBlock) - 1) };
    const cursor = options.startsAnew === true ? start : (kept ?? start);
    // What is final for one of them is final for all: a payout that is over is off the books by then.
    let final = cursor.block;
    const outbox: Outbox = new Outbox({
      ...{ provider, store: store.outbox, senders, policy: options.fees, window: WINDOW, now, onTrouble },
      ...{ leastBalance: options.leastBalance, dailyCap: options.dailyCap },
      finalBlock: () => Promise.resolve(final),
      onFinished: (item) => settlement?.finished(item),
    });
    const baseFee = async () => (await answered(provider.getBlock("latest")))?.baseFeePerGas ?? 0n;
    const settles = senders.some(({ address }) => address.toLowerCase() === system);
    const [interval, { anchor }] = [options.proofInterval, deployment];
    const publishing = { service, store, outbox, provider, hub, anchor, interval, now, onTrouble };
    const publisher = settles ? new Publisher(publishing) : undefined;
    const sending = { service, outbox, payouts: store.payouts, hub, policy: options.settlement, window: WINDOW };
    const settlement = settles ? new Settlement({ ...sending, baseFee, onTrouble }) : undefined;
    const client = new HubClient(hub, provider);
    const collector = settles ? new Collector({ service, hub: client, outbox }) : undefined;
    const follower = new ChainFollower(
      service,
      client,
      kept?.opened ?? 0n,
      async (...refusal) => await settlement?.refuse(...refusal),
    );
    const sender = senders[0] && toAddress(senders[0].address);
    if (sender === undefined) onTrouble(new StarledgerError("no_gas_key", { system }));
    const disputes = new Disputes({
      ...{ service, hub: client, outbox, registry, sender, closeAfter: options.closeAfter, onTrouble },
      room: WINDOW * senders.length,
    });
    const watcher = new Watcher({
      node: rpcNode(provider),
      contracts: [hub, registry],
      finality: options.finality,
      cursor,
      onFinal: async (blocks) => {
        await follower.onFinal(blocks);
        disputes.see(blocks.sightings);
      },
      keep: async (next) => {
        await store.cursors.keep(system, { ...next, opened: follower.opened });
        final = next.block;
      },
      onPending: async (blocks) => {
        await follower.onPending(blocks);
        disputes.see(blocks.sightings);
      },
    });
    return new ChainSide(options, watcher, outbox, follower, settlement, disputes, collector, publisher, () => final);
  }

  /** Looks again and again until it is stopped. */
  start(): void {
    const { provider, interval, onTrouble } = this.options;
    const repeating = (this.repeating ??= new Repeating(() => this.look(), interval, onTrouble));
    this.stopHearing ??= provider.onHead?.(() => repeating.wake());
  }

  /**
   * Takes in the chain, hands over the withdrawals and publications that are due, and looks after what is to be sent.
   * @throws chain_unreachable, nodes_disagree, store_failed; chain_rewritten: a final block is gone, what was credited by it is
   * frozen, and nothing is taken in or sent any more
   */
  async look(): Promise<void> {
    await this.follow();
    // What a dispute needs comes before anything else that is sent.
    const time = this.follower.head?.time;
    if (time !== undefined) await this.disputes.look(time);
    if (time !== undefined) await this.collector?.look(time);
    await this.settlement?.settle(this.options.now());
    await this.publisher?.look(BigInt(this.finalBlock()));
    await this.outbox.look();
  }

  private async follow(): Promise<void> {
    try {
      await this.watcher.look();
    } catch (error) {
      const isRewritten = error instanceof StarledgerError && error.code === "chain_rewritten";
      if (isRewritten) await this.follower.onRewritten();
      throw error;
    }
  }

  async stop(): Promise<void> {
    this.stopHearing?.();
    await this.repeating?.stop();
    await this.publisher?.stop();
  }

  /** Whether it sends its users' withdrawals. */
  get settles(): boolean {
    return this.settlement !== undefined;
  }

  /** Whether a key pays for the gas of closes and of what answers them. */
  get canAnswer(): boolean {
    return this.options.senders.length > 0;
  }

  get status(): ChainStatus {
    const { outbox, follower } = this;
    return {
      head: follower.head?.number ?? null,
      headTime: follower.head && 1_000 * Number(follower.head.time),
      final: this.finalBlock(),
      senders: outbox.status(),
      dropped: outbox.dropped,
    };
  }

  /** The blocks on top of a transaction under way, its own included, as of the last look; 0 where it is in none. */
  confirmationsOf(transaction: Hash): number {
    const block = this.outbox.blockOf(transaction);
    return block === undefined ? 0 : Math.max(1, (this.follower.head?.number ?? block) - block + 1);
  }

  /** The closes that are pending, the first to end first. */
  pendingDisputes(): readonly DisputeView[] {
    return this.disputes.list();
  }

  pendingDeposits(): readonly PendingDeposit[] {
    return this.follower.pendingDeposits();
  }
}
