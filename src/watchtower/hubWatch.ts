import type { JsonRpcProvider } from "ethers";

import { encodeReveal, HubClient, type PendingClose } from "../chain";
import {
  Watcher,
  type ChainNode,
  type Cursor,
  type FinalBlocks,
  type Finality,
  type PendingBlocks,
  type Sighting,
} from "../chain/watch";
import {
  domainSeparator,
  hashOfPreimage,
  keccakText,
  type ChannelId,
  type Domain,
  type Hash,
  readDispute,
} from "../protocol";
import type { Outcome } from "./appointed";
import type { Appointments } from "./appointments";
import type { Closes } from "./closes";
import { defend, type Court, type Due } from "./defence";

/** A hub that a tower watches. */
export interface HubWatchOptions {
  readonly domain: Domain;
  readonly provider: JsonRpcProvider;
  readonly node: ChainNode;
  readonly finality: Finality;
  readonly appointments: Appointments;
  readonly closes: Closes;
  /** Blocks that the node is asked about at once. */
  readonly range: number | undefined;
}

/** Seconds after which a close that needed nothing is looked at again, though nothing was heard of it. */
const QUIET = 60n;
/** Preimages in one transaction, and disputes that are looked into at once. */
const AT_ONCE = 100;

const OUTCOMES: Readonly<Partial<Record<Sighting["type"], Outcome>>> = {
  settled: "settled",
  closed: "agreed",
  penalised: "penalised",
};

/** Sees every close of a hub in which there is an appointment, and knows what to show for it. */
export class HubWatch {
  /** Of the latest block, in Unix seconds. */
  time = 0n;
  /** The last final block. */
  final: number;
  private pending: readonly Sighting[] = [];
  private readonly quiet = new Map<ChannelId, string>();

  private readonly watcher: Watcher;

  private constructor(
    private readonly options: HubWatchOptions,
    /** The hub's domain separator: no other has it. */
    readonly id: Hash,
    private readonly court: Court,
    cursor: Cursor | { readonly block: number },
  ) {
    this.final = cursor.block;
    const { node, finality, closes, range } = options;
    this.watcher = new Watcher({
      node,
      contracts: [court.hub.address, court.registry.address],
      finality,
      cursor,
      onFinal: (blocks) => this.onFinal(blocks),
      keep: async (next) => {
        await closes.keepCursor(id, next);
        this.final = next.block;
      },
      onPending: (blocks) => Promise.resolve(this.onPending(blocks)),
      ...(range !== undefined && { range }),
    });
  }

  /**
   * Goes on where the store says that it was; a hub that was never watched, from its last final block on.
   * @throws chain_unreachable, store_failed
   */
  static async create(options: HubWatchOptions): Promise<HubWatch> {
    const { domain, provider, node, finality, closes, range } = options;
    const id = domainSeparator(domain);
    const hub = new HubClient(domain.hub, provider);
    const registry = await hub.registry();
    const cursor = (await closes.cursor(id)) ?? { block: await finalBlock(node, finality) };
    return new HubWatch(options, id, { hub, registry, range }, cursor);
  }

  get domain(): Domain {
    return this.options.domain;
  }

  get hub(): HubClient {
    return this.court.hub;
  }

  /**
   * Takes in what the chain says.
   * @throws chain_unreachable, nodes_disagree, chain_rewritten, store_failed
   */
  look(): Promise<void> {
    return this.watcher.look();
  }

  /**
   * What is to be sent now, for closes and for locks that run out.
   * @throws chain_unreachable, store_failed
   */
  async due(): Promise<Due[]> {
    const dues = await this.dueRegistrations();
    const closes = [...(await this.open()).values()];
    for (let first = 0; first < closes.length; first += AT_ONCE) {
      const some = closes.slice(first, first + AT_ONCE);
      dues.push(...(await Promise.all(some.map((close) => this.dueOn(close)))).flat());
    }
    return dues;
  }

  /** The closes that are pending, final or not, in channels that there may be an appointment of. */
  async open(): Promise<Map<ChannelId, PendingClose>> {
    const open = new Map((await this.options.closes.of(this.id)).map((close) => [close.id, close]));
    for (const one of this.pending) {
      const close = closeOf(one);
      if (close !== undefined) open.set(close.id, close);
      else if (one.type in OUTCOMES && "channelId" in one) open.delete(one.channelId);
    }
    return open;
  }

  private async onFinal({ sightings }: FinalBlocks): Promise<void> {
    const { appointments, closes } = this.options;
    for (const one of sightings) {
      const close = closeOf(one);
      const outcome = OUTCOMES[one.type];
      if (close !== undefined) await closes.add(this.id, close);
      else if (outcome !== undefined && "channelId" in one) await appointments.end(this.id, one.channelId, outcome);
      else if (one.type === "registered") await appointments.forgetPreimage(this.id, hashOfPreimage(one.preimage));
    }
  }

  private onPending({ head, sightings }: PendingBlocks): void {
    this.time = head.time;
    this.pending = sightings;
  }

  /** What needed nothing is left alone until something is new. */
  private async dueOn(close: PendingClose): Promise<Due[]> {
    const appointed = await this.options.appointments.of(this.id, close.id);
    if (appointed === undefined || appointed.outcome !== undefined) return [];
    const heard = this.pending.filter((one) => "channelId" in one && one.channelId === close.id);
    const places = heard.map(({ at }) => `${at.blockHash}/${at.index}`).join();
    const news = `${close.transaction} ${close.block} ${appointed.revision} ${places} ${this.time / QUIET}`;
    if (this.quiet.get(close.id) === news) return [];
    const dues = await defend(this.court, appointed, close, this.time);
    if (dues.length === 0) this.quiet.set(close.id, news);
    else this.quiet.delete(close.id);
    return dues.map(({ name, call }) => ({ name: `${this.id}:${close.id}:${name}`, call }));
  }

  /** U4: what the system has not credited by now is claimed on chain. */
  private async dueRegistrations(): Promise<Due[]> {
    const { registry } = this.court;
    const late: Due[] = [];
    for (const { id, preimage, expiry } of await this.options.appointments.duePreimages(this.id, this.time)) {
      if ((await registry.registeredAt(hashOfPreimage(preimage), "latest")) !== undefined) continue;
      const call = { to: registry.address, data: encodeReveal([preimage]), value: 0n, deadline: expiry };
      late.push({ name: `${this.id}:${id}:preimages:${keccakText(preimage)}`, call });
    }
    return late;
  }
}

function closeOf(one: Sighting): PendingClose | undefined {
  if (one.type !== "closing") return undefined;
  const { channelId: id, record, at } = one;
  return { id, record, judged: readDispute(record), block: at.block, transaction: at.transaction };
}

/** @throws chain_unreachable */
async function finalBlock(node: ChainNode, finality: Finality): Promise<number> {
  if (finality === "finalized") return (await node.header("finalized"))?.number ?? 0;
  return Math.max(0, ((await node.header("latest"))?.number ?? 0) - finality.confirmations);
}
