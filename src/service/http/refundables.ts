import { z } from "zod";

import type { LedgerEvent, Refundable } from "../../engine";
import { fail } from "../../errors";
import { numberOfPayment, paymentReference, type Address, type ChannelId, type Hash } from "../../protocol";
import type { Forward, Store } from "../../store";
import * as wire from "../../wire";
import { Payments, type PaymentId } from "../payments";
import type { Services } from "../services";
import { customerOf } from "./records";

/** A payment that was named. */
export type Located = Pick<Refundable, "system" | "payment" | "payee" | "payer" | "token">;

/**
 * What an id names that can be given back.
 * @throws unknown_payment, unknown_system, not_refundable while a conditional payment is not settled
 */
export async function locate(services: Services, store: Store, id: string): Promise<Located> {
  if (z.safeDecode(wire.paymentId, id).success) return await conditional(services, store, id);
  const named = z.safeDecode(wire.systemLogId, id);
  if (!named.success || named.data.number === 0n) return fail("unknown_payment", { id });
  const { number } = named.data;
  const system = services.known(named.data.system);
  const [found] = await store.refunds.of(system, [paymentReference(system, number)]);
  return found ?? (await sentOn(services, store, system, number)) ?? fail("unknown_payment", { id });
}

/** A transfer to an account of another system, by the event that tells of its lock. */
async function sentOn(services: Services, store: Store, system: Address, number: bigint): Promise<Located | undefined> {
  const only = { after: number - 1n, before: number + 1n, types: ["payment.locked"], limit: 1 } as const;
  const [event] = await store.log.events(system, only);
  const forward = event && (await store.forwards.find(event.reference));
  if (forward?.source !== system || forward.payer !== event?.account) return undefined;
  return crossed(services, forward);
}

/**
 * A payment between systems: it is given back where its payee is.
 * @throws not_refundable while it is not settled, account_closed if its payer's account has ended
 */
function crossed(services: Services, forward: Forward): Located {
  const { target, hash, payee, payer, token, source } = forward;
  if (forward.preimage === null) fail("not_refundable", { hash, status: forward.status });
  const isClosed = services.find(source)?.account(payer).status === "closed";
  if (isClosed) fail("account_closed", { account: payer });
  return { system: target, payment: hash, payee, payer, token };
}

async function conditional(services: Services, store: Store, id: string): Promise<Located> {
  const place = paymentPlace(id);
  const system = services.known((await store.whereabouts.ofChannel(place.payer)) ?? fail("unknown_payment", { id }));
  const found = (await new Payments(store, system).payment(place)) ?? fail("unknown_payment", { id });
  const { htlc, from: payer, to: payee, token } = found;
  const forward = await store.forwards.find(htlc.outgoing.hash);
  const isCrossed = forward?.payer === payer && forward.payee === payee && forward.source !== forward.target;
  if (isCrossed) return crossed(services, forward);
  if (htlc.status !== "settled") fail("not_refundable", { id, status: htlc.status });
  return { system, payment: htlc.outgoing.hash, payee, payer, token };
}

/** The place that a conditional payment's id names. */
export function paymentPlace(id: string): PaymentId {
  const [payer, version, index] = id.split("-") as [string, string, string];
  return { payer: payer.toLowerCase() as ChannelId, version: BigInt(version), index: BigInt(index) };
}

/** The id of the payment that a refund is of. */
export async function refundedId(store: Store, { system, account, reference }: LedgerEvent): Promise<string> {
  const number = numberOfPayment(system, reference);
  if (number !== undefined) return z.encode(wire.systemLogId, { system, number });
  const query = { types: ["payment.locked"], references: [reference], limit: 1_000 } as const;
  const began = (await store.log.events(system, query)) as LedgerEvent<"payment.locked">[];
  const { channelId, version } = began.find(({ party }) => party === account)?.data ?? {};
  if (channelId === undefined || version === undefined) return fail("store_corrupt", { payment: reference });
  const { htlc } = await new Payments(store, system).begunBy(channelId, version, reference);
  return `${channelId}-${version}-${htlc.outgoing.index}`;
}

/** Who is behind the routers on either side of a refund. */
export async function partiesOf(
  store: Store,
  { system, account, counterparty, reference }: LedgerEvent<"money.refunded">,
): Promise<{ readonly from: Address | null; readonly to: Address }> {
  const [from, to] = [account === "redeemed" ? null : customerOf(account), customerOf(counterparty)];
  const forward = await store.forwards.find(reference);
  if (forward?.target === system && forward.payee === from) return { from, to: forward.payer };
  return forward?.source === system && forward.payer === to ? { from: forward.payee, to } : { from, to };
}

/** The name by which a transfer or redemption is refunded. */
export function nameOf({ system, number }: { readonly system: Address; readonly number: bigint }): Hash {
  return paymentReference(system, number);
}
