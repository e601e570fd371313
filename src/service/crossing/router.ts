import { NO_LIMITS, type Channel, type Htlc } from "../../engine";
import { fail } from "../../errors";
import { addressOf, toHex, type Address, type Hex } from "../../protocol";
import type { AccountService } from "../accountService";
import type { Forward } from "../../store";
import type { Keystore } from "../keystore";

/** The key of a system's router: always the same, and nobody else's. */
export function routerKey(keystore: Keystore, system: Address): Hex {
  return toHex(keystore.derive(`router of ${system}`));
}

/** The address of a system's router: the account by which money goes to other systems, and comes from them. */
export function routerOf(keystore: Keystore, system: Address): Address {
  return addressOf(routerKey(keystore, system));
}

/**
 * The router's channel in a token, opened when it is first needed; it pays no fees, and no limit of customers holds for it.
 * @throws what {@link AccountService.submit} throws
 */
export async function openRouter(service: AccountService, keystore: Keystore, token: Address): Promise<Channel> {
  const { system } = service.identity;
  const privateKey = routerKey(keystore, system);
  const account = addressOf(privateKey);
  const tokens = [token];
  const open = () => service.channelOf(account, token);
  // Somebody else may be opening it just now.
  const tryTo = (request: Parameters<AccountService["submit"]>[0]) =>
    service.submit(request).catch((error: unknown) => {
      if (open() === undefined) throw error;
    });
  if (!service.hasAccount(account)) await tryTo({ type: "openHostedAccount", privateKey, tokens });
  if (open() === undefined) await tryTo({ type: "openChannels", account, tokens });
  if (service.termsOf(account, token)?.feesWaived !== true) {
    await service.submit({ type: "setAccountTerms", system, token, account, feesWaived: true, limits: NO_LIMITS });
  }
  return open() ?? fail("unknown_channel", { account, token });
}

/** The payer's lock for its system's router that pays for a payment which is to be sent on: as much as that, and as long. */
export function payingLock(
  service: AccountService,
  keystore: Keystore,
  { hash, payer, token, amount, arrives }: Pick<Forward, "hash" | "payer" | "token" | "amount" | "arrives">,
): Htlc | undefined {
  const from = service.channelOf(payer, token)?.id;
  const to = service.channelOf(routerOf(keystore, service.identity.system), token)?.id;
  return service.htlcsUnder(hash).find(({ payer: by, payee, incoming }) => {
    return by === from && payee === to && incoming.amount >= amount && incoming.expiry >= arrives;
  });
}
