import { setTimeout as delay } from "node:timers/promises";

import { fail } from "../errors";
import type { Address } from "../protocol";
import { Lease, type LeaseOptions } from "./lease";
import type { Query } from "./query";

/** How often a process asks whether a lease is free, in milliseconds. */
const POLL = 250;

/** The leases that this process holds or waits for. */
export class Leases {
  private readonly awaited = new Set<Promise<Lease>>();
  private readonly held = new Set<Lease>();
  private hasEnded = false;

  constructor(
    private readonly query: Query,
    private readonly now: string,
  ) {}

  /**
   * Waits until no other process leads the system, and leads it.
   * @throws stopped, when the store is closed meanwhile
   */
  lead(system: Address, options: LeaseOptions = {}): Promise<Lease> {
    const awaited = this.waitForLead(system, options);
    this.awaited.add(awaited);
    return awaited.finally(() => this.awaited.delete(awaited));
  }

  /** Leads the system if no other process does. */
  async tryLead(system: Address, options: LeaseOptions = {}): Promise<Lease | undefined> {
    const lease = await Lease.acquire(this.query, this.now, system, options);
    if (lease === undefined) return undefined;
    this.held.add(lease);
    lease.over.addEventListener("abort", () => this.held.delete(lease));
    return lease;
  }

  /** How many it holds. */
  get count(): number {
    return this.held.size;
  }

  /** Gives up every lease, and waits for none any more. */
  async end(): Promise<void> {
    this.hasEnded = true;
    await Promise.allSettled(this.awaited);
    await Promise.all([...this.held].map((lease) => lease.release()));
  }

  private async waitForLead(system: Address, options: LeaseOptions): Promise<Lease> {
    while (!this.hasEnded) {
      const lease = await this.tryLead(system, options);
      if (lease !== undefined) return lease;
      await delay(POLL);
    }
    return fail("stopped");
  }
}
