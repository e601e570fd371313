import { setTimeout as delay } from "node:timers/promises";

import { fail } from "../../errors";
import type { Address } from "../../protocol";
import type { Webhook } from "../../store";
import type { EventLog } from "../eventLog";
import { Deliverer, type DelivererParts } from "./deliverer";

interface Led {
  readonly log: EventLog;
  readonly unsubscribe: () => void;
  /** Resolves when all its endpoints are delivered to. */
  readonly begun: Promise<void>;
}

/** Sees to it that the endpoints of the systems that this process leads are delivered to, each by one deliverer. */
export class Dispatcher {
  private readonly led = new Map<Address, Led>();
  private readonly deliverers = new Map<string, { readonly system: Address; readonly deliverer: Deliverer }>();

  constructor(private readonly parts: Omit<DelivererParts, "log">) {}

  /** Delivers what happens in a system that this process leads, from where each endpoint stands. */
  async serve(system: Address, log: EventLog): Promise<void> {
    const unsubscribe = log.onEvents((events) => {
      for (const one of this.deliverers.values()) if (one.system === system) one.deliverer.hear(events);
    });
    const begun = this.deliverAll(system, log, () => this.parts.store.of(system));
    this.led.set(system, { log, unsubscribe, begun });
    await begun;
  }

  /**
   * Delivers no more of a log: another process leads its system, or this one stops.
   * @param grace milliseconds that attempts under way have left
   */
  async leave(system: Address, log: EventLog, grace = 0): Promise<void> {
    const led = this.led.get(system);
    if (led?.log !== log) return;
    led.unsubscribe();
    this.led.delete(system);
    const left = [...this.deliverers].filter(([, one]) => one.system === system);
    await Promise.all(left.map(([id]) => this.halt(id, grace)));
  }

  async stop(grace: number): Promise<void> {
    await Promise.all([...this.led].map(([system, { log }]) => this.leave(system, log, grace)));
  }

  /** @throws not_leader */
  logOf(system: Address): EventLog {
    return this.led.get(system)?.log ?? fail("not_leader", { system });
  }

  /** Delivers again to an endpoint as it is now. */
  async resume(system: Address, id: string): Promise<void> {
    const log = this.led.get(system)?.log;
    const read = async () => [(await this.parts.store.get(id)) ?? []].flat();
    if (log !== undefined) await this.deliverAll(system, log, read);
  }

  /** Resolves when nothing is begun any more that was read before; at once where the system is not led. */
  async begun(system: Address): Promise<void> {
    await this.led.get(system)?.begun;
  }

  /** Delivers to an endpoint, if it is enabled and its system is led here. */
  deliver(webhook: Webhook): void {
    const { id, system, status } = webhook;
    const log = this.led.get(system)?.log;
    if (log === undefined || status !== "enabled" || this.deliverers.has(id)) return;
    this.deliverers.set(id, { system, deliverer: new Deliverer(webhook, { ...this.parts, log }) });
  }

  /** Resolves when an endpoint is delivered to no more, and what it took is noted. */
  async halt(id: string, grace: number): Promise<void> {
    const found = this.deliverers.get(id);
    this.deliverers.delete(id);
    await found?.deliverer.stop(grace);
  }

  /** Asks for endpoints until the database answers, and delivers to them. */
  private async deliverAll(system: Address, log: EventLog, read: () => Promise<Webhook[]>): Promise<void> {
    do {
      try {
        const webhooks = await read();
        if (this.led.get(system)?.log === log) for (const webhook of webhooks) this.deliver(webhook);
        return;
      } catch {
        await delay(this.parts.policy.first, undefined, { ref: false });
      }
    } while (this.led.get(system)?.log === log);
  }
}
