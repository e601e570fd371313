import { fail } from "../../errors";
import type { Address, ChannelId } from "../../protocol";
import * as wire from "../../wire";
import type { Services } from "../services";
import { concerning, NOTHING, requireAccess, type Caller, type Concern } from "./auth";

/** What a list is about: the account and token that are asked for, else any. */
export const ASKED_FOR = concerning("query", wire.recordQuery.partial(), ({ account, token }): Concern => {
  return { accounts: account && [account], tokens: token && [token] };
});

/** Whose accounts a record is of is known when it is found: see {@link requireOneOf}. */
export const LOOKED_FOR = NOTHING;

/**
 * Whose a channel is; where nobody has it, anybody's.
 * @throws not_leader if it may be at another process
 */
export function ofChannel(services: Services, id: ChannelId): Concern {
  const [key] = services.all().flatMap((service) => service.channel(id)?.key ?? []);
  if (key !== undefined) return { accounts: [key.user], tokens: [key.token] };
  return services.areComplete ? {} : fail("not_leader", { channel: id });
}

/**
 * For a record that is found by its id: whoever may read of one of its accounts may read it.
 * @throws unauthorized, forbidden
 */
export function requireOneOf(
  caller: Caller | null,
  scope: wire.Scope,
  accounts: readonly Address[],
  token: Address,
): void {
  const own = accounts.filter((account) => caller?.restrictions.accounts?.includes(account) ?? true);
  requireAccess(caller, scope, { accounts: own.length > 0 ? own : accounts, tokens: [token] });
}
