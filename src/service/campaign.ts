import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout as delay } from "node:timers/promises";

import type { Address } from "../protocol";
import { DEFAULT_TTL, type Lease, type Store } from "../store";
import type { AccountService } from "./accountService";
import type { Services } from "./services";

/** What it takes to stand for the lead of systems. */
export interface CampaignOptions {
  readonly store: Store;
  /** Holds what is led here. */
  readonly services: Services;
  /** Starts the service of a system that was won. */
  readonly serve: (lease: Lease) => Promise<AccountService>;
  /** Ends what looks after a service, before the service stops. */
  readonly retire?: (service: AccountService) => Promise<void>;
  /** Where the other processes find this one. */
  readonly url: string;
  /** Milliseconds from a leader's last sign of life until another may take over. */
  readonly ttl?: number;
  /** Told of what went wrong in a round; the next one tries again. */
  readonly onError: (error: unknown) => void;
}

/** Milliseconds between two rounds. */
const ROUND = 250;
/** Milliseconds by which a candidate holds back for each system that it leads more than another. */
const COURTESY = 1_000;
/** Milliseconds until it tries again to serve a system that it could not. */
const REST = 5_000;

/**
 * Leads what no other process leads, its fair share of it: a candidate that leads fewer goes first, and one that leads two
 * more than another gives one up. Elections only say who may serve; that nobody else commits is the lease's affair.
 */
export class Campaign {
  private readonly process = `${hostname()}:${process.pid}:${randomBytes(8).toString("hex")}`;
  private readonly ttl: number;
  private readonly ended = new AbortController();
  private readonly resting = new Map<Address, number>();
  private announced = { leading: -1, at: 0 };
  private rounds: Promise<void> = Promise.resolve();

  constructor(private readonly options: CampaignOptions) {
    this.ttl = options.ttl ?? DEFAULT_TTL;
  }

  /** Resolves after the first round; the others follow by themselves. */
  async start(): Promise<void> {
    await this.tryRound();
    this.rounds = this.goOn();
  }

  /** Stands no more; carries out what was accepted, and gives up every lead. */
  async stop(): Promise<void> {
    this.ended.abort();
    await this.rounds;
    await Promise.all(this.options.services.all().map((service) => this.retire(service)));
    await this.options.store.candidates.withdraw(this.process).catch(this.options.onError);
  }

  private async goOn(): Promise<void> {
    try {
      for (;;) {
        await delay(ROUND, undefined, { signal: this.ended.signal });
        await this.tryRound();
      }
    } catch {
      // It stands no more.
    }
  }

  private async tryRound(): Promise<void> {
    try {
      await this.round();
    } catch (error) {
      this.options.onError(error);
    }
  }

  private async round(): Promise<void> {
    const { store, services } = this.options;
    for (const service of services.all()) if (service.hasEnded) await this.retire(service);
    await this.announce();
    const leaderships = new Map((await store.candidates.leaderships()).map((one) => [one.system, one]));
    const freeFor = (system: Address): number => leaderships.get(system)?.freeFor ?? Infinity;
    const free = services.systems.filter((system) => freeFor(system) > 0);
    for (const system of free) {
      const isRested = Date.now() >= (this.resting.get(system) ?? 0);
      if (isRested && freeFor(system) >= (await this.ahead()) * COURTESY) await this.win(system);
    }
    const [oldest] = services.all();
    if (free.length === 0 && oldest !== undefined && (await this.ahead()) > 1) await this.retire(oldest);
  }

  /** How many systems more than the candidate that leads the fewest. */
  private async ahead(): Promise<number> {
    const { store, services } = this.options;
    return services.all().length - (await store.candidates.fewest(services.systems));
  }

  private async win(system: Address): Promise<void> {
    const { store, services, serve, url, onError } = this.options;
    const lease = await store.leases.tryLead(system, { ttl: this.ttl, url });
    if (lease === undefined) return;
    // This process was so slow that it could take over from itself: what looked after the former service would go on.
    const former = services.all().find(({ identity }) => identity.system === system);
    if (former !== undefined) await this.retire(former);
    try {
      services.add(await serve(lease));
    } catch (error) {
      // Another process may fare better.
      this.resting.set(system, Date.now() + REST);
      return onError(error);
    }
    await this.announce();
  }

  /** What was accepted is carried out and answered first. */
  private async retire(service: AccountService): Promise<void> {
    const { services, retire } = this.options;
    services.remove(service);
    await retire?.(service);
    await service.stop();
  }

  /** Says how many systems it leads when that changes, and from time to time that it lives. */
  private async announce(): Promise<void> {
    const { store, services } = this.options;
    const leading = services.all().length;
    const now = Date.now();
    if (leading === this.announced.leading && now - this.announced.at < this.ttl / 3) return;
    await store.candidates.announce(this.process, services.systems, leading, this.ttl);
    this.announced = { leading, at: now };
  }
}
