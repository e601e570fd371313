import type { PendingClose } from "../chain";
import type { ItemStatus } from "../chain/outbox";
import { Repeating } from "../chain/repeating";
import { fail, type StarledgerError } from "../errors";
import { channelId, DEFAULT_LOCK_POLICY, type Address, type ChannelId, type Domain, type Hash } from "../protocol";
import type { Database } from "../store";
import type { OutboxItems } from "../store/outboxItems";
import { hex } from "../store/query";
import type { Appointed, Handover } from "./appointed";
import type { Appointments } from "./appointments";
import type { ChainWatch } from "./chainWatch";
import type { Closes } from "./closes";
import type { HubWatch } from "./hubWatch";
import { verify } from "./verify";

/** What a tower is made of. */
export interface TowerOptions {
  readonly database: Database;
  readonly appointments: Appointments;
  readonly closes: Closes;
  readonly items: OutboxItems;
  readonly chains: readonly ChainWatch[];
  /** The least share of a forfeit that it works for, in hundredths of a per cent. */
  readonly leastShare: number;
  /** Channels of one user at most. */
  readonly quota: number;
  /** Milliseconds for which an epoch that is over is kept. */
  readonly keep: number;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly onTrouble: (error: StarledgerError) => void;
}

/** Something that was sent for a channel. */
export interface Sent {
  readonly shown: "state" | "note" | "preimages";
  readonly status: ItemStatus;
  readonly transaction: Hash | null;
}

/** What a tower tells of a channel. */
export interface Report {
  readonly domain: Domain;
  readonly appointed: Appointed;
  readonly close: PendingClose | undefined;
  readonly answers: readonly Sent[];
}

/** Milliseconds since the last look after which a chain counts as not watched. */
const BLIND = 300_000;
/** Milliseconds between two looks for what is over for long. */
const PRUNING = 600_000;

/** Keeps what users hand over, tells them of it, and watches their channels with it. */
export class Tower {
  private pruning: Repeating | undefined;

  constructor(private readonly options: TowerOptions) {}

  get chains(): readonly ChainWatch[] {
    return this.options.chains;
  }

  get leastShare(): number {
    return this.options.leastShare;
  }

  get quota(): number {
    return this.options.quota;
  }

  /**
   * Takes what is newer than what it has, once all of it is checked.
   * @throws unknown_channel, unknown_system, too_late for an epoch that is over, quota_exceeded, chain_unreachable, and what
   * {@link verify} throws
   */
  async take(domain: Domain, id: ChannelId, handover: Handover, caller: Address): Promise<Report> {
    const { chain, watch } = this.watchOf(domain);
    const { key } = handover;
    if (channelId(key) !== id) fail("unknown_channel", { got: id, want: channelId(key) });
    if (chain.systems !== undefined && !chain.systems.includes(key.system)) fail("unknown_system", { got: key.system });
    const { leastShare, appointments, closes, quota, now } = this.options;
    const seconds = BigInt(Math.floor(now() / 1_000));
    // One that was handed over before is good until it ends.
    const appointment = handover.appointment ?? (await appointments.of(watch.id, id))?.appointment;
    const terms = { address: chain.address, leastShare };
    await verify(watch.hub, domain, { ...handover, appointment }, caller, terms, seconds);
    const onChain = await watch.hub.channel(key);
    if (onChain.epoch > key.epoch) fail("too_late", { epoch: key.epoch, onChain: onChain.epoch });
    if (onChain.epoch < key.epoch) fail("unknown_channel", { epoch: key.epoch, onChain: onChain.epoch });
    await appointments.take(watch.id, handover, quota, DEFAULT_LOCK_POLICY.margin, now());
    // Blocks before the first appointment were read for nobody.
    if (onChain.closing && !(await watch.open()).has(id)) await closes.add(watch.id, await watch.hub.pendingClose(id));
    return await this.report(domain, id, caller);
  }

  /**
   * What it has of a channel, and what became of it; only its owner hears of it.
   * @throws unknown_channel, forbidden
   */
  async report(domain: Domain, id: ChannelId, caller: Address): Promise<Report> {
    const { watch } = this.watchOf(domain);
    const appointed = await this.options.appointments.of(watch.id, id);
    if (appointed === undefined) return fail("unknown_channel", { channel: id });
    const { user } = appointed.key;
    if (caller !== user && caller !== (await watch.hub.userSigner(id))) fail("forbidden", { caller });
    return await this.reportOn(watch, appointed);
  }

  /** What it has of an account. */
  async reports(owner: Address): Promise<Report[]> {
    const all = await this.options.appointments.ofOwner(owner);
    const watches = new Map(this.chains.flatMap(({ hubs }) => hubs).map((watch) => [watch.id, watch]));
    return await Promise.all(
      all.flatMap(({ hub, appointed }) => {
        const watch = watches.get(hub);
        return watch === undefined ? [] : [this.reportOn(watch, appointed)];
      }),
    );
  }

  /**
   * Whether it sees its chains, its keys sign, and its database answers.
   * @throws chain_unreachable, signer_unavailable, signer_refused, store_failed
   */
  async requireReady(): Promise<void> {
    const now = this.options.now();
    for (const { chainId, lookedAt } of this.chains) {
      if (lookedAt === undefined || lookedAt + BLIND < now) fail("chain_unreachable", { chainId, since: lookedAt });
    }
    await Promise.all(this.chains.map((chain) => chain.requireKeys()));
    await this.options.appointments.count();
  }

  start(): void {
    for (const chain of this.chains) chain.start();
    this.pruning ??= new Repeating(() => this.prune(), PRUNING, this.options.onTrouble);
  }

  /**
   * Forgets what is over for long, and what was sent for it.
   * @throws store_failed
   */
  async prune(): Promise<void> {
    const { appointments, items, keep, now } = this.options;
    for (const { hub, id } of await appointments.endedBefore(now() - keep)) {
      await items.forget(`${hub}:${id}:`);
      await appointments.forget(hub, id);
    }
  }

  /** Resolves when what is under way has ended. */
  async stop(): Promise<void> {
    await Promise.all([this.pruning?.stop(), ...this.chains.map((chain) => chain.stop())]);
  }

  private async reportOn(watch: HubWatch, appointed: Appointed): Promise<Report> {
    const close = (await watch.open()).get(appointed.id);
    return { domain: watch.domain, appointed, close, answers: await this.sentFor(watch.id, appointed.id) };
  }

  private async sentFor(hub: Hash, id: ChannelId): Promise<Sent[]> {
    const sql = `SELECT o.key, o.status, o.mined,
        (SELECT hash FROM outbox_attempts a WHERE a.item = o.id ORDER BY number DESC LIMIT 1) AS last
      FROM outbox o WHERE o.key LIKE $1 ORDER BY o.id`;
    const rows = await this.options.database.query(sql, `${hub}:${id}:%`);
    return rows.map((row) => {
      const transaction = row["mined"] ?? row["last"];
      return {
        shown: (row["key"] as string).split(":")[2] as Sent["shown"],
        status: row["status"] as ItemStatus,
        transaction: transaction === null ? null : (hex(transaction) as Hash),
      };
    });
  }

  private watchOf({ chainId, hub }: Domain): { chain: ChainWatch; watch: HubWatch } {
    for (const chain of this.chains) {
      const watch = chain.hubs.find(({ domain }) => domain.hub === hub);
      if (chain.chainId === chainId && watch !== undefined) return { chain, watch };
    }
    return fail("unknown_channel", { chainId, hub, reason: "this hub is not watched" });
  }
}
