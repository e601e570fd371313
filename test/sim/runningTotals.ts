import type { LedgerAccount } from "../../src/engine";
import type { Address } from "../../src/protocol";
import type { Store } from "../../src/store";

type Log = Pick<Store["log"], "events">;

/** What the entries of a log come to, by book and account: each question adds what was committed since the one before. */
export class RunningTotals {
  private readonly books = new Map<string, Map<LedgerAccount, bigint>>();
  private readonly read = new Map<Address, bigint>();

  constructor(private readonly log: Log) {}

  async of(system: Address, token: Address): Promise<Map<LedgerAccount, bigint>> {
    const after = this.read.get(system) ?? 0n;
    const events = await this.log.events(system, { after, limit: Number.MAX_SAFE_INTEGER });
    for (const { amount, account, counterparty, token: of } of events) {
      if (amount === null || of === null || account === null || counterparty === null) continue;
      const book = this.book(system, of);
      book.set(account, (book.get(account) ?? 0n) - amount);
      book.set(counterparty, (book.get(counterparty) ?? 0n) + amount);
    }
    this.read.set(system, events.at(-1)?.number ?? after);
    return new Map(this.book(system, token));
  }

  private book(system: Address, token: Address): Map<LedgerAccount, bigint> {
    const key = `${system} ${token}`;
    const book = this.books.get(key) ?? new Map<LedgerAccount, bigint>();
    this.books.set(key, book);
    return book;
  }
}
