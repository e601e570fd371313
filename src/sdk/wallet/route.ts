import { fail, StarledgerError } from "../../errors";
import {
  checkRoute,
  hashInvoice,
  payerExpiry,
  type Hash,
  type LockOrder,
  type RefundOrder,
  type Route,
  type RouteOrder,
} from "../../protocol";
import type { Core } from "./core";
import type { Proposals } from "./proposals";
import { asError } from "./refusals";

/** The payee has no account of this system. */
export function isElsewhere(error: unknown): boolean {
  return error instanceof StarledgerError && error.code === "unknown_account";
}

/**
 * Pays an account of another system: locks for the router of its own what the system's signed word says that it brings
 * there (section 8). Resolves with the hash once the lock is complete and the service has been told of it.
 * @throws unknown_account, wrong_route, wrong_signer, hash_used, bad_expiry, and what a payment and the service refuse with
 */
export async function payByRoute(core: Core, proposals: Proposals, order: LockOrder, maxFee?: bigint): Promise<Hash> {
  const { memory } = core;
  const route = await routeFor(core, order);
  const { hash, amount, expiry, account: to } = route.invoice;
  if (memory.locks.hasPaid(hash)) fail("hash_used", { hash });
  const reference = order.type === "invoice" ? hashInvoice(order.signed.invoice) : order.reference;
  const until = payerExpiry(expiry, core.margin, core.now());
  await memory.record({ type: "routed", routed: { order, route } });
  await proposals.transact([{ type: "lock", to, amount, fee: 0n, hash, expiry: until, reference }], maxFee);
  await sendOn(core);
  return hash;
}

/**
 * Gives back what an account of another system has paid: to the router of its own, by the system's signed word that it goes
 * to that account.
 * @throws unknown_payment, wrong_refund, wrong_route, wrong_signer, and what a refund is refused with
 */
export async function refundByRoute(core: Core, proposals: Proposals, order: RefundOrder): Promise<void> {
  const route = await routeFor(core, order);
  await core.memory.record({ type: "routed", routed: { order, route } });
  const { amount, payment, reference } = order;
  await proposals.transact([{ type: "refund", to: route.invoice.account, amount, payment, reference }]);
}

/** The system's word, checked. */
async function routeFor(core: Core, order: RouteOrder): Promise<Route> {
  const { options, separator, id } = core;
  const account = order.type === "invoice" ? order.signed.invoice.account : order.to;
  const route = (await options.api.routes?.find(id, order)) ?? fail("unknown_account", { account });
  await core.requireSystem(checkRoute(separator, order, options.channel.token, route));
  return route;
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
