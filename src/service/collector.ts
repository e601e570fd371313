import type { HubClient } from "../chain";
import type { Outbox } from "../chain/outbox";
import type { AccountService } from "./accountService";

/** What a collector is made of. */
export interface CollectorOptions {
  readonly service: Pick<AccountService, "identity" | "assets">;
  readonly hub: HubClient;
  readonly outbox: Pick<Outbox, "put" | "open">;
}

/** Seconds between two looks at what is owed: tokens seldom refuse. */
const EVERY = 600n;

/** Collects what tokens refused to pay to the system, once they take it (section 2, owed payouts). */
export class Collector {
  private next = 0n;

  constructor(private readonly options: CollectorOptions) {}

  /**
   * Looks from time to time whether something is owed, and can be had.
   * @param now the latest block's time, in Unix seconds
   * @throws chain_unreachable, store_failed
   */
  async look(now: bigint): Promise<void> {
    if (now < this.next) return;
    const { service, hub, outbox } = this.options;
    const { system } = service.identity;
    const open = await outbox.open(system);
    for (const { token } of service.assets()) {
      const name = `owed:${system}:${token}:`;
      if (open.some(({ key }) => key.startsWith(name))) continue;
      const call = await hub.collectable(token, system);
      if (call !== undefined) await outbox.put(`${name}${now}`, { ...call, deadline: null }, system);
    }
    this.next = now + EVERY;
  }
}
