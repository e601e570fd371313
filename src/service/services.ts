import { fail } from "../errors";
import type { Address, ChannelId, Hash } from "../protocol";
import type { AccountService } from "./accountService";

/** The account services of one process, each leading a system; an account is at one of them for all its assets. */
export class Services {
  constructor(private readonly services: readonly AccountService[]) {}

  all(): readonly AccountService[] {
    return this.services;
  }

  /** @throws unknown_account */
  of(account: Address): AccountService {
    return this.services.find((service) => service.hasAccount(account)) ?? fail("unknown_account", { account });
  }

  /** @throws unknown_channel */
  ofChannel(id: ChannelId): AccountService {
    const found = this.services.find((service) => service.channel(id) !== undefined);
    return found ?? fail("unknown_channel", { channel: id });
  }

  /** @throws unknown_system */
  ofSystem(system: Address): AccountService {
    return this.services.find(({ identity }) => identity.system === system) ?? fail("unknown_system", { system });
  }

  /**
   * The one that promised somebody money under `hash`.
   * @throws unknown_lock
   */
  ofHash(hash: Hash): AccountService {
    return this.services.find((service) => service.knowsHash(hash)) ?? fail("unknown_lock", { hash });
  }

  /** Where a new account goes: the system with the fewest. */
  forNewAccount(): AccountService {
    return this.services.reduce((least, service) => (service.accountCount < least.accountCount ? service : least));
  }
}
