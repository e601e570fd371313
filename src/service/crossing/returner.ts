import type { LedgerEvent } from "../../engine";
import type { Hash } from "../../protocol";
import type { Return, Store } from "../../store";
import type { AccountService } from "../accountService";
import type { Keystore } from "../keystore";
import { routerOf } from "./router";

/** More refunds of one payment than anybody makes. */
const MANY = 10_000;

/**
 * Refunds of payments from other systems: the payee gives the money back to its system's router, and the router of the payer's
 * system gives as much back to the payer. The log of the one tells what is due, that of the other what is done.
 */
export class Returner {
  private isDue = true;
  private readonly unfollow: () => void;

  constructor(private readonly options: { service: AccountService; store: Store; keystore: Keystore }) {
    const follow = (events: readonly LedgerEvent[]): void => {
      if (events.some(({ type }) => type === "money.refunded")) this.isDue = true;
    };
    this.unfollow = options.service.announcements.events.add("events", follow);
  }

  stop(): void {
    this.unfollow();
  }

  /** Notes what was refunded here to the router. */
  async note(): Promise<void> {
    if (!this.isDue) return;
    this.isDue = false;
    try {
      await this.noteAll();
    } catch (error) {
      this.isDue = true;
      throw error;
    }
  }

  private async noteAll(): Promise<void> {
    const { service, store, keystore } = this.options;
    const { system } = service.identity;
    const account = routerOf(keystore, system);
    for (let after = await store.returns.last(system); ;) {
      const found = await store.log.events(system, { types: ["money.refunded"], account, after, limit: 100 });
      for (const { number, reference: hash, counterparty, amount, data } of found as LedgerEvent<"money.refunded">[]) {
        after = number;
        const forward = await store.forwards.find(hash);
        if (counterparty !== account || forward?.target !== system || amount === null) continue;
        await store.returns.note({ system, number, hash, source: forward.source, amount, mark: data.mark });
      }
      if (found.length === 0) return;
    }
  }

  /** What is on its way to payers of this system. */
  open(): Promise<Return[]> {
    return this.options.store.returns.open(this.options.service.identity.system);
  }

  /**
   * Gives it back to the payer, once; those of one payment in their order, by which it is known which of them is done.
   * @throws what the refund is refused with, for now
   */
  async giveBack(due: Return): Promise<void> {
    const { service, store, keystore } = this.options;
    const payee = routerOf(keystore, service.identity.system);
    const { hash: payment, amount, mark: reference } = due;
    const before = (await store.returns.rank(due)) - 1;
    const done = await this.refundsOf(payment);
    if (done < before) return;
    if (done === before) await service.submit({ type: "refund", payment, payee, amount, reference });
    await store.returns.end(due);
  }

  /** How many refunds of a payment the router has made. */
  private async refundsOf(payment: Hash): Promise<number> {
    const { service, store, keystore } = this.options;
    const { system } = service.identity;
    const query = { types: ["money.refunded"], references: [payment], limit: MANY } as const;
    const account = routerOf(keystore, system);
    return (await store.log.events(system, query)).filter((event) => event.account === account).length;
  }
}
