import type { JsonRpcProvider } from "ethers";

import { encodeReveal, HubClient, type PendingClose } from "../chain";
import type { Task } from "../chain/outbox";
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
import { defend, type Court } from "./defence";

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

/** What a close needs, and what was known when that was found out. */
interface Found {
  /** Of locks that it depends on. */
  readonly hashes: ReadonlySet<Hash>;
  readonly news: string;
  readonly dues: readonly Task[];
}

/** Seconds after which a close is looked at again, though nothing was heard of it. */
const QUIET = 600n;
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
  /** Where the pending sightings of each channel are. */
  private places = new Map<ChannelId, string>();
  /** Hashes whose preimages became public in blocks that are not final. */
  private registered = new Set<Hash>();
  /** What each open close needs. */
  private found = new Map<ChannelId, Found>();

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
  async due(): Promise<Task[]> {
    const dues = await this.dueRegistrations();
    const closes = [...(await this.open()).values()];
    const before = this.found;
    this.found = new Map();
    for (let first = 0; first < closes.length; first += AT_ONCE) {
      const some = closes.slice(first, first + AT_ONCE);
      dues.push(...(await Promise.all(some.map((close) => this.dueOn(close, before.get(close.id))))).flat());
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
      this.hear(one);
      const close = closeOf(one);
      const outcome = OUTCOMES[one.type];
      if (close !== undefined) await closes.add(this.id, close);
      else if (outcome !== undefined && "channelId" in one)
        await appointments.end(this.id, one.channelId, outcome, Date.now());
      else if (one.type === "registered") await appointments.forgetPreimage(this.id, hashOfPreimage(one.preimage));
    }
  }

  /** What it found out before does not hold where this changes something: between two looks it may have become final. */
  private hear(one: Sighting): void {
    if ("channelId" in one) this.found.delete(one.channelId);
    if (one.type !== "registered") return;
    const hash = hashOfPreimage(one.preimage);
    for (const [id, { hashes }] of this.found) if (hashes.has(hash)) this.found.delete(id);
  }

  private onPending({ head, sightings }: PendingBlocks): void {
    this.time = head.time;
    this.pending = sightings;
    this.places = new Map();
    this.registered = new Set();
    for (const one of sightings) {
      if (one.type === "registered") this.registered.add(hashOfPreimage(one.preimage));
      if (!("channelId" in one)) continue;
      const { blockHash, index } = one.at;
      this.places.set(one.channelId, `${this.places.get(one.channelId) ?? ""} ${blockHash}/${index}`);
    }
  }

  /** Nothing is found out again until something is new. */
  private async dueOn(close: PendingClose, before: Found | undefined): Promise<readonly Task[]> {
    const { transaction, block, id } = close;
    const revision = await this.options.appointments.revision(this.id, id);
    if (revision === undefined) return [];
    const heard = [...(before?.hashes ?? [])].filter((hash) => this.registered.has(hash)).length;
    const quiet = `${this.time / QUIET} ${this.places.get(id) ?? ""}`;
    const news = `${transaction} ${block} ${revision} ${heard} ${quiet}`;
    if (before?.news === news) {
      this.found.set(id, before);
      return before.dues;
    }
    const appointed = (await this.options.appointments.of(this.id, id))!;
    const hashes = new Set(appointed.held?.locks.map(({ hash }) => hash));
    const dues = (await defend(this.court, appointed, close, this.time)).map((task) => ({
      ...task,
      name: `${this.id}:${id}:${task.name}`,
    }));
    this.found.set(id, { news, dues, hashes });
    return dues;
  }

  /** U4: what the system has not credited by now is claimed on chain. */
  private async dueRegistrations(): Promise<Task[]> {
    const { registry } = this.court;
    const late: Task[] = [];
    for (const { id, preimage, expiry } of await this.options.appointments.duePreimages(this.id, this.time)) {
      if ((await registry.registeredAt(hashOfPreimage(preimage), "latest")) !== undefined) continue;
      const name = `${this.id}:${id}:preimages:${keccakText(preimage)}`;
      late.push({ name, to: registry.address, data: () => encodeReveal([preimage]), deadline: expiry });
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
