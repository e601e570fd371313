import type { LedgerEvent, Refundable } from "../engine";
import { fromHex, numberOfPayment, type Address, type Hash } from "../protocol";
import { selectEvents, type EventQuery } from "./events";
import { integer, type Query } from "./query";
import { eventOf, ledgerAccountOf } from "./eventRows";

/** What was given back of payments; it is written with the commits that do so. */
export class Refunds {
  constructor(private readonly query: Query) {}

  /** The payments of these names that came to their end, with what was given back of each. */
  async of(system: Address, payments: readonly Hash[]): Promise<Refundable[]> {
    const names = [...new Set(payments)];
    const [sums, found] = await Promise.all([
      this.sums(system, names),
      Promise.all(names.map((payment) => this.paid(system, payment))),
    ]);
    return found.flat().map((one) => ({ ...one, refunded: sums.get(one.payment + one.payee) ?? 0n }));
  }

  /** How much was given back, by a payment's name and its payee behind it. */
  async sums(system: Address, payments: readonly Hash[]): Promise<Map<string, bigint>> {
    if (payments.length === 0) return new Map();
    const names = payments.map((_, i) => `$${i + 2}`).join(", ");
    const sql = `SELECT * FROM refunds WHERE system = $1 AND payment IN (${names})`;
    const rows = await this.query(sql, fromHex(system), ...payments.map((one) => fromHex(one)));
    return new Map(
      rows.map((row) => {
        const payment = `0x${Buffer.from(row["payment"] as Uint8Array).toString("hex")}`;
        return [payment + ledgerAccountOf(row["payee"]), integer(row["amount"])];
      }),
    );
  }

  private async paid(system: Address, payment: Hash): Promise<Omit<Refundable, "refunded">[]> {
    const number = numberOfPayment(system, payment);
    const [ended] = ["payment.settled"] as const;
    const events =
      number === undefined
        ? await this.events(system, { types: [ended], references: [payment], limit: 1_000 })
        : await this.events(system, { types: DIRECT, after: number - 1n, before: number + 1n, limit: 1 });
    return events.map(({ type, account, counterparty, party, token, amount }) => {
      const payer = type === ended ? party : account;
      return { system, payment, payee: counterparty, payer, token, paid: amount } as Omit<Refundable, "refunded">;
    });
  }

  private async events(system: Address, query: EventQuery): Promise<LedgerEvent[]> {
    const { sql, values } = selectEvents(system, query);
    return (await this.query(sql, ...values)).map(eventOf);
  }
}

const DIRECT = ["money.transferred", "money.redeemed"] as const;
