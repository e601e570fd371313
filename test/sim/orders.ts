import { keccakText, type Address, type Hash } from "../../src/protocol";
import type { LedgerEvent } from "../../src/engine";
import type { Beginning } from "./loss/losses";
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
  /** What happened, and the system has lost. */
  private readonly forgotten = new Set<string>();
  /** The hashes of whose preimages everybody may know, paid or not. */
  private readonly shown = new Set<Hash>();

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
   * The system does not know any more that something has happened: whoever was acknowledged it must have it nevertheless (S7).
   * @param has what it knows now: also what it had forgotten before, where its copy is of before an earlier loss
   */
  forget(had: readonly LedgerEvent[], has: readonly LedgerEvent[]): void {
    for (const key of numbersByReference(had).keys()) this.forgotten.add(key);
    for (const key of numbersByReference(has).keys()) this.forgotten.delete(key);
  }

  /** The payee shows the preimage to everybody: whoever is promised money under the hash may claim it, whatever the payee gets. */
  show(hash: Hash): void {
    this.shown.add(hash);
  }

  /** Somebody does not try again what it does not know the outcome of. */
  giveUp(from: Address): void {
    for (const order of this.all) if (order.from === from && order.status === "open") order.status = "refused";
  }

  /**
   * What everybody must have, by what was asked for and what the log says has happened of it.
   * @param begun what those began with who have begun anew after a loss of data, and by which event
   * @throws Violation if something happened that nobody asked for or twice, or did not happen though it was acknowledged
   */
  balances(events: readonly LedgerEvent[], begun: ReadonlyMap<Address, Beginning> = new Map()): Map<Address, bigint> {
    const balances = new Map([...begun].map(([account, { worth }]) => [account, worth]));
    const add = (account: Address | null, amount: bigint, event?: bigint): void => {
      const isBefore = account !== null && event !== undefined && event <= (begun.get(account)?.event ?? 0n);
      if (account !== null && !isBefore) balances.set(account, (balances.get(account) ?? 0n) + amount);
    };
    const numbers = numbersByReference(events);
    const sent = this.sentAcross(events);
    for (const order of this.all) {
      const { type, from, to, amount, fee, reference, status, via } = order;
      if (via !== undefined) {
        const hashes = sent.get(keyOf("sent", reference, from)) ?? [];
        const { left, arrived } = paidAcross(order, via, hashes, numbers, this.shown);
        if (this.first(order) !== order) continue;
        for (const [isPaid, payer, payee] of [[left, from, via.source] as const, [arrived, via.target, to] as const]) {
          if (isPaid) add(payer, -amount);
          if (isPaid) add(payee, amount);
        }
        continue;
      }
      const numbersOf = (what: LedgerEvent["type"]) => numbers.get(keyOf(what, reference, from)) ?? [];
      const happened = numbersOf(EVENT[type]);
      const times = happened.length;
      if (type !== "lock" && times > 1) throw new Violation(`case 25: ${nameOf(order)} happened ${times} times`);
      const isKnown = times > 0 || this.forgotten.has(keyOf(EVENT[type], reference, from));
      if (status === "done" && !isKnown) throw new Violation(`${nameOf(order)} was acknowledged and is lost`);
      const [event, ...others] = type === "lock" ? numbersOf("payment.settled") : happened;
      // Who pays an invoice again after it was given back asks twice for the same.
      if (event === undefined || others.length > 0 || this.first(order) !== order) continue;
      add(from, -amount - fee, event);
      add(to, amount, event);
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
 * Whether a payment has left the payer's system, and reached the other.
 * @param hashes of the locks by which it was tried
 * @param shown those that a payee has shown the preimages of: its system need not have paid it
 * @throws Violation if one of the systems has paid and not the other, or more than once
 */
function paidAcross(order: Order, via: Via, hashes: readonly Hash[], numbers: Numbers, shown: ReadonlySet<Hash>) {
  const { from, type, status } = order;
  const paidBy = (payer: string | null) =>
    hashes.filter((hash) => numbers.get(keyOf("payment.settled", hash, payer))?.length === 1);
  // What its router got for nothing it gives back.
  const left = paidBy(from).filter((hash) => !numbers.has(keyOf("money.refunded", hash, from)));
  const arrived = paidBy(via.target);
  const isUnpaid = left.some((hash) => !arrived.includes(hash) && !shown.has(hash));
  if (isUnpaid || arrived.some((hash) => !left.includes(hash))) {
    const times = `left its system ${left.length} times and arrived ${arrived.length} times`;
    throw new Violation(`property 6: ${nameOf(order)} ${times}`);
  }
  if (left.length > 1) throw new Violation(`case 25: ${nameOf(order)} happened ${left.length} times`);
  const isKept = type === "transfer" ? arrived.length === 1 : hashes.length > 0;
  if (status === "done" && !isKept) throw new Violation(`${nameOf(order)} was acknowledged and is lost`);
  return { left: left.length === 1, arrived: arrived.length === 1 };
}

function markOf(event: LedgerEvent): Hash | undefined {
  return event.type === "payment.locked" ? (event as LedgerEvent<"payment.locked">).data.mark : undefined;
}

/** The numbers of the events of each kind, payer and reference. */
type Numbers = ReadonlyMap<string, readonly bigint[]>;

function numbersByReference(events: readonly LedgerEvent[]): Numbers {
  const numbers = new Map<string, bigint[]>();
  for (const { type, reference, account, counterparty, party, number } of events) {
    const payer = { "payment.settled": party, "money.issued": null, "money.refunded": counterparty };
    const from = type in payer ? payer[type as keyof typeof payer] : account;
    const key = keyOf(type, reference, from);
    numbers.set(key, [...(numbers.get(key) ?? []), number]);
  }
  return numbers;
}

function keyOf(type: string, reference: Hash, from: string | null): string {
  return `${type} ${reference} ${from ?? ""}`;
}

function nameOf({ type, from, to, amount, reference }: Order): string {
  return `${type} of ${amount} from ${from ?? "the system"} to ${to} (${reference})`;
}
