import { keccakText, type Address, type Hash } from "../../src/protocol";
import type { LedgerEvent } from "../../src/engine";
import { Violation } from "./violation";

/** The routers of the payer's system and of the payee's, where those are two. */
export interface Via {
  readonly source: Address;
  readonly target: Address;
}

/** What somebody asked for, and what it was told. */
export interface Order {
  readonly type: "issue" | "transfer" | "lock";
  readonly from: Address | null;
  readonly to: Address;
  readonly amount: bigint;
  readonly fee: bigint;
  /** Names it in the system's log: its own mark or, of a lock, the hash. */
  readonly reference: Hash;
  readonly via?: Via | undefined;
  /** `open` until whoever asked knows; what was refused may yet happen, if a message comes late. */
  status: "open" | "done" | "refused";
}

const EVENT = { issue: "money.issued", transfer: "money.transferred", lock: "payment.locked" } as const;

/** The books of the driver: what each party asked for, from which follows what it must have. */
export class Orders {
  private readonly all: Order[] = [];

  /** @param reference of a lock, its hash; else a mark that nothing else has */
  add(order: Omit<Order, "reference" | "status">, reference?: Hash): Order {
    const made: Order = { ...order, reference: reference ?? keccakText(`order ${this.all.length}`), status: "open" };
    this.all.push(made);
    return made;
  }

  /** What an account asked for and does not know the outcome of. */
  openOf(from: Address, type: Order["type"]): readonly Order[] {
    return this.all.filter((one) => one.from === from && one.type === type && one.status === "open");
  }

  /**
   * What everybody must have, by what was asked for and what the log says has happened of it.
   * @throws Violation if something happened that nobody asked for or twice, or did not happen though it was acknowledged
   */
  balances(events: readonly LedgerEvent[]): Map<Address, bigint> {
    const balances = new Map<Address, bigint>();
    const add = (account: Address | null, amount: bigint): void => {
      if (account !== null) balances.set(account, (balances.get(account) ?? 0n) + amount);
    };
    const counted = countByReference(events);
    const sent = this.sentAcross(events);
    for (const order of this.all) {
      const { type, from, to, amount, fee, reference, status, via } = order;
      if (via !== undefined) {
        if (!isPaidAcross(order, via, sent.get(keyOf("sent", reference, from)) ?? [], counted)) continue;
        if (this.first(order) !== order) continue;
        for (const payer of [from, via.target]) add(payer, -amount);
        for (const payee of [via.source, to]) add(payee, amount);
        continue;
      }
      const times = counted.get(keyOf(EVENT[type], reference, from)) ?? 0;
      if (type !== "lock" && times > 1) throw new Violation(`case 25: ${nameOf(order)} happened ${times} times`);
      if (status === "done" && times === 0) throw new Violation(`${nameOf(order)} was acknowledged and is lost`);
      const isPaid = type === "lock" ? counted.get(keyOf("payment.settled", reference, from)) === 1 : times === 1;
      // Who pays an invoice again after it was given back asks twice for the same.
      if (!isPaid || this.first(order) !== order) continue;
      add(from, -amount - fee);
      add(to, amount);
    }
    return balances;
  }

  /** @throws Violation if more was settled under a hash than one payment */
  requireNothingElse(events: readonly LedgerEvent[]): void {
    const known = new Set(this.all.map(({ reference }) => reference));
    const settled = new Set<string>();
    for (const event of events) {
      const { type, reference, system } = event;
      if (type === "payment.settled" && settled.size === settled.add(`${system} ${reference}`).size) {
        throw new Violation(`${reference} is paid twice`);
      }
      const isMoney = (Object.values(EVENT) as string[]).includes(type);
      const isKnown = known.has(reference) || known.has(markOf(event) ?? reference);
      if (isMoney && !isKnown) throw new Violation(`${type} ${reference}: nobody asked for it`);
    }
  }

  private first({ reference, from }: Order): Order {
    return this.all.find((one) => one.reference === reference && one.from === from)!;
  }

  /** The hashes of the locks by which each order to another system was sent there. */
  private sentAcross(events: readonly LedgerEvent[]): Map<string, Hash[]> {
    const sent = new Map<string, Hash[]>();
    for (const { reference, from, via } of this.all)
      if (via !== undefined) sent.set(keyOf("sent", reference, from), []);
    for (const event of events) {
      if (event.type !== "payment.locked") continue;
      for (const reference of [event.reference, markOf(event)!]) {
        sent.get(keyOf("sent", reference, event.account))?.push(event.reference);
      }
    }
    return sent;
  }
}

/**
 * Whether a payment has reached the other system.
 * @param hashes of the locks by which it was tried
 * @throws Violation if one of the systems has paid and not the other, or more than once
 */
function isPaidAcross(order: Order, via: Via, hashes: readonly Hash[], counted: Map<string, number>): boolean {
  const { from, type, status } = order;
  const times = (payer: string | null) =>
    hashes.filter((hash) => counted.get(keyOf("payment.settled", hash, payer)) === 1).length;
  const [left, arrived] = [times(from), times(via.target)];
  if (left !== arrived) {
    throw new Violation(`property 6: ${nameOf(order)} left its system ${left} times and arrived ${arrived} times`);
  }
  if (arrived > 1) throw new Violation(`case 25: ${nameOf(order)} happened ${arrived} times`);
  const isKept = type === "transfer" ? arrived === 1 : hashes.length > 0;
  if (status === "done" && !isKept) throw new Violation(`${nameOf(order)} was acknowledged and is lost`);
  return arrived === 1;
}

function markOf(event: LedgerEvent): Hash | undefined {
  return event.type === "payment.locked" ? (event as LedgerEvent<"payment.locked">).data.mark : undefined;
}

function countByReference(events: readonly LedgerEvent[]): Map<string, number> {
  const counted = new Map<string, number>();
  for (const { type, reference, account, party } of events) {
    const from = type === "payment.settled" ? party : type === "money.issued" ? null : account;
    const key = keyOf(type, reference, from);
    counted.set(key, (counted.get(key) ?? 0) + 1);
  }
  return counted;
}

function keyOf(type: string, reference: Hash, from: string | null): string {
  return `${type} ${reference} ${from ?? ""}`;
}

function nameOf({ type, from, to, amount, reference }: Order): string {
  return `${type} of ${amount} from ${from ?? "the system"} to ${to} (${reference})`;
}
