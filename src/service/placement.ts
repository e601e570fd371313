import { fail } from "../errors";
import type { Address } from "../protocol";
import type { Store } from "../store";
import type { AccountService } from "./accountService";
import type { Services } from "./services";

/** An account that is to be opened. */
export interface Opening {
  /** Null where the service makes the key, and with it the address. */
  readonly address: Address | null;
  readonly tokens: readonly Address[];
  /** The system that the caller names. */
  readonly system?: Address | undefined;
  /** Of whom the request is, with its idempotency key. */
  readonly request: string;
}

/**
 * The system that is to open the account: the one named, else the one with the fewest accounts. What was chosen once stays
 * so, whichever process the same request reaches next: no account is ever opened at two systems.
 * @throws unknown_system, unknown_asset, not_leader, account_exists if it is another system's,
 * idempotency_conflict if the same request named another system before
 */
export async function placementOf(services: Services, store: Store, opening: Opening): Promise<AccountService> {
  const { address, tokens, system: named, request } = opening;
  const chosen = named === undefined ? undefined : services.ofSystem(named);
  const [only, ...others] = services.systems;
  if (only !== undefined && others.length === 0) return services.ofSystem(only);

  const { whereabouts } = store;
  const subject = address ?? request;
  const before = (address && (await whereabouts.ofAccount(address))) ?? (await whereabouts.placeOf(subject));
  const place = async () => {
    const { system } = (chosen ?? services.forNewAccount(tokens)).identity;
    return await whereabouts.place(subject, system);
  };
  const system = before ?? (await place());
  if (named !== undefined && named !== system) {
    if (address === null) fail("idempotency_conflict", { key: request, system });
    fail("account_exists", { account: address, system });
  }
  return services.ofSystem(system);
}
