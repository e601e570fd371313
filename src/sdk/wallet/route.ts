import { fail, StarledgerError } from "../../errors";
import { checkRoute, hashInvoice, payerExpiry, type Hash, type RouteOrder } from "../../protocol";
import type { Core } from "./core";
import type { Proposals } from "./proposals";
import { asError } from "./refusals";

/** The payee is of no account of this system. */
export function isElsewhere(error: unknown): boolean {
  return error instanceof StarledgerError && error.code === "unknown_account";
}

/**
 * Pays an account of another system: locks for the router of its own what the system's signed word says that it brings
 * there (section 8). Resolves with the hash once the lock is complete and the service has been told of it.
 * @throws unknown_account, wrong_route, wrong_signer, hash_used, bad_expiry, and what a payment and the service refuse with
 */
export async function payByRoute(core: Core, proposals: Proposals, order: RouteOrder, maxFee?: bigint): Promise<Hash> {
  const { memory, options, separator, id } = core;
  const route = (await options.api.routes?.find(id, order)) ?? fail("unknown_account");
  await core.requireSystem(checkRoute(separator, order, options.channel.token, route));
  const { hash, amount, expiry, account: to } = route.invoice;
  if (memory.locks.hasPaid(hash)) fail("hash_used", { hash });
  const reference = order.type === "invoice" ? hashInvoice(order.signed.invoice) : order.reference;
  const until = payerExpiry(expiry, core.margin, core.now());
  await memory.record({ type: "routed", routed: { order, route } });
  await proposals.transact([{ type: "lock", to, amount, fee: 0n, hash, expiry: until, reference }], maxFee);
  await sendOn(core);
  return hash;
}

/** Tells the service of the locks that its router is to send on, as often as it takes; what it refuses comes back. */
export async function sendOn({ memory, options, id }: Core): Promise<void> {
  for (const { order, route } of memory.routed.unsent()) {
    const { hash } = route.invoice;
    const error = await options.api.routes?.send(id, order, route).catch(asError);
    if (error instanceof StarledgerError && error.retryable) throw error;
    await memory.record({ type: "sentOn", hash });
    if (error !== undefined) throw error;
  }
}
