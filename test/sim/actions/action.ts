import type { Random } from "../../../scripts/torture/random";
import type { Address, Hash, SignedInvoice } from "../../../src/protocol";
import type { Customer } from "../customer";
import type { Order } from "../orders";
import { pick } from "../pick";
import type { World } from "../world";

/** Something that the driver can let happen. */
export interface Action {
  /** How often, in relation to the others, as things stand; 0 where it cannot happen. */
  weight(world: World): number;
  /** @returns what the trace says of it */
  perform(world: World, random: Random): Promise<string> | string;
}

/** Wallet calls under way at once at most. */
const AT_ONCE = 3;
const HOUR = 3_600n;

/** A customer that can do something more, if there is one. */
function idle(world: World, random: Random, fits: (customer: Customer) => boolean = () => true): Customer | undefined {
  const free = world.customers.filter((one) => one.isAlive && one.doing < AT_ONCE && fits(one));
  return free.length === 0 ? undefined : pick(free, random);
}

/** An action of a customer's own will. */
export function byCustomer(
  often: number,
  act: (customer: Customer, world: World, random: Random) => string,
  fits?: (customer: Customer) => boolean,
): Action {
  return {
    weight: () => often,
    perform: (world, random) => {
      const customer = idle(world, random, fits);
      return customer === undefined ? "nobody can" : `${customer.name} ${act(customer, world, random)}`;
    },
  };
}

export function amountOf(random: Random): bigint {
  return BigInt(random.chance(0.05) ? random.between(500, 5_000) : random.between(1, 60));
}

export function transfer(from: Address, world: World, random: Random): Order {
  const others = world.accounts.filter(({ address }) => address !== from);
  const { address: to } = pick(others, random);
  const via = world.between(from, to);
  return world.stage.orders.add({ type: "transfer", from, to, amount: amountOf(random), fee: 0n, via });
}

/** An invoice of somebody else, the newest more often than others. */
export function payable({ invoices, stage }: World, from: Address, random: Random): SignedInvoice | undefined {
  const others = invoices.filter(({ invoice }) => invoice.account !== from && invoice.expiry + HOUR > stage.time);
  return others.length === 0 ? undefined : pick(others.slice(-4), random);
}

/** Whoever pays an invoice again offers the same fee again; to another system without one. */
export function lockOrder(world: World, from: Address, { invoice }: SignedInvoice): Order {
  const { account: to, amount, hash } = invoice;
  const via = world.between(from, to);
  const fee = via === undefined ? feeOf(hash, from) : 0n;
  return world.stage.orders.add({ type: "lock", from, to, amount, fee, via }, hash);
}

function feeOf(hash: Hash, from: Address): bigint {
  return BigInt((hash.charCodeAt(5) + from.charCodeAt(7)) % 3);
}
