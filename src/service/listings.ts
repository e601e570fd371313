import type { ListedAsset } from "../chain/assets";
import type { Asset, EventType } from "../engine";
import { StarledgerError } from "../errors";
import { defaultAllotment, type Address } from "../protocol";
import type { AccountService } from "./accountService";
import type { Breaker } from "./breaker";
import type { Services } from "./services";

/** What keeps assets as the hub has them. */
export interface ListingsOptions {
  readonly services: Services;
  /** Reads a listing from the hub; throws `unknown_asset` where there is none. */
  readonly read: (system: Address, token: Address) => Promise<ListedAsset>;
  /** The tokens that a system is configured with. */
  readonly tokensOf: (system: Address) => readonly Address[];
  /** Milliseconds between two looks at the hub. */
  readonly interval: number;
  /** What looks after the backing of what was read; none unless given. */
  readonly breaker?: Breaker;
  /** Told of what went wrong; the next look tries again. */
  readonly onError: (error: unknown) => void;
}

/** What takes from the reserve, adds to it, or mints. */
const PAYOUTS: ReadonlySet<EventType> = new Set<EventType>([
  "withdrawal.settled",
  "deposit.credited",
  "channel.settled",
]);

/** Keeps the assets of all services as the hub lists them: new ones are added, and what may be owed is as the chain says. */
export class Listings {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private isStopped = false;

  constructor(private readonly options: ListingsOptions) {}

  /** Of services whose hub cannot be asked: it lists nothing. */
  static none(services: Services): Listings {
    const read = (system: Address, token: Address) =>
      Promise.reject(new StarledgerError("unknown_asset", { system, token }));
    return new Listings({ services, read, tokensOf: () => [], interval: Infinity, onError: () => undefined });
  }

  /** Looks at the hub again and again until it is stopped. */
  start(): void {
    this.timer ??= setInterval(() => {
      this.looking = this.looking.then(() => this.refreshAll());
    }, this.options.interval);
  }

  /**
   * Takes over one listing as it is now.
   * @throws unknown_asset, chain_unreachable, and what {@link AccountService.submit} throws
   */
  async refresh(service: AccountService, token: Address): Promise<Asset> {
    const { system } = service.identity;
    const { limit, bond, ...terms } = await this.options.read(system, token);
    if (!service.lists(token)) {
      const asset = { system, token, ...terms, allotment: defaultAllotment(terms.decimals), limit };
      await service.submit({ type: "addAsset", asset });
    } else if (service.asset(token).limit !== limit) {
      await service.submit({ type: "setLimit", system, token, limit });
    }
    await this.options.breaker?.checkBacking(service, token, bond);
    return service.asset(token);
  }

  /**
   * Takes over what a service is configured with and does not know yet, and then, without waiting for it, the rest; from
   * then on, whatever a payout or a deposit has changed.
   */
  async takeOver(service: AccountService): Promise<void> {
    for (const token of this.options.tokensOf(service.identity.system)) {
      if (!service.lists(token)) await this.refresh(service, token);
    }
    this.looking = this.looking.then(() => this.refreshService(service));
    service.onEvents((events) => {
      const moved = events.flatMap(({ type, token }) => (PAYOUTS.has(type) && token !== null ? token : []));
      if (moved.length === 0 || this.isStopped) return;
      this.looking = this.looking.then(() => this.refreshTokens(service, moved));
    });
  }

  private async refreshService(service: AccountService): Promise<void> {
    const known = [...service.assets()].map(({ token }) => token);
    await this.refreshTokens(service, [...this.options.tokensOf(service.identity.system), ...known]);
  }

  /** One that cannot be read leaves the others alone. */
  private async refreshTokens(service: AccountService, tokens: readonly Address[]): Promise<void> {
    for (const token of new Set(tokens)) await this.refresh(service, token).catch(this.options.onError);
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    clearInterval(this.timer);
    await this.looking;
  }

  private async refreshAll(): Promise<void> {
    for (const service of this.options.services.all()) await this.refreshService(service);
  }
}
