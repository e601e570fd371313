import { fail } from "../errors";
import type { Address, ChannelId, Hash } from "../protocol";
import type { AccountService } from "./accountService";
import type { Identity } from "./serviceOptions";

/**
 * The account services of one process, each leading a system; an account is at one of them for all its assets. Where several
 * processes share the systems, services come and go, and what is not found here may be at another process.
 */
export class Services {
  private readonly serving = new Map<Address, AccountService>();
  private readonly listeners = new Set<(service: AccountService) => void>();

  /** @param identities of all systems that are configured, whoever leads them */
  constructor(
    services: readonly AccountService[],
    readonly identities: readonly Identity[] = services.map(({ identity }) => identity),
  ) {
    for (const service of services) this.add(service);
  }

  get systems(): Address[] {
    return this.identities.map(({ system }) => system);
  }

  /** Those that this process leads. */
  all(): readonly AccountService[] {
    return [...this.serving.values()];
  }

  /** Serves a system from now on. */
  add(service: AccountService): void {
    this.serving.set(service.identity.system, service);
    for (const listener of this.listeners) listener(service);
  }

  /** Serves it no more. */
  remove(service: AccountService): void {
    const { system } = service.identity;
    if (this.serving.get(system) === service) this.serving.delete(system);
  }

  /** Calls `listener` with every service that there is and that comes, until what is returned is called. */
  onEach(listener: (service: AccountService) => void): () => void {
    this.listeners.add(listener);
    for (const service of this.all()) listener(service);
    return () => void this.listeners.delete(listener);
  }

  /** @throws unknown_account, not_leader if it may be at another process */
  of(account: Address): AccountService {
    const found = this.current().find((service) => service.hasAccount(account));
    return found ?? this.missing("unknown_account", { account });
  }

  /** @throws unknown_channel, not_leader if it may be at another process */
  ofChannel(id: ChannelId): AccountService {
    const found = this.current().find((service) => service.channel(id) !== undefined);
    return found ?? this.missing("unknown_channel", { channel: id });
  }

  /** @throws unknown_system */
  known(system: Address): Address {
    return this.systems.includes(system) ? system : fail("unknown_system", { system });
  }

  /** @throws unknown_system, not_leader if another process leads it */
  ofSystem(system: Address): AccountService {
    return this.find(this.known(system)) ?? fail("not_leader", { system });
  }

  /** The one that leads the system, if it is led here. */
  find(system: Address): AccountService | undefined {
    return this.current().find(({ identity }) => identity.system === system);
  }

  /**
   * The one that promised somebody money under `hash`.
   * @throws unknown_lock, not_leader if it may be at another process
   */
  ofHash(hash: Hash): AccountService {
    return this.current().find((service) => service.knowsHash(hash)) ?? this.missing("unknown_lock", { hash });
  }

  /**
   * Where a new account goes: of the systems that are led here and list all `tokens`, the one with the fewest accounts.
   * @param added accounts that are to be opened besides
   * @throws unknown_asset, not_leader if another process may lead one
   */
  forNewAccount(tokens: readonly Address[], added: ReadonlyMap<AccountService, number> = new Map()): AccountService {
    const fit = this.current().filter((service) => tokens.every((token) => service.lists(token)));
    const [first, ...others] = fit;
    if (first === undefined) {
      const unlisted = tokens.find((token) => !this.current().some((service) => service.lists(token)));
      return this.missing("unknown_asset", { token: unlisted ?? tokens.join(" ") });
    }
    const count = (one: AccountService): number => one.accountCount + (added.get(one) ?? 0);
    return others.reduce((least, one) => (count(one) < count(least) ? one : least), first);
  }

  /** Whether all systems are led here. */
  get areComplete(): boolean {
    return this.current().length === this.systems.length;
  }

  /** Those that no other process can have taken over. */
  private current(): AccountService[] {
    return this.all().filter((service) => !service.mayBeDeposed);
  }

  /**
   * Refuses what was not found here: nobody has it, if all systems are led here.
   * @throws `code`, or not_leader if it may be at another process
   */
  missing(
    code: "unknown_account" | "unknown_channel" | "unknown_lock" | "unknown_asset",
    details: Record<string, string>,
  ): never {
    return fail(this.areComplete ? code : "not_leader", details);
  }
}
