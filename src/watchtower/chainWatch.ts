import type { NodeProvider } from "../chain";
import { Outbox, Tasks, type FeePolicy, type Item, type ItemStore } from "../chain/outbox";
import { Repeating } from "../chain/repeating";
import type { ChainNode, Finality } from "../chain/watch";
import type { StarledgerError } from "../errors";
import type { Address } from "../protocol";
import { transactionSigner, type Key } from "../signer";
import type { Appointments } from "./appointments";
import type { Closes } from "./closes";
import { HubWatch } from "./hubWatch";

/** A chain with hubs that a tower watches. */
export interface ChainWatchOptions {
  readonly chainId: bigint;
  /** What transactions are sent by. */
  readonly provider: NodeProvider;
  readonly node: ChainNode;
  readonly hubs: readonly Address[];
  /** Whose users are served; undefined for everybody's. */
  readonly systems: readonly Address[] | undefined;
  readonly finality: Finality;
  /** What pays for gas; rewards go to the first. */
  readonly gasKeys: readonly [Key, ...Key[]];
  readonly fees: FeePolicy;
  /** Wei that a sender should have at least. */
  readonly leastBalance: bigint;
  /** Transactions of one sender that are under way at most. */
  readonly window: number;
  readonly range: number | undefined;
  /** Milliseconds between two looks, unless a node tells of a block sooner. */
  readonly interval: number;
  readonly items: ItemStore;
  readonly appointments: Appointments;
  readonly closes: Closes;
  readonly onFinished: (item: Item) => void;
  readonly onTrouble: (error: StarledgerError) => void;
}

/** Watches the hubs of one chain, and shows there what is due; whatever it is stopped at, it goes on with. */
export class ChainWatch {
  /** Where this chain's rewards go. */
  readonly address: Address;
  /** All that pay for gas. */
  readonly senders: readonly Address[];
  /** Unix milliseconds of the last look that succeeded; undefined before. */
  lookedAt: number | undefined;
  private readonly outbox: Outbox;
  private readonly tasks: Tasks;
  private repeating: Repeating | undefined;
  private stopHearing: (() => void) | undefined;

  private constructor(
    readonly hubs: readonly HubWatch[],
    private readonly options: ChainWatchOptions,
  ) {
    const { provider, gasKeys, items, fees, leastBalance, window, onFinished, onTrouble } = options;
    this.senders = gasKeys.map(({ address }) => address);
    this.address = gasKeys[0].address;
    this.outbox = new Outbox({
      ...{ provider, store: items, policy: fees, window, leastBalance, onFinished, onTrouble },
      senders: gasKeys.map(transactionSigner),
      // What is sent here cannot wait.
      dailyCap: null,
      finalBlock: () => Promise.resolve(Math.min(...this.hubs.map(({ final }) => final))),
      now: () => this.time,
    });
    this.tasks = new Tasks({ outbox: this.outbox, scope: "", room: window * gasKeys.length, onTrouble });
  }

  /** @throws chain_unreachable, store_failed */
  static async create(options: ChainWatchOptions): Promise<ChainWatch> {
    const { chainId, provider, node, finality, appointments, closes, range } = options;
    const hubs = options.hubs.map((hub) =>
      HubWatch.create({ domain: { chainId, hub }, provider, node, finality, appointments, closes, range }),
    );
    return new ChainWatch(await Promise.all(hubs), options);
  }

  get chainId(): bigint {
    return this.options.chainId;
  }

  get systems(): readonly Address[] | undefined {
    return this.options.systems;
  }

  /** Of the latest block, in Unix seconds. */
  get time(): bigint {
    return this.hubs.map(({ time }) => time).reduce((latest, time) => (time > latest ? time : latest), 0n);
  }

  /**
   * Whether every key that pays for gas could sign now.
   * @throws signer_unavailable, signer_refused
   */
  async requireKeys(): Promise<void> {
    await Promise.all(this.options.gasKeys.map((key) => key.requireReady()));
  }

  /** Looks again and again until it is stopped. */
  start(): void {
    const { provider, interval, onTrouble } = this.options;
    const repeating = (this.repeating ??= new Repeating(() => this.look(), interval, onTrouble));
    this.stopHearing ??= provider.onHead?.(() => repeating.wake());
  }

  async stop(): Promise<void> {
    this.stopHearing?.();
    await this.repeating?.stop();
  }

  /**
   * Takes in the chain, and brings on the way what is due.
   * @throws chain_unreachable, nodes_disagree, chain_rewritten, store_failed
   */
  async look(): Promise<void> {
    for (const hub of this.hubs) await hub.look();
    const dues = (await Promise.all(this.hubs.map((hub) => hub.due()))).flat();
    await this.tasks.set(dues);
    await this.outbox.look();
    this.lookedAt = Date.now();
  }
}
